import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { checkpointOf, inStreams } from '#event-store/batches.js';
import type { Engine } from '#event-store/contract-engine.contract.js';
import {
  WrongExpectedVersion,
  type Appended,
  type EventBatch,
  type EventStore,
  type ExpectedRevision,
  type SubscribeOptions,
} from '#event-store/event-store.js';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import type { Checkpoint } from '#kernel/checkpoint.js';
import type { NewEvent, RecordedEvent } from '#kernel/domain-event.js';
import { wholeStream } from './events.js';
import { PassingEventStore } from './passing-event-store.js';

/** Of two appends under way to one stream the second is acknowledged, though only the first was written. */
class LosesOnConflict extends PassingEventStore<InMemoryEventStore> {
  readonly #underWay = new Map<string, Promise<Appended>>();

  override async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<Appended> {
    const rival = this.#underWay.get(stream);
    const mine = delay(0).then(() => super.append(stream, events, expected));
    this.#underWay.set(stream, mine);
    try {
      return await mine;
    } catch (error) {
      if (rival && error instanceof WrongExpectedVersion) return await rival;
      throw error;
    } finally {
      if (this.#underWay.get(stream) === mine) this.#underWay.delete(stream);
    }
  }
}

/** Hands out positions before the commit, and lets subscribers poll for "everything after the last I saw". */
class SkipsLateCommits extends PassingEventStore<InMemoryEventStore> {
  readonly #uncommitted = new Set<string>();
  #appends = 0;

  override async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<Appended> {
    this.#appends += 1;
    const late = this.#appends % 4 === 0 ? events.map(({ id }) => id) : [];
    for (const id of late) this.#uncommitted.add(id);
    try {
      const appended = await super.append(stream, events, expected);
      if (late.length > 0) await delay(4);
      return appended;
    } finally {
      for (const id of late) this.#uncommitted.delete(id);
    }
  }

  override async *subscribe(options: SubscribeOptions): AsyncIterable<EventBatch> {
    let after = options.after;
    const { streams, ...unfiltered } = options;
    while (!options.signal.aborted) {
      const batch = await this.#next({ ...unfiltered, ...(after && { after }) });
      const last = batch?.events.at(-1);
      if (batch && last) {
        after = checkpointOf(last);
        const events = batch.events.filter(({ stream }) => inStreams(stream, streams));
        yield { events, checkpoint: after, caughtUp: batch.caughtUp };
      }
      await delay(1);
    }
  }

  async #next(options: SubscribeOptions): Promise<EventBatch | undefined> {
    const head = await this.inner.head();
    if (!head || head.eventId === options.after?.eventId) return undefined;
    for await (const batch of super.subscribe(options))
      return { ...batch, events: batch.events.filter(({ id }) => !this.#uncommitted.has(id)) };
    return undefined;
  }
}

/** Knows an append again only as long as the process lives. */
class ForgetsOutcomes extends PassingEventStore<InMemoryEventStore> {
  readonly #known = new Set<string>();

  override async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<Appended> {
    const stored = await wholeStream(this.inner, stream);
    const forgotten = events.every(
      ({ id }) => !this.#known.has(id) && stored.some((event) => event.id === id),
    );
    for (const { id } of events) this.#known.add(id);
    if (!forgotten || events.length === 0) return super.append(stream, events, expected);
    const doubled = events.map((event) => ({ ...event, id: randomUUID() }));
    return super.append(stream, doubled, stored.length - 1);
  }
}

/** Begins after a restart with the last position given before it. */
class RepeatsPositions extends PassingEventStore<InMemoryEventStore> {
  constructor(
    inner: InMemoryEventStore,
    private readonly before: Checkpoint | undefined,
  ) {
    super(inner);
  }

  override async *subscribe(options: SubscribeOptions): AsyncIterable<EventBatch> {
    for await (const batch of super.subscribe(options))
      yield { ...batch, events: batch.events.map((event) => this.#shifted(event)) };
  }

  #shifted(event: RecordedEvent): RecordedEvent {
    if (!this.before || event.position.number <= this.before.position.number) return event;
    const position = { ...event.position, number: event.position.number - 1 };
    return { ...event, position };
  }
}

/** Compares the revision alone, though it is told which event the writer has seen there. */
class TrustsRevisions extends PassingEventStore<InMemoryEventStore> {
  override append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<Appended> {
    return this.inner.append(stream, events, expected);
  }
}

/** Says how far it is before it hands over what lies before that. */
class MovesFirst extends PassingEventStore<InMemoryEventStore> {
  override async *subscribe(options: SubscribeOptions): AsyncIterable<EventBatch> {
    for await (const batch of super.subscribe(options)) {
      if (options.streams) yield { ...batch, events: [], caughtUp: false };
      yield batch;
    }
  }
}

type Wrap = (inner: InMemoryEventStore, before: Checkpoint | undefined) => EventStore;

function engine(wrap: Wrap): () => Promise<Engine> {
  return async () => {
    const disk = new InMemoryEventStore({ now: () => new Date() });
    const store = wrap(disk, undefined);
    const opened = [disk];
    const last = (): InMemoryEventStore => opened.at(-1) ?? disk;
    return {
      store,
      reopen: async () => {
        const before = await last().head();
        opened.push(await last().reopened());
        return wrap(last(), before);
      },
      close: () => last().close(),
    };
  };
}

/** The wrapper that the broken engines share, with nothing broken. */
export const soundEngine = engine((inner) => new PassingEventStore(inner));

/** Engines with one fault each, by the fault; the contract suite must fail on every one. */
export const brokenEngines = {
  'loses an append on conflict': engine((inner) => new LosesOnConflict(inner)),
  'skips an event that commits late': engine((inner) => new SkipsLateCommits(inner)),
  'forgets an outcome so that a retry doubles': engine((inner) => new ForgetsOutcomes(inner)),
  'trusts a revision whatever event stands there': engine((inner) => new TrustsRevisions(inner)),
  'moves a checkpoint before it hands over what lies before it': engine((inner) => new MovesFirst(inner)),
  'gives a position out twice after being reopened': engine(
    (inner, before) => new RepeatsPositions(inner, before),
  ),
} as const satisfies Record<string, () => Promise<Engine>>;
