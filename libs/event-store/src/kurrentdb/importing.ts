import { randomUUID } from 'node:crypto';
import { binaryEvent } from '@eventstore/db-client';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { comparePositions, formatPosition } from '#kernel/position.js';
import { encodeAppend } from '../encoding.js';
import { appendBytesMax } from '../event-store.js';
import { ImportRefused, LogOrder, type Imported } from '../importing.js';
import { Appends } from './appends.js';
import { Connection } from './connection.js';
import { Incarnations, marks } from './incarnations.js';
import { Latest } from './latest.js';
import { LogEnd } from './log-end.js';
import { Names, type KurrentDbAddress } from './names.js';
import { ServerReads } from './server-reads.js';
import { anchorOf, givenTo, storeStream, type Anchor } from './stored.js';

const deadlineMs = 10_000;
const appendEventsMax = 500;

/** Which incarnation to open, above the one that it is told. */
type Give = (above: number) => Promise<number>;

const next: Give = (above) => Promise.resolve(above + 1);

/** A server while nothing but this writes to it. */
class Target {
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

  /** The last event, and whether it was copied here. */
  async last(): Promise<{ readonly at: Anchor; readonly copied: boolean } | undefined> {
    const last = await new LogEnd(this.#reads).find();
    return last && { at: anchorOf(last, this.incarnations.current), copied: givenTo(last) !== undefined };
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

  /** Appends events of one stream, in one go, where they stood. */
  async copy(events: readonly RecordedEvent[]): Promise<void> {
    const [first] = events;
    if (!first) return;
    const expected = first.revision === 0 ? 'no_stream' : first.revision - 1;
    const given = events.map(({ position, recordedAt }) => ({ position, recordedAt }));
    await this.#appends.submit(encodeAppend(first.stream, events, expected), given);
  }

  close(): Promise<void> {
    return this.#connection.release();
  }
}

/**
 * Fills an empty server with the events of another log, in their order and with the positions, times and ids that they
 * have, and opens the incarnation that `give` answers with, above the one that it is told. Until it is done no store over
 * the server takes an append; one that was broken off goes on where it stopped when it is called again with the same log.
 * Throws {@link ImportRefused} for a server that holds other events, for events that are out of order or leave a gap in a
 * stream and for an incarnation that is not above.
 */
export async function importEvents(
  address: KurrentDbAddress,
  pages: AsyncIterable<readonly RecordedEvent[]>,
  give: Give = next,
): Promise<Imported> {
  const target = new Target(address);
  try {
    await target.ready();
    const { incarnations } = target;
    const last = await target.last();
    if (last && !(last.copied && incarnations.filling))
      throw new ImportRefused('the event store is not empty; a restore needs an empty one');
    if (!incarnations.filling) await target.mark(marks.filling, {});
    const order = new LogOrder();
    for await (const page of pages) await copyPage(target, order.taken(page), last?.at);
    return { events: order.count, incarnation: await open(target, order.incarnation, give) };
  } finally {
    await target.close();
  }
}

/**
 * Opens the next incarnation on a server whose files were restored from a backup, before any service appends to it, and
 * gives it back. Throws {@link ImportRefused} for one that is not above the last.
 */
export async function openIncarnation(address: KurrentDbAddress, give: Give = next): Promise<number> {
  const target = new Target(address);
  try {
    await target.ready();
    const last = await target.last();
    return await open(target, last?.at.position.incarnation ?? 0, give);
  } finally {
    await target.close();
  }
}

async function open(target: Target, standing: number, give: Give): Promise<number> {
  const above = Math.max(target.incarnations.current, standing);
  const incarnation = await give(above);
  if (incarnation <= above) throw new ImportRefused(`incarnation ${String(incarnation)} was given before`);
  await target.mark(marks.opened, { incarnation });
  return incarnation;
}

/** What stands already is left out; the event that it ends with must be one of the log's. */
async function copyPage(
  target: Target,
  page: readonly RecordedEvent[],
  last: Anchor | undefined,
): Promise<void> {
  const fresh = page.filter((event) => !last || comparePositions(event.position, last.position) > 0);
  const meets = page.find((event) => last && comparePositions(event.position, last.position) === 0);
  if (meets && meets.id !== last?.eventId)
    throw new ImportRefused(`another event stands at ${formatPosition(meets.position)}`);
  for (const run of runsOf(fresh)) await target.copy(run);
}

/** Consecutive events of one stream, as many as one append takes. */
function* runsOf(events: readonly RecordedEvent[]): Iterable<readonly RecordedEvent[]> {
  let run: RecordedEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event.data));
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
