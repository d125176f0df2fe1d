import { randomUUID } from 'node:crypto';
import { CheckpointMoved } from '#kernel/checkpoint.js';
import type { Message } from '#kernel/message.js';
import { comparePositions, formatPosition } from '#kernel/position.js';
import { TopicCut } from '#kernel/topic-cut.js';
import { foldIntoTable } from './apply.js';
import { pause } from './pause.js';
import { tableOf, type MessageProjection } from './projection.js';
import { RebuildStopped, type RebuildOptions } from './rebuild.js';
import { loadSlots, openSlot, promoteSlot } from './slots.js';
import { inTransaction, lockTimeout, sqlState, type Sql } from './sql.js';
import type { RebuildProgress } from './standings.js';
import { alignIndexes, createTable, swapTables } from './stored-table.js';
import { TopicBehind, type TopicHistory, type TopicReading } from './topic-history.js';
import { afterGap, freshMessages, loadWatermarks, saveWatermarks } from './watermarks.js';

/** What a rebuild from topics works with. */
export type TopicRebuildOptions = Pick<RebuildOptions, 'database' | 'signal'> & {
  readonly topics: TopicHistory;
};

/** Consumers wait for the live table's lock, so that under it the topics are read for so long at most. */
const lockedReadMs = 2_000;

/**
 * Builds the table of a projection whose topics come from other processes: reads the topics from their first message,
 * folds beside the live table, and puts the new one in its place. The live table takes messages all the while but for the
 * last of them, which are read while it is held, so that however many arrive this comes to an end. Always begins anew. Of
 * two at once, though each believes to be alone, the later one goes on and the other writes nothing more.
 */
export class TopicRebuild {
  readonly #startedAtMs = Date.now();
  readonly #build = randomUUID();
  #messages = 0;

  constructor(
    private readonly projection: MessageProjection,
    private readonly options: TopicRebuildOptions,
    private readonly onProgress: (progress: RebuildProgress) => void,
  ) {}

  /** Resolves when the new table is live. Throws {@link TopicBehind}, `TopicCut`, {@link RebuildStopped}, `ProjectionFailed`, `CheckpointMoved`. */
  async run(): Promise<void> {
    const readings: TopicReading[] = [];
    const { schema } = tableOf(this.projection);
    try {
      for (const topic of this.projection.topics)
        readings.push(await this.options.topics.open(topic, schema));
      await this.#begin();
      await this.#read(readings, 'building');
      await this.#read(readings, 'catching-up');
      await this.#index();
      await this.#putInPlace(readings);
      this.#report('swapped');
    } finally {
      await Promise.all(readings.map((reading) => reading.close()));
    }
  }

  async #begin(): Promise<void> {
    await inTransaction(this.options.database, async (sql) => {
      await openSlot(sql, this.projection, 'next', this.#build);
      await createTable(sql, this.projection, 'next');
    });
    this.#report('building');
  }

  async #index(): Promise<void> {
    await inTransaction(this.options.database, async (sql) => {
      await this.#assertBegun(sql);
      await alignIndexes(sql, this.projection, 'next');
    });
  }

  /** To the topics' ends as they are now, or until the signal. */
  async #read(
    readings: readonly TopicReading[],
    phase: RebuildProgress['phase'],
    { signal, within }: Reading = {
      signal: this.options.signal,
      within: (work) => inTransaction(this.options.database, work),
    },
  ): Promise<void> {
    for (const reading of readings) {
      await reading.readOn(async (messages, leftOut) => {
        this.#assertRunning();
        this.#messages += await within((sql) => this.#take(sql, messages, leftOut));
        this.#report(phase);
      }, signal);
      this.#assertRunning();
    }
  }

  /** Rows and watermarks together, each message once, whoever else may be at the same table; how many were new. */
  async #take(sql: Sql, messages: readonly Message[], leftOut: ReadonlySet<string>): Promise<number> {
    const { projection } = this;
    await this.#assertBegun(sql);
    const keys = [...new Set(messages.map(({ key }) => key))];
    const watermarks = await loadWatermarks(sql, [projection], 'next', keys);
    const reached = watermarks.get(projection.name);
    const fresh = freshMessages(messages, reached);
    const gap = afterGap(
      fresh.filter(({ key }) => !leftOut.has(key)),
      reached,
    );
    if (gap) throw cutBefore(gap);
    await foldIntoTable(sql, projection, 'next', fresh);
    await saveWatermarks(sql, 'next', new Map([[projection, fresh]]));
    return fresh.length;
  }

  /**
   * Readers of the live table in long transactions are waited for. What was sent while indexes were made, or while they
   * were waited for, is read before the live table is held.
   */
  async #putInPlace(readings: readonly TopicReading[]): Promise<void> {
    const { database, signal } = this.options;
    for (;;) {
      await this.#read(readings, 'catching-up');
      if (await inTransaction(database, (sql) => this.#swap(sql, readings))) return;
      await pause(500, signal);
      this.#assertRunning();
    }
  }

  /**
   * The live slot is locked first: whatever its table has taken in stands on the topics by then, and it takes no more. All
   * through the one connection, since consumers that wait for the lock may have every other one. Whether it is in place;
   * where it is not, what was read is committed all the same, since nobody reads it again.
   */
  async #swap(sql: Sql, readings: readonly TopicReading[]): Promise<boolean> {
    const { projection } = this;
    await sql(`SET LOCAL lock_timeout = '2s'`);
    if (!(await unlessLocked(sql, () => loadSlots(sql, [projection], 'live', 'lock')))) return false;
    const signal = AbortSignal.any([this.options.signal, AbortSignal.timeout(lockedReadMs)]);
    await this.#read(readings, 'catching-up', { signal, within: (work) => work(sql) });
    if (signal.aborted) return false;
    await this.#assertBegun(sql);
    await this.#assertLevel(sql);
    if (!(await unlessLocked(sql, () => swapTables(sql, projection)))) return false;
    await promoteSlot(sql, projection);
    return true;
  }

  async #assertLevel(sql: Sql): Promise<void> {
    const { projection } = this;
    const live = await loadWatermarks(sql, [projection], 'live');
    const next = (await loadWatermarks(sql, [projection], 'next')).get(projection.name);
    for (const [key, mark] of live.get(projection.name) ?? []) {
      const reached = next?.get(key);
      if (!reached || comparePositions(reached, mark) < 0) throw new TopicBehind(projection.name);
    }
  }

  /**
   * Throws `CheckpointMoved` where another process has put its table in place meanwhile, or builds it: the lock that keeps
   * it out goes with a connection that breaks unnoticed, and what we add to its table would let it drop what comes before.
   */
  async #assertBegun(sql: Sql): Promise<void> {
    const next = (await loadSlots(sql, [this.projection], 'next', 'lock')).get(this.projection.name);
    if (next?.build !== this.#build) throw new CheckpointMoved(this.projection.name);
  }

  #assertRunning(): void {
    if (this.options.signal.aborted) throw new RebuildStopped(this.projection.name);
  }

  #report(phase: RebuildProgress['phase']): void {
    const seconds = Math.max(0.001, (Date.now() - this.#startedAtMs) / 1_000);
    this.onProgress({
      ...{ name: this.projection.name, phase, position: undefined, head: undefined },
      events: this.#messages,
      eventsPerSecond: Math.round(this.#messages / seconds),
    });
  }
}

/** How topics are read on. */
interface Reading {
  readonly signal: AbortSignal;
  readonly within: <T>(work: (sql: Sql) => Promise<T>) => Promise<T>;
}

/** The message that one follows by its key was not on the topic. */
function cutBefore({ topic, position, previous }: Message): TopicCut {
  const before = previous ? formatPosition(previous) : '';
  return new TopicCut(
    topic,
    `does not hold the message of position ${before}, which the one of ${formatPosition(position)} follows`,
  );
}

/** Whether it was done; not where a lock was not to be had in time, and then it is undone alone. Throws any other error. */
async function unlessLocked(sql: Sql, work: () => Promise<unknown>): Promise<boolean> {
  await sql('SAVEPOINT unless_locked');
  try {
    await work();
    return true;
  } catch (error) {
    if (sqlState(error) !== lockTimeout) throw error;
    await sql('ROLLBACK TO SAVEPOINT unless_locked');
    return false;
  }
}
