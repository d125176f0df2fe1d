import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Checkpoint } from '#kernel/checkpoint.js';
import type { NewEvent, RecordedEvent } from '#kernel/domain-event.js';
import type { ContractCase } from '#testing/contract.js';
import { newEvent } from '#testing/events.js';
import {
  StoreBusy,
  WrongExpectedVersion,
  type Appended,
  type EventBatch,
  type EventStore,
  type ExpectedRevision,
  type SubscribeOptions,
} from './event-store.js';

/** An engine under the contract: an empty store, the same store after a restart, and its end. */
export interface Engine {
  readonly store: EventStore;
  /** Closes the store that was given last and opens it again. */
  reopen(): Promise<EventStore>;
  close(): Promise<void>;
}

/** One promise of the port. */
export type EventStoreCase = ContractCase<Engine>;

/** A new event of made-up data, with a salt of its own. */
export function noted(data: object = { text: 'măng non' }, type = 'Noted'): NewEvent {
  const salt = randomBytes(16).toString('base64url');
  return newEvent(type, data, { cause: { kind: 'command', id: 'note' }, salt });
}

/** `count` new events. */
export function several(count: number): readonly NewEvent[] {
  return Array.from({ length: count }, (_, index) => noted({ index }));
}

/** Everything that stands in the store now, in order. */
export async function everything(
  store: EventStore,
  options: Partial<SubscribeOptions> = {},
): Promise<readonly RecordedEvent[]> {
  if (!(await store.head())) return [];
  const events: RecordedEvent[] = [];
  const { signal } = new AbortController();
  for await (const batch of store.subscribe({ consumer: 'everything', signal, ...options })) {
    events.push(...batch.events);
    if (batch.caughtUp) break;
  }
  return events;
}

/** A subscriber that writes down what it is handed. */
export interface Watcher {
  readonly batches: readonly EventBatch[];
  /** The ids of the events handed over so far, in order. */
  ids(): readonly string[];
  /** Resolves when at least this many events came; rejects when none come for a while, or with what ended the subscription. */
  sees(count: number): Promise<void>;
  /** Resolves when it has scanned up to the checkpoint. */
  reaches(checkpoint: Checkpoint | undefined): Promise<void>;
  /** Aborts it and waits for its end; rejects with what ended it before. */
  stop(): Promise<void>;
}

/** How long a subscriber with events to come may go without a batch, on a machine that is busy with other things. */
const stalledMs = 5_000;

/** Subscribes in the background. */
export function watch(store: EventStore, options: Partial<SubscribeOptions> = {}): Watcher {
  const abort = new AbortController();
  const batches: EventBatch[] = [];
  let failure: unknown;
  const run = async (): Promise<void> => {
    for await (const batch of store.subscribe({ consumer: 'watcher', signal: abort.signal, ...options }))
      batches.push(batch);
  };
  const ended = run().catch((error: unknown) => {
    failure = error;
  });
  const count = (): number => batches.reduce((sum, { events }) => sum + events.length, 0);
  const until = async (reached: () => boolean, what: string): Promise<void> => {
    let seen = batches.length;
    let progressAt = performance.now();
    while (!failure && !reached()) {
      if (batches.length > seen) {
        seen = batches.length;
        progressAt = performance.now();
      }
      if (performance.now() - progressAt > stalledMs)
        throw new Error(`${what}, but it stalled after ${count()} events`);
      await delay(5);
    }
    if (failure) throw failure as Error;
  };
  return {
    batches,
    ids: () => batches.flatMap(({ events }) => events.map(({ id }) => id)),
    sees: (wanted) => until(() => count() >= wanted, `a subscriber was to see ${wanted} events`),
    reaches: (wanted) =>
      until(
        () => batches.at(-1)?.checkpoint.eventId === wanted?.eventId,
        `a subscriber was to reach ${wanted?.eventId ?? 'nothing'}`,
      ),
    stop: async () => {
      abort.abort();
      await ended;
      if (failure) throw failure as Error;
    },
  };
}

/** Appends as a patient writer does: at what it believes, then at what the refusal says, until it is accepted. */
export async function appendPatiently(
  store: EventStore,
  stream: string,
  events: readonly NewEvent[],
  believed: ExpectedRevision = 'no_stream',
): Promise<Appended> {
  let expected = believed;
  for (;;) {
    try {
      return await appendWhenTaken(store, stream, events, expected);
    } catch (error) {
      if (!(error instanceof WrongExpectedVersion)) throw error;
      expected = error.actual;
    }
  }
}

/** Appends again and again while the store is too busy to try. */
export async function appendWhenTaken(
  store: EventStore,
  stream: string,
  events: readonly NewEvent[],
  expected: ExpectedRevision,
): Promise<Appended> {
  for (;;) {
    try {
      return await store.append(stream, events, expected);
    } catch (error) {
      if (!(error instanceof StoreBusy)) throw error;
    }
  }
}
