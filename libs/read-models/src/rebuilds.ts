import { CheckpointLost } from '#kernel/checkpoint.js';
import type { EventBatch } from '#event-store/event-store.js';
import { sameCheckpoint } from './checkpoints.js';
import { hasSources, NoSource } from './feed.js';
import { isMessageProjection, type AnyProjection } from './projection.js';
import { Rebuild, RebuildStopped, type RebuildOptions } from './rebuild.js';
import { whileLocked } from './sql.js';
import type { RebuildProgress } from './standings.js';
import { TopicRebuild } from './topic-rebuild.js';

/** Another process, or another call, is rebuilding the same projection now. */
export class RebuildUnderWay extends Error {
  override readonly name = 'RebuildUnderWay';

  constructor(readonly projection: string) {
    super(`${projection} is being rebuilt already`);
  }
}

/** A rebuild that somebody waits for. */
interface Asked {
  readonly projection: AnyProjection;
  readonly onProgress: (progress: RebuildProgress) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** One whose table this process alone builds. */
interface Begun extends Asked {
  readonly rebuild: Rebuild;
}

/** So many tables take a batch in at once: while the database works for one, another is folded. */
const tablesAtOnce = 2;

/**
 * The rebuilds of one process. Those that are asked for while others run wait for them, and are then filled from one
 * reading of the log before they end one after the other, in the order asked. Each succeeds or fails alone.
 */
export class Rebuilds {
  #waiting: Asked[] = [];
  #running = false;

  constructor(private readonly options: RebuildOptions) {}

  /**
   * Resolves when the table built anew is live. Throws {@link RebuildUnderWay} when another process is at it, `NoSource`,
   * `ProjectionFailed`, `CheckpointMoved`, {@link RebuildStopped}.
   */
  async of(projection: AnyProjection, onProgress: (progress: RebuildProgress) => void): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ projection, onProgress, resolve, reject });
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#waiting.length > 0) {
      const asked = this.#waiting.splice(0);
      // Each is told by itself; what fails here concerns those alone that were not told yet.
      await this.#together(asked).catch((error: unknown) => {
        for (const { reject } of asked) reject(error);
      });
    }
    this.#running = false;
  }

  async #together(asked: readonly Asked[]): Promise<void> {
    const { database, signal } = this.options;
    if (signal.aborted)
      for (const { projection, reject } of asked) reject(new RebuildStopped(projection.name));
    if (signal.aborted) return;
    const lockOf = ({ name }: AnyProjection): string => `read-models rebuild ${name}`;
    await whileLocked(
      database,
      asked.map(({ projection }) => lockOf(projection)),
      async (held) => {
        const ours = asked.filter(({ projection }) => held.has(lockOf(projection)));
        for (const { projection, reject } of asked)
          if (!held.has(lockOf(projection))) reject(new RebuildUnderWay(projection.name));
        await this.#build(ours);
      },
    );
  }

  async #build(asked: readonly Asked[]): Promise<void> {
    const begun: Begun[] = [];
    const elsewhere = asked.filter(({ projection }) => this.#isFedFromElsewhere(projection));
    await each(elsewhere, 1, (one) => this.#buildFromTopics(one));
    await each(without(asked, elsewhere), 1, async (one) => {
      const rebuild = new Rebuild(one.projection, this.options, one.onProgress);
      await rebuild.open();
      begun.push({ ...one, rebuild });
    });
    const filled = await this.#filled(begun);
    await each(filled, 1, async ({ rebuild, resolve }) => {
      await rebuild.finish();
      resolve();
    });
  }

  #isFedFromElsewhere(projection: AnyProjection): boolean {
    return (
      isMessageProjection(projection) &&
      this.options.topics !== undefined &&
      !hasSources(projection, this.options.sources)
    );
  }

  async #buildFromTopics({ projection, onProgress, resolve }: Asked): Promise<void> {
    const { topics, ...options } = this.options;
    if (!topics || !isMessageProjection(projection)) throw new NoSource(projection.name);
    await new TopicRebuild(projection, { ...options, topics }, onProgress).run();
    resolve();
  }

  /** Those that begin at one place read the log together, to its end; which have not failed. */
  async #filled(begun: readonly Begun[]): Promise<readonly Begun[]> {
    const filled = new Set(begun.filter(({ rebuild }) => rebuild.isLevel));
    for (let left = begun.filter((one) => !filled.has(one)); left.length > 0;) {
      const from = left[0]?.rebuild.reached;
      const together = left.filter(({ rebuild }) => sameCheckpoint(rebuild.reached, from));
      left = left.filter((one) => !together.includes(one));
      for (const one of await this.#fill(together)) filled.add(one);
    }
    return begun.filter((one) => filled.has(one));
  }

  async #fill(begun: readonly Begun[]): Promise<readonly Begun[]> {
    let sound = begun;
    try {
      for await (const batch of readAhead(this.#batchesFor(begun))) {
        sound = await each(sound, tablesAtOnce, ({ rebuild }) => rebuild.take(batch));
        if (batch.caughtUp || sound.length === 0) break;
      }
      return sound;
    } catch (error) {
      // That the store was restored each notices by itself, and begins anew.
      if (error instanceof CheckpointLost) return sound;
      for (const { reject } of sound) reject(error);
      return [];
    }
  }

  #batchesFor(begun: readonly Begun[]): AsyncIterable<EventBatch> {
    const { store, batchEventsMax, signal } = this.options;
    const after = begun[0]?.rebuild.reached;
    return store.subscribe({
      consumer: `rebuild of ${String(begun.length)} read models`,
      ...(after && { after }),
      streams: [...new Set(begun.flatMap(({ rebuild }) => rebuild.streams))],
      batchEventsMax,
      signal,
    });
  }
}

function without<One>(all: readonly One[], some: readonly One[]): readonly One[] {
  return all.filter((one) => !some.includes(one));
}

/** Does the work for each, so many at once and begun in order; those for whom it did not fail. Whoever fails is told. */
async function each<One extends Asked>(
  all: readonly One[],
  atOnce: number,
  work: (one: One) => Promise<void>,
): Promise<readonly One[]> {
  const failed = new Set<One>();
  const next = all.values();
  const lane = async (): Promise<void> => {
    for (const one of next)
      await work(one).catch((error: unknown) => {
        failed.add(one);
        one.reject(error);
      });
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return all.filter((one) => !failed.has(one));
}

/** Batches, each read while the one before it is worked on; behind the last one of the log nothing is waited for. */
async function* readAhead(batches: AsyncIterable<EventBatch>): AsyncGenerator<EventBatch> {
  const reader = batches[Symbol.asyncIterator]();
  let ahead: Promise<IteratorResult<EventBatch, unknown>> | undefined;
  try {
    for (;;) {
      const read = await (ahead ?? reader.next());
      if (read.done) return;
      ahead = read.value.caughtUp ? undefined : reader.next();
      ahead?.catch(() => undefined);
      yield read.value;
    }
  } finally {
    await ahead?.catch(() => undefined);
    await reader.return?.();
  }
}
