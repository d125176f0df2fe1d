import { randomUUID } from 'node:crypto';
import { binaryEvent, type ReadPosition } from '@eventstore/db-client';
import type { EncodedAppend } from '../encoding.js';
import { appendBytesMax } from '../event-store.js';
import type { LogPages, LogRecord } from '../log-record.js';
import { Appends } from './appends.js';
import { Connection } from './connection.js';
import { Incarnations } from './incarnations.js';
import { Latest } from './latest.js';
import { LogEnd } from './log-end.js';
import { Names, type KurrentDbAddress } from './names.js';
import { ServerReads } from './server-reads.js';
import {
  anchorOf,
  dataTextOf,
  isOurs,
  logPositionOf,
  metadataTextOf,
  recordedOf,
  storeStream,
  type Anchor,
  type ClientEvent,
} from './stored.js';

const deadlineMs = 10_000;
const appendEventsMax = 500;
const pageEvents = 500;
/** Pages end at about this many bytes of data, so that no page of large events exhausts memory. */
const pageBytesMax = 4 * 1_048_576;

/** A server while nothing but this writes to it. */
export class FilledServer {
  readonly #connection: Connection;
  readonly #names: Names;
  readonly #reads: ServerReads;
  readonly #appends: Appends;
  readonly incarnations: Incarnations;

  constructor(address: KurrentDbAddress) {
    this.#connection = Connection.to(address.url);
    this.#names = new Names(address);
    this.#reads = new ServerReads(this.#connection.client, this.#names, deadlineMs);
    this.incarnations = new Incarnations(this.#reads);
    const { incarnations } = this;
    const names = this.#names;
    const parts = {
      connection: this.#connection,
      names,
      reads: this.#reads,
      incarnations,
      end: new LogEnd(this.#reads),
      latest: new Latest(),
      deadlineMs,
    };
    this.#appends = new Appends(parts);
  }

  async ready(): Promise<void> {
    await this.#connection.warm(deadlineMs);
    await this.incarnations.fresh();
  }

  /** The last event. */
  async last(): Promise<Anchor | undefined> {
    const last = await new LogEnd(this.#reads).find();
    return last && anchorOf(last, this.incarnations.current);
  }

  /** The highest incarnation that was opened here or that the last event belongs to. */
  async lastIncarnation(): Promise<number> {
    return Math.max(this.incarnations.current, (await this.last())?.position.incarnation ?? 1);
  }

  /** Writes into the store's own stream. */
  async mark(type: string, data: object): Promise<void> {
    const last = await this.#reads.last(storeStream);
    const event = binaryEvent({ id: randomUUID(), type, data: Buffer.from(JSON.stringify(data)) });
    const expectedRevision = last ? last.revision : 'no_stream';
    await this.#connection.append(this.#names.onServer(storeStream), event, expectedRevision, deadlineMs);
    this.incarnations.doubt();
    await this.incarnations.fresh();
  }

  /** Everything of ours that stands there, with what is known of its metadata written anew. */
  async *records(): LogPages {
    for (let page = await this.#page('start'); page.length > 0;) {
      yield page.filter(isOurs).map((event) => this.#recordOf(event));
      page = await this.#pageBehind(page.at(-1));
    }
  }

  #page(from: ReadPosition): Promise<readonly ClientEvent[]> {
    return this.#reads.all('forwards', from, pageEvents, pageBytesMax);
  }

  /** A read begins with the event at its place. */
  async #pageBehind(last: ClientEvent | undefined): Promise<readonly ClientEvent[]> {
    if (!last) return [];
    const from = logPositionOf(last);
    const page = await this.#page(from);
    return page.filter((event) => logPositionOf(event).commit > from.commit);
  }

  #recordOf(event: ClientEvent): LogRecord {
    const anchor = anchorOf(event, this.incarnations.at(logPositionOf(event).commit));
    const { id, type, schemaVersion, stream, revision, position, recordedAt } = recordedOf(event, anchor);
    const texts = { metadata: metadataTextOf(event), data: dataTextOf(event) };
    return { id, type, schemaVersion, stream, revision, position, recordedAt, ...texts };
  }

  /** Appends events of one stream, in one go, where they stood. */
  async copy(events: readonly LogRecord[]): Promise<void> {
    const [first] = events;
    if (!first) return;
    const given = events.map(({ position, recordedAt }) => ({ position, recordedAt }));
    await this.#appends.submit(appendOf(first, events), given);
  }

  close(): Promise<void> {
    return this.#connection.release();
  }
}

/** As it was encoded once: nothing of it is written anew. */
function appendOf({ stream, revision }: LogRecord, events: readonly LogRecord[]): EncodedAppend {
  const bytes = events.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0);
  return { stream, expected: revision - 1, events, bytes };
}

/** Consecutive events of one stream, as many as one append takes. */
export function* runsOf(events: readonly LogRecord[]): Iterable<readonly LogRecord[]> {
  let run: LogRecord[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(event.data);
    const [first] = run;
    if (
      first &&
      (first.stream !== event.stream || bytes + size > appendBytesMax || run.length === appendEventsMax)
    ) {
      yield run;
      run = [];
      bytes = 0;
    }
    run.push(event);
    bytes += size;
  }
  if (run.length > 0) yield run;
}
