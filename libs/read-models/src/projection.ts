import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Message } from '#kernel/message.js';

/** A value of a row's column. bigint and numeric columns are decimal strings here; timestamps RFC 3339 in UTC. */
export type ColumnValue = string | number | boolean | null | readonly string[];

/** A row of a read model; every column is present. Declare rows as `type`: an `interface` has no index signature. */
export type Row = Readonly<Record<string, ColumnValue>>;

/** Column types that the batch upsert knows. */
export type ColumnType =
  'text' | 'uuid' | 'bigint' | 'numeric' | 'integer' | 'boolean' | 'date' | 'timestamptz' | 'text[]';

/** An index beside the primary key; never unique, since a projection must not fail on what has happened. */
export interface ProjectionIndex<Column extends string = string> {
  /** Columns in order. */
  readonly columns: readonly Column[];
  /** `prefix` (one text column) serves `LIKE 'abc%'`, `members` (one text[] column) serves `@>`; plain order when absent. */
  readonly serves?: 'prefix' | 'members';
}

/** What both kinds of projection have; use {@link Projection}. */
export interface ProjectionFold<R extends Row, Input> {
  /** `schema.table`, unique; lower case, digits and `_`, the table at most 40 characters. */
  readonly name: string;
  /** Raise it when the fold changes; the runner then rebuilds the table beside the live one and swaps. */
  readonly version: number;
  /** Primary key column; its value is the row's key. `compositeKey()` makes one of several parts. */
  readonly key: keyof R & string;
  /** PostgreSQL type of each column, in order. */
  readonly columns: Readonly<Record<keyof R & string, ColumnType>>;
  /** Indexes for the queries; changing them needs no rebuild. */
  readonly indexes?: readonly ProjectionIndex<keyof R & string>[];
  /** The keys of the rows that this input touches; empty when it does not concern the table. */
  keysOf(input: Input): readonly string[];
  /** The row after the input; undefined deletes it. Never mutates. A key touched by several inputs folds them in order. */
  project(row: R | undefined, input: Input, key: string): R | undefined;
}

/**
 * A read model as a pure fold: input and row in, row out. One projection owns one table. It is fed by events of the
 * service's own streams (`streams`: their prefixes), or, when `Input` is a `Message`, by other services' topics (`topics`).
 */
export type Projection<R extends Row = Row, Input = RecordedEvent> = ProjectionFold<R, Input> &
  ([Input] extends [Message]
    ? { readonly topics: readonly string[] }
    : { readonly streams: readonly string[] });

/** A projection fed by the service's own events. */
export type EventProjection = Projection;

/** A projection fed by messages of other services. */
export type MessageProjection = Projection<Row, Message>;

/** Either kind, as a service lists them. */
export type AnyProjection = EventProjection | MessageProjection;

/** Whether a projection is fed by topics and not by streams. */
export function isMessageProjection(projection: AnyProjection): projection is MessageProjection {
  return 'topics' in projection;
}

/** Whether a projection is fed by events of its service's own streams. */
export function isEventProjection(projection: AnyProjection): projection is EventProjection {
  return 'streams' in projection;
}

/** Schema and table of a projection's name; throws `TypeError` for a name of another shape. */
export function tableOf(projection: { readonly name: string }): {
  readonly schema: string;
  readonly table: string;
} {
  const match = /^([a-z][a-z0-9_]{0,39})\.([a-z][a-z0-9_]{0,39})$/.exec(projection.name);
  const [, schema, table] = match ?? [];
  if (schema === undefined || table === undefined)
    throw new TypeError(`not a projection's name: ${projection.name}`);
  return { schema, table };
}
