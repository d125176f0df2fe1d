import { createHash } from 'node:crypto';
import { canonicalJson } from '#kernel/json.js';
import { columnsOf, keyType, storedRow } from './row-values.js';
import type { ColumnType, ColumnValue, ProjectionFold, ProjectionIndex, Row } from './projection.js';
import { tableOf } from './projection.js';
import { quoted, type Sql } from './sql.js';

/** The part of a projection that its table needs. */
export type TableShape = Pick<ProjectionFold<Row, never>, 'name' | 'key' | 'columns' | 'indexes'>;

/** The live table, or the one being built beside it (`<table>__next`). */
export type Slot = 'live' | 'next';

/** The name of a slot's table, quoted. */
export function tableName(shape: TableShape, slot: Slot): string {
  const { schema, table } = tableOf(shape);
  return quoted(schema, slot === 'live' ? table : `${table}__next`);
}

const shapes = new WeakMap<TableShape, string>();

/** What a table must have been built with to be folded on: key and columns, as one text. */
export function shapeOf(shape: TableShape): string {
  let text = shapes.get(shape);
  if (text === undefined)
    shapes.set(shape, (text = canonicalJson({ key: shape.key, columns: Object.entries(shape.columns) })));
  return text;
}

/** Makes the slot's table anew and empty, with its primary key and without other indexes. */
export async function createTable(sql: Sql, shape: TableShape, slot: Slot): Promise<void> {
  keyType(shape);
  const columns = Object.entries(shape.columns).map(([column, type]) => `${quoted(column)} ${type}`);
  const name = tableName(shape, slot);
  await sql(`DROP TABLE IF EXISTS ${name}`);
  await sql(`CREATE TABLE ${name} (${columns.join(', ')}, PRIMARY KEY (${quoted(shape.key)}))`);
}

/** Makes the slot's declared indexes that are missing and drops those no longer declared; to be called in a transaction. */
export async function alignIndexes(sql: Sql, shape: TableShape, slot: Slot): Promise<void> {
  await sql('SET LOCAL statement_timeout = 0');
  const { schema, table } = tableOf(shape);
  const wanted = new Map((shape.indexes ?? []).map((index) => [indexName(table, slot, index), index]));
  const found = await sql(
    `SELECT i.relname AS name FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
     WHERE x.indrelid = $1::regclass AND NOT x.indisprimary`,
    [tableName(shape, slot)],
  );
  const standing = new Set(found.map((row) => String(row['name'])));
  for (const name of standing) if (!wanted.has(name)) await sql(`DROP INDEX ${quoted(schema, name)}`);
  for (const [name, index] of wanted)
    if (!standing.has(name))
      await sql(`CREATE INDEX ${quoted(name)} ON ${tableName(shape, slot)} ${indexDefinition(index)}`);
}

/** Puts the table built beside the live one in its place, indexes and all; to be called in a transaction. */
export async function swapTables(sql: Sql, shape: TableShape): Promise<void> {
  const { schema, table } = tableOf(shape);
  await sql(`DROP TABLE IF EXISTS ${tableName(shape, 'live')}`);
  await sql(`ALTER TABLE ${tableName(shape, 'next')} RENAME TO ${quoted(table)}`);
  await sql(
    `ALTER TABLE ${quoted(schema, table)} RENAME CONSTRAINT ${quoted(`${table}__next_pkey`)} TO ${quoted(`${table}_pkey`)}`,
  );
  for (const index of shape.indexes ?? [])
    await sql(
      `ALTER INDEX ${quoted(schema, indexName(table, 'next', index))} RENAME TO ${quoted(indexName(table, 'live', index))}`,
    );
}

/** The rows of these keys, each in the form of `storedRow`. */
export async function loadRows(
  sql: Sql,
  shape: TableShape,
  slot: Slot,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Row>> {
  if (keys.length === 0) return new Map();
  const records = await sql(statementsOf(shape, slot).load, [arrayText(keys, keyType(shape))]);
  return new Map(records.map((record) => [String(record[shape.key]), rowOf(shape, record)]));
}

/** Writes the rows that a fold changed: one upsert and one delete at most. */
export async function saveRows(
  sql: Sql,
  shape: TableShape,
  slot: Slot,
  changed: ReadonlyMap<string, Row | undefined>,
): Promise<void> {
  const rows: Row[] = [];
  const gone: string[] = [];
  for (const [key, row] of changed)
    if (row) rows.push(row);
    else gone.push(key);
  const { upsert, remove } = statementsOf(shape, slot);
  if (rows.length > 0)
    await sql(
      upsert,
      columnsOf(shape).map(({ column, type }) =>
        arrayText(
          rows.map((row) => row[column]),
          type,
        ),
      ),
    );
  if (gone.length > 0) await sql(remove, [arrayText(gone, keyType(shape))]);
}

/** What to select of a table so that {@link rowOf} reads it: nothing that a session's settings could change. */
export function selectList(shape: TableShape): string {
  return columnsOf(shape)
    .map(({ column, type }) => `${asText(quoted(column), type)} AS ${quoted(column)}`)
    .join(', ');
}

/** A record of {@link selectList} as a row. */
export function rowOf(shape: TableShape, record: Readonly<Record<string, unknown>>): Row {
  return storedRow(shape, record as Row);
}

/** The statements that read and write rows of a slot's table. */
interface Statements {
  readonly load: string;
  readonly upsert: string;
  readonly remove: string;
}

const written = new WeakMap<TableShape, { readonly [S in Slot]: Statements }>();

/** Written once for each projection: their texts are long and folding needs them for every batch. */
function statementsOf(shape: TableShape, slot: Slot): Statements {
  let both = written.get(shape);
  if (!both)
    written.set(shape, (both = { live: statementsFor(shape, 'live'), next: statementsFor(shape, 'next') }));
  return both[slot];
}

function statementsFor(shape: TableShape, slot: Slot): Statements {
  const table = tableName(shape, slot);
  const isWanted = `${quoted(shape.key)} = ANY($1::${keyType(shape)}[])`;
  return {
    load: `SELECT ${selectList(shape)} FROM ${table} WHERE ${isWanted}`,
    upsert: upsertInto(table, shape),
    remove: `DELETE FROM ${table} WHERE ${isWanted}`,
  };
}

function upsertInto(table: string, shape: TableShape): string {
  const columns = columnsOf(shape);
  const names = columns.map(({ column }) => quoted(column));
  const arrays = columns.map(({ type }, at) => `$${String(at + 1)}::${type === 'text[]' ? 'text' : type}[]`);
  const values = columns.map(({ column, type }) =>
    type === 'text[]' ? `u.${quoted(column)}::text[]` : `u.${quoted(column)}`,
  );
  const others = names.filter((name) => name !== quoted(shape.key));
  const onConflict =
    others.length === 0
      ? 'NOTHING'
      : `UPDATE SET ${others.map((name) => `${name} = excluded.${name}`).join(', ')}`;
  return `INSERT INTO ${table} (${names.join(', ')})
    SELECT ${values.join(', ')} FROM unnest(${arrays.join(', ')}) AS u(${names.join(', ')})
    ON CONFLICT (${quoted(shape.key)}) DO ${onConflict}`;
}

/**
 * Values of a column as PostgreSQL reads an array: the driver would look at each of them several times. unnest flattens
 * arrays of arrays, so a text[] travels as the text of an array.
 */
function arrayText(values: readonly (ColumnValue | undefined)[], type: ColumnType): string {
  return `{${values.map((value) => memberText(value, type)).join(',')}}`;
}

function memberText(value: ColumnValue | undefined, type: ColumnType): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'object') return quotedMember(arrayText(value, 'text'));
  return type === 'text' ? quotedMember(String(value)) : String(value);
}

function quotedMember(text: string): string {
  return `"${/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`;
}

function asText(column: string, type: ColumnType): string {
  switch (type) {
    case 'date':
      return `to_char(${column}, 'YYYY-MM-DD')`;
    case 'timestamptz':
      return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
    case 'uuid':
    case 'bigint':
    case 'numeric':
      return `${column}::text`;
    case 'text':
    case 'integer':
    case 'boolean':
    case 'text[]':
      return column;
  }
}

function indexName(table: string, slot: Slot, index: ProjectionIndex): string {
  const digest = createHash('sha256').update(canonicalJson(index)).digest('hex').slice(0, 10);
  return `${table}${slot === 'live' ? '' : '__next'}_${digest}`;
}

function indexDefinition(index: ProjectionIndex): string {
  const columns = index.columns.map((column) => quoted(column)).join(', ');
  if (index.serves === 'prefix') return `(${columns} text_pattern_ops)`;
  return index.serves === 'members' ? `USING gin (${columns})` : `(${columns})`;
}
