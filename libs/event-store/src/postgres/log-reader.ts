import type { Checkpoint } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Database } from '#postgres/pool.js';
import { decodeEvent } from '../encoding.js';

/** A row of the log as the database gives it. */
export interface LogRow {
  readonly seq: string;
  readonly id: string;
  readonly stream: string;
  readonly revision: string;
  readonly incarnation: number;
  readonly number: string;
  readonly recorded_at: Date;
  readonly schema_version: number;
  readonly type: string;
  readonly metadata: string;
  readonly data: string;
}

type PageRow = LogRow & { readonly end_seq: string };
type StreamRow = LogRow & { readonly end_revision: string };

/** An event of the log, decoded when first asked for and then for all who share it. */
export class LogEntry {
  readonly #row: LogRow;
  #event: RecordedEvent | undefined;

  constructor(row: LogRow) {
    this.#row = row;
  }

  get seq(): number {
    return Number(this.#row.seq);
  }

  get stream(): string {
    return this.#row.stream;
  }

  /** About the memory that it takes. */
  get characters(): number {
    return this.#row.data.length + this.#row.metadata.length;
  }

  get checkpoint(): Checkpoint {
    const { seq, incarnation, number, id } = this.#row;
    return { cursor: seq, position: { incarnation, number: Number(number) }, eventId: id };
  }

  get event(): RecordedEvent {
    this.#event ??= this.#decoded();
    return this.#event;
  }

  #decoded(): RecordedEvent {
    const {
      id,
      type,
      schema_version: schemaVersion,
      metadata,
      data,
      stream,
      revision,
      recorded_at,
    } = this.#row;
    const { cursor, position } = this.checkpoint;
    return decodeEvent(
      { id, type, schemaVersion, metadata, data },
      { stream, revision: Number(revision), position, cursor, recordedAt: recorded_at.toISOString() },
    );
  }
}

/** Consecutive scanned events; the last one is always there, matching or not. */
export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** Whether nothing newer was in the store. */
  readonly atEnd: boolean;
}

/** Consecutive events of one stream. */
export interface StreamPage {
  readonly events: readonly RecordedEvent[];
  readonly atEnd: boolean;
}

/** From where on a stream is to be read. */
export interface AskedStream {
  readonly stream: string;
  readonly fromRevision: number;
}

/** Pages end at about this many bytes of data, so that no page of large events exhausts memory. */
const pageBytesMax = 4 * 1_048_576;
const streamPageEvents = 500;
const columns = `e.seq, e.id, e.stream, e.revision, e.incarnation, e.number, e.recorded_at, e.schema_version, e.type, e.metadata, e.data`;
const end = '(SELECT l.seq FROM event_store.events l ORDER BY l.seq DESC LIMIT 1)';
const bytesBefore = (order: string): string =>
  `sum(octet_length(e.data)) OVER (ORDER BY ${order}) - octet_length(e.data) AS bytes_before`;

/** From the checkpoint's own event on, to see that it still stands: its row comes first and is left away again. */
const pageStatement = (filter: string): string => `SELECT * FROM (
    SELECT ${columns}, ${end} AS end_seq, ${bytesBefore('e.seq')}
    FROM event_store.events e WHERE e.seq >= $1 AND e.seq <= $1 + $2 ${filter}
  ) page WHERE bytes_before < ${pageBytesMax} ORDER BY seq`;
const matching = `AND (e.stream ^@ ANY ($3::text[]) OR e.seq IN ($1, least($1 + $2, ${end})))`;
const streamEnd =
  '(SELECT s.revision FROM event_store.events s WHERE s.stream = $1 ORDER BY s.revision DESC LIMIT 1)';
const streamStatement = `SELECT * FROM (
    SELECT ${columns}, ${streamEnd} AS end_revision, ${bytesBefore('e.revision')}
    FROM event_store.events e WHERE e.stream = $1 AND e.revision >= $2 AND e.revision < $2 + ${streamPageEvents}
  ) page WHERE bytes_before < ${pageBytesMax} ORDER BY revision`;
/** The first page of several streams at once, small because there may be many; streams without events give no row. */
const gatheredEvents = 50;
const gatheredBytesMax = 64 * 1024;
const gatheredStatement = `SELECT * FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY asked (name, from_revision, place)
  CROSS JOIN LATERAL (
    SELECT s.revision AS end_revision FROM event_store.events s WHERE s.stream = asked.name ORDER BY s.revision DESC LIMIT 1
  ) tip CROSS JOIN LATERAL (
    SELECT ${columns}, ${bytesBefore('e.revision')} FROM event_store.events e
    WHERE e.stream = asked.name AND e.revision >= asked.from_revision AND e.revision < asked.from_revision + ${gatheredEvents}
  ) page WHERE bytes_before < ${gatheredBytesMax} ORDER BY place, page.revision`;
const headStatement = `SELECT ${columns} FROM event_store.events e ORDER BY e.seq DESC LIMIT 1`;

/** Reads the log in pages. Positions are handed out in commit order, so nothing can appear before what a page has shown. */
export class LogReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * The next at most `max` scanned events after the checkpoint, from the first one without it; undefined when the
   * checkpoint's event does not stand there.
   */
  async page(
    after: Checkpoint | undefined,
    max: number,
    streams?: readonly string[],
  ): Promise<LogPage | undefined> {
    const cursor = after?.cursor ?? '0';
    if (!/^\d{1,15}$/.test(cursor)) return undefined;
    const { rows } = await this.#database.query<PageRow>(pageQuery(cursor, max, streams));
    if (after && rows[0]?.id !== after.eventId) return undefined;
    return pageOf(after ? rows.slice(1) : rows, rows.at(-1));
  }

  /** The stream's next events from the revision on, and whether they end it. */
  async stream(stream: string, fromRevision: number): Promise<StreamPage> {
    const values = [stream, fromRevision];
    const { rows } = await this.#database.query<StreamRow>({
      name: 'stream-page',
      text: streamStatement,
      values,
    });
    return streamPageOf(rows);
  }

  /** What {@link stream} gives of each, in the order asked, though in shorter pages; all of it in one statement. */
  async streams(asked: readonly AskedStream[]): Promise<readonly StreamPage[]> {
    const pages = asked.map((): StreamRow[] => []);
    const { rows } = await this.#database.query<StreamRow & { readonly place: string }>({
      name: 'stream-pages',
      text: gatheredStatement,
      values: [asked.map(({ stream }) => stream), asked.map(({ fromRevision }) => fromRevision)],
    });
    for (const row of rows) pages[Number(row.place) - 1]?.push(row);
    return pages.map(streamPageOf);
  }

  /** The last event of the log. */
  async head(): Promise<Checkpoint | undefined> {
    const { rows } = await this.#database.query<LogRow>({ name: 'head', text: headStatement });
    const [row] = rows;
    return row && new LogEntry(row).checkpoint;
  }

  /** What is appended now belongs to it; throws where the one row of the head is missing. */
  async incarnation(): Promise<number> {
    const { rows } = await this.#database.query<{ readonly incarnation: number }>({
      name: 'incarnation',
      text: 'SELECT incarnation FROM event_store.head',
    });
    const [row] = rows;
    if (!row) throw new Error('the event store has no head');
    return row.incarnation;
  }
}

function pageQuery(
  cursor: string,
  max: number,
  streams: readonly string[] | undefined,
): { readonly name: string; readonly text: string; readonly values: unknown[] } {
  return streams
    ? { name: 'log-page-of-streams', text: pageStatement(matching), values: [cursor, max, streams] }
    : { name: 'log-page', text: pageStatement(''), values: [cursor, max] };
}

function streamPageOf(rows: readonly StreamRow[]): StreamPage {
  const last = rows.at(-1);
  return {
    events: rows.map((row) => new LogEntry(row).event),
    atEnd: last === undefined || last.revision === last.end_revision,
  };
}

function pageOf(rows: readonly LogRow[], last: PageRow | undefined): LogPage {
  const atEnd = last === undefined || last.seq === last.end_seq;
  return { entries: rows.map((row) => new LogEntry(row)), atEnd };
}
