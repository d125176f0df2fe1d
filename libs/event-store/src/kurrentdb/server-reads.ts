import type { EventStoreDBClient, ReadPosition } from '@eventstore/db-client';
import { NoAnswer, askedAgain, kindOf } from './connection.js';
import { Slots } from './slots.js';
import type { Names } from './names.js';
import type { ClientEvent } from './stored.js';

/** Short reads at a time. A client has a hundred streams in all: beyond that, appends and reads hang. */
const readsMax = 24;

/** A read as the client gives it. */
type Reading = AsyncIterable<{ readonly event?: ClientEvent | undefined }> & {
  on(event: 'error', listener: (error: Error) => void): unknown;
  destroy(error?: Error): unknown;
  cancel(): Promise<void>;
};

/** Reads from the server, each with a deadline of our own: the client would wait for ever. */
export class ServerReads {
  readonly #slots = new Slots(readsMax);

  constructor(
    private readonly client: EventStoreDBClient,
    private readonly names: Names,
    private readonly deadlineMs: number,
  ) {}

  /** At most `max` events of the stream from the revision on, fewer where they are large; none where there is no stream. */
  async stream(
    stream: string,
    fromRevision: number,
    max: number,
    bytesMax = Infinity,
  ): Promise<readonly ClientEvent[]> {
    const options = { fromRevision: BigInt(fromRevision), maxCount: max } as const;
    return this.#drained(stream, bytesMax, () =>
      this.client.readStream(this.names.onServer(stream), options),
    ).catch(noneWhereMissing);
  }

  /** The stream's last event. */
  async last(stream: string): Promise<ClientEvent | undefined> {
    const options = { direction: 'backwards', fromRevision: 'end', maxCount: 1 } as const;
    const [last] = await this.#drained(stream, Infinity, () =>
      this.client.readStream(this.names.onServer(stream), options),
    ).catch(noneWhereMissing);
    return last;
  }

  /**
   * At most `max` events of all streams, fewer where they are large: forwards from the position's own on, backwards from
   * before it.
   */
  all(
    direction: 'forwards' | 'backwards',
    fromPosition: ReadPosition,
    max: number,
    bytesMax = Infinity,
  ): Promise<readonly ClientEvent[]> {
    return this.#drained('$all', bytesMax, () =>
      this.client.readAll({ direction, fromPosition, maxCount: max }),
    );
  }

  #drained(what: string, bytesMax: number, open: () => Reading): Promise<readonly ClientEvent[]> {
    return this.#slots.run(() => askedAgain(() => this.#once(what, bytesMax, open())));
  }

  async #once(what: string, bytesMax: number, reading: Reading): Promise<readonly ClientEvent[]> {
    // Whoever iterates hears of the error too; without a listener of its own it would end the process.
    reading.on('error', () => undefined);
    const giveUp = (): unknown => reading.destroy(new NoAnswer(`reading ${what}`, this.deadlineMs));
    const timer = setTimeout(giveUp, this.deadlineMs);
    try {
      const events = await collected(reading, bytesMax);
      return events.map((event) => this.names.seen(event));
    } finally {
      clearTimeout(timer);
      void reading.cancel().catch(() => undefined);
    }
  }
}

async function collected(reading: Reading, bytesMax: number): Promise<readonly ClientEvent[]> {
  const events: ClientEvent[] = [];
  let bytes = 0;
  for await (const { event } of reading) {
    if (!event) continue;
    events.push(event);
    bytes += event.data instanceof Uint8Array ? event.data.length : 0;
    // Never one alone: whoever reads on from a place gets the event at it once more, and would take that for the end.
    if (bytes >= bytesMax && events.length > 1) break;
  }
  return events;
}

function noneWhereMissing(error: unknown): readonly ClientEvent[] {
  if (kindOf(error) === 'stream-not-found') return [];
  throw error;
}
