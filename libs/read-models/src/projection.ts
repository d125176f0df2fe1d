import type { RecordedEvent } from '#kernel/domain-event.js';

/** A value of a row's column. bigint and numeric columns are decimal strings here; timestamps RFC 3339 in UTC. */
export type ColumnValue = string | number | boolean | null | readonly string[];

/** A row of a read model; every column is present. */
export type Row = Readonly<Record<string, ColumnValue>>;

/**
 * A read model as a pure fold: input and row in, row out. One projection owns one table. `Input` is an event of the
 * service's own streams, or a message of another service's topic.
 */
export interface Projection<R extends Row = Row, Input = RecordedEvent> {
  /** `schema.table`, unique. */
  readonly name: string;
  /** Raise it when the fold changes; the runner then rebuilds the table beside the live one and swaps. */
  readonly version: number;
  /** Primary key column; its value is the row's key. */
  readonly key: keyof R & string;
  /** PostgreSQL type of each column, in order. */
  readonly columns: Readonly<Record<keyof R & string, ColumnType>>;
  /** What feeds it: prefixes of the service's own streams. */
  readonly streams: readonly string[];
  /** The keys of the rows that this input touches; empty when it does not concern the table. */
  keysOf(input: Input): readonly string[];
  /** The row after the input; undefined deletes it. Never mutates. */
  project(row: R | undefined, input: Input, key: string): R | undefined;
}

/** Column types that the batch upsert knows. */
export type ColumnType =
  'text' | 'uuid' | 'bigint' | 'numeric' | 'integer' | 'boolean' | 'date' | 'timestamptz' | 'text[]';
