import { isCalendarDate } from '#kernel/dates.js';
import { InvariantViolation } from '#kernel/refusal.js';
import type { AnyProjection, ColumnType, ColumnValue, Row } from './projection.js';

/** What a row is checked against. */
export type RowShape = Pick<AnyProjection, 'name' | 'columns'>;

/**
 * The row exactly as PostgreSQL would give it back, so that a fold in memory and a live table compare equal: uuids in
 * lower case, `007` as `7`, instants in UTC with three decimals (six where they carry microseconds). What PostgreSQL
 * cannot hold stands otherwise: NUL and lone surrogates as U+FFFD, days of the year 0 as 0001-01-01. Throws `InvariantViolation` for a missing, unknown or ill-typed column.
 */
export function storedRow(shape: RowShape, row: Row): Row {
  const columns = columnsOf(shape);
  const stored: Record<string, ColumnValue> = {};
  for (const { column, type } of columns) {
    const value = row[column];
    if (value === undefined) throw new InvariantViolation(`${shape.name}: ${column} is missing from a row`);
    stored[column] = storedValue(shape, column, type, value);
  }
  const given = Object.keys(row);
  if (given.length > columns.length)
    throw new InvariantViolation(
      `${shape.name} has no column ${given.filter((column) => !Object.hasOwn(shape.columns, column)).join(', ')}`,
    );
  return stored;
}

/** A column of a shape. */
export interface Column {
  readonly column: string;
  readonly type: ColumnType;
}

const listed = new WeakMap<RowShape['columns'], readonly Column[]>();

/** A shape's columns in order; listed once and then kept. */
export function columnsOf({ columns }: Pick<RowShape, 'columns'>): readonly Column[] {
  let list = listed.get(columns);
  if (!list)
    listed.set(columns, (list = Object.entries(columns).map(([column, type]) => ({ column, type }))));
  return list;
}

/** A row's key as its column holds it; see {@link storedRow}. */
export function storedKey(projection: Pick<AnyProjection, 'name' | 'columns' | 'key'>, key: string): string {
  const stored = storedValue(projection, projection.key, keyType(projection), key);
  if (typeof stored !== 'string') throw new InvariantViolation(`${projection.name}: a key is text`);
  return stored;
}

/** The type of the key column; throws `TypeError` unless it is text or uuid. */
export function keyType(projection: Pick<AnyProjection, 'name' | 'columns' | 'key'>): 'text' | 'uuid' {
  const type = projection.columns[projection.key];
  if (type !== 'text' && type !== 'uuid')
    throw new TypeError(`${projection.name}: a key is of type text or uuid`);
  return type;
}

function storedValue(shape: RowShape, column: string, type: ColumnType, value: ColumnValue): ColumnValue {
  if (value === null) return null;
  const stored = readers[type](value);
  if (stored === undefined)
    throw new InvariantViolation(
      `${shape.name}: ${column} is no ${type}: ${JSON.stringify(value).slice(0, 80)}`,
    );
  return stored;
}

const readers: Readonly<Record<ColumnType, (value: ColumnValue) => ColumnValue | undefined>> = {
  text: (value) => (typeof value === 'string' ? plainText(value) : undefined),
  uuid: (value) => (typeof value === 'string' ? uuidText(value) : undefined),
  bigint: (value) => (typeof value === 'string' ? bigintText(value) : undefined),
  numeric: (value) => (typeof value === 'string' ? numericText(value) : undefined),
  integer: (value) => (typeof value === 'number' && (value | 0) === value ? value : undefined),
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  date: (value) => (typeof value === 'string' ? dateText(value) : undefined),
  timestamptz: (value) => (typeof value === 'string' ? instantText(value) : undefined),
  'text[]': (value) => (Array.isArray(value) ? value.map((member) => plainText(String(member))) : undefined),
};

/** Forms that stand already as PostgreSQL would give them back: nearly all values do, and every fold asks. */
const usualUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const usualNumber = /^-?[1-9]\d{0,17}$/;
const usualInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const uuid = new RegExp(usualUuid, 'i');
const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;

function plainText(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text).toWellFormed();
}

function uuidText(text: string): string | undefined {
  if (usualUuid.test(text)) return text;
  return uuid.test(text) ? text.toLowerCase() : undefined;
}

function bigintText(text: string): string | undefined {
  if (usualNumber.test(text)) return text;
  if (!/^-?\d{1,19}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value < smallest || value > largest ? undefined : value.toString();
}

function numericText(text: string): string | undefined {
  if (usualNumber.test(text)) return text;
  const match = /^(-?)0*(\d{1,60})(\.\d{1,30})?$/.exec(text);
  if (!match) return undefined;
  const digits = `${match[2] ?? ''}${match[3] ?? ''}`;
  return /[1-9]/.test(digits) ? `${match[1] ?? ''}${digits}` : digits;
}

function dateText(text: string): string | undefined {
  if (!isCalendarDate(text)) return undefined;
  return text.startsWith('0000') ? '0001-01-01' : text;
}

function instantText(text: string): string | undefined {
  if (Number.isNaN(Date.parse(text))) return undefined;
  if (usualInstant.test(text)) return text;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/.exec(text);
  if (!match) return undefined;
  const decimals = (match[2] ?? '').padEnd(6, '0');
  return `${match[1] ?? ''}.${decimals.endsWith('000') ? decimals.slice(0, 3) : decimals}Z`;
}
