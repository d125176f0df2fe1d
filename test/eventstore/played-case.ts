import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  jsonEvent,
  streamNameFilter,
  type AppendExpectedRevision,
  type EventStoreDBClient,
  type RecordedEvent,
} from '@eventstore/db-client';

/** An event as a case writes it; data of a size stand for that many letters. */
interface CaseEvent {
  readonly id: string;
  readonly type: string;
  readonly data: object | { readonly size: number };
  readonly metadata?: Record<string, unknown>;
}

/** One call of a case. */
export type Step =
  | {
      readonly op: 'append';
      readonly stream: string;
      readonly expected: string;
      readonly events: readonly CaseEvent[];
    }
  | {
      readonly op: 'readStream';
      readonly stream: string;
      readonly direction: 'forwards' | 'backwards';
      readonly from: string;
      readonly maxCount: number | null;
      readonly sizes?: boolean;
    }
  | { readonly op: 'readAllPrefix'; readonly prefix: string }
  | {
      readonly op: 'subscribeStream';
      readonly stream: string;
      readonly from: string;
      readonly then: readonly Step[];
      readonly count: number;
    }
  | {
      readonly op: 'subscribeAllPrefix';
      readonly prefix: string;
      readonly then: readonly Step[];
      readonly count: number;
    }
  | { readonly op: 'deleteStream' | 'tombstoneStream'; readonly stream: string; readonly expected: string }
  | {
      readonly op: 'setMetadata';
      readonly stream: string;
      readonly metadata: Readonly<Record<string, number>>;
    };

/** What came back of a call, as it is written down. */
export type Result =
  { readonly ok: unknown; readonly positionsIncrease?: boolean } | { readonly error: object };

/** An error as far as it is written down. */
type Told = Error & Readonly<Record<string, string | number | bigint | undefined>>;

type Reading = AsyncIterable<{ readonly event?: RecordedEvent | undefined }>;
type Subscription = Reading & {
  unsubscribe(): Promise<void>;
  once(event: string, told: () => void): unknown;
};

const patienceMs = 10_000;

/** Plays the calls of one case through the client, on streams that nobody else has. */
export class PlayedCase {
  readonly #own = `case-${randomUUID()}-`;
  readonly #ids = new Map<string, string>();

  constructor(private readonly client: EventStoreDBClient) {}

  /** What comes back of the call. */
  async play(step: Step): Promise<Result> {
    try {
      return await this.#result(step);
    } catch (error) {
      return { error: this.#error(error as Told) };
    }
  }

  async #result(step: Step): Promise<Result> {
    switch (step.op) {
      case 'append':
        return this.#append(step);
      case 'readStream':
        return { ok: await this.#read(step) };
      case 'readAllPrefix':
        return this.#readAll(step.prefix);
      case 'subscribeStream': {
        const fromRevision = placeOf(step.from);
        const subscription = this.client.subscribeToStream(this.#own + step.stream, { fromRevision });
        return { ok: await this.#taken(subscription, step) };
      }
      case 'subscribeAllPrefix': {
        const filter = streamNameFilter({ prefixes: [this.#own + step.prefix] });
        return { ok: await this.#taken(this.client.subscribeToAll({ filter }), step) };
      }
      case 'deleteStream':
      case 'tombstoneStream': {
        const expectedRevision = expectedOf(step.expected) as Exclude<
          AppendExpectedRevision,
          'stream_exists'
        >;
        const { position } = await this.client[step.op](this.#own + step.stream, { expectedRevision });
        return { ok: { hasPosition: position !== undefined } };
      }
      case 'setMetadata': {
        const { success } = await this.client.setStreamMetadata(this.#own + step.stream, {
          ...step.metadata,
        });
        return { ok: { success } };
      }
    }
  }

  async #append({ stream, expected, events }: Extract<Step, { op: 'append' }>): Promise<Result> {
    const proposed = events.map((event) => {
      const data = 'size' in event.data ? { text: 'x'.repeat(event.data.size) } : event.data;
      return jsonEvent({
        id: this.#idOf(event.id),
        type: event.type,
        data: data as Record<string, unknown>,
        metadata: event.metadata,
      });
    });
    const expectedRevision = expectedOf(expected);
    const appended = await this.client.appendToStream(this.#own + stream, proposed, { expectedRevision });
    return { ok: { success: appended.success, nextExpectedRevision: String(appended.nextExpectedRevision) } };
  }

  async #read(step: Extract<Step, { op: 'readStream' }>): Promise<unknown> {
    const maxCount = step.maxCount ?? 10_000;
    const options = { direction: step.direction, fromRevision: placeOf(step.from), maxCount };
    const events = await all(this.client.readStream(this.#own + step.stream, options));
    return events.map((event) => this.#told(event, step.sizes));
  }

  async #readAll(prefix: string): Promise<Result> {
    const everything = await all(this.client.readAll({ direction: 'forwards' }));
    const events = everything.filter(({ streamId }) => streamId.startsWith(this.#own + prefix));
    const commits = events.map(({ position }) => position?.commit ?? -1n);
    const positionsIncrease = commits.slice(1).every((commit, index) => commit > (commits[index] ?? -1n));
    return { ok: events.map((event) => this.#told(event)), positionsIncrease };
  }

  async #taken(
    subscription: Subscription,
    { then, count }: { then: readonly Step[]; count: number },
  ): Promise<unknown> {
    const events: unknown[] = [];
    // Where history is all that is wanted, the subscription may be over before it is live.
    const live: Promise<unknown> =
      then.length > 0 ? once(subscription as never, 'caughtUp') : Promise.resolve();
    const reading = (async () => {
      for await (const { event } of subscription) {
        if (event) events.push(this.#told(event));
        if (events.length >= count) break;
      }
    })();
    await within(live);
    for (const step of then) await this.play(step);
    await within(reading);
    await subscription.unsubscribe();
    return events;
  }

  #idOf(key: string): string {
    const id = this.#ids.get(key) ?? randomUUID();
    this.#ids.set(key, id);
    return id;
  }

  #told(event: RecordedEvent, sizes = false): object {
    const id = [...this.#ids].find(([, known]) => known === event.id)?.[0];
    const { type, data, metadata, isJson } = event;
    return {
      stream: this.#nameOf(event.streamId),
      revision: String(event.revision),
      id,
      type,
      ...(sizes ? { dataBytes: Buffer.byteLength(JSON.stringify(data)) } : { data }),
      ...(metadata === undefined ? {} : { metadata }),
      isJson,
    };
  }

  #error(error: Told): object {
    const { type, code, expectedVersion, actualVersion, streamName, maxAppendSize } = error;
    const seen = {
      type,
      code,
      expectedVersion,
      actualVersion,
      maxAppendSize,
      stream: this.#nameOf(streamName),
    };
    const known = Object.entries(seen).filter(([, value]) => value !== undefined);
    return {
      class: error.constructor.name,
      ...Object.fromEntries(
        known.map(([key, value]) => [key, typeof value === 'bigint' ? String(value) : value]),
      ),
    };
  }

  #nameOf(stream: unknown): string | undefined {
    return typeof stream === 'string' ? stream.slice(this.#own.length) : undefined;
  }
}

function expectedOf(expected: string): AppendExpectedRevision {
  return expected === 'any' || expected === 'no_stream' || expected === 'stream_exists'
    ? expected
    : BigInt(expected);
}

function placeOf(from: string): 'start' | 'end' | bigint {
  return from === 'start' || from === 'end' ? from : BigInt(from);
}

async function all(reading: Reading): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const { event } of reading) if (event) events.push(event);
  return events;
}

async function within<Value>(promise: Promise<Value>): Promise<Value> {
  const late = new AbortController();
  const giveUp = delay(patienceMs, undefined, { signal: late.signal }).then(() => {
    throw new Error(`nothing came within ${String(patienceMs)} ms`);
  });
  giveUp.catch(() => undefined);
  return Promise.race([promise, giveUp]).finally(() => late.abort());
}
