/** Any value that plain JSON can carry; no `undefined`, no bigint, no Date. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object with string keys. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * The one byte-for-byte text of a JSON value (RFC 8785: keys sorted by UTF-16 code units, no white space), fit for
 * hashing and comparing. Throws `TypeError` for what JSON cannot carry: undefined, bigint, functions, non-finite
 * numbers, lone surrogates and objects that are not plain.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${String(value)} is not a JSON number`);
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : canonicalObject(value);
    default:
      throw new TypeError(`a ${typeof value} is not JSON`);
  }
}

function canonicalObject(value: object): string {
  if (Array.isArray(value)) return canonicalArray(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError('only plain objects are JSON');
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of sorted(Object.keys(members)))
    text += `${text === '' ? '' : ','}${quotedKey(key)}:${canonicalJson(members[key])}`;
  return `{${text}}`;
}

const fewKeys = 24;

/** By UTF-16 code units, as `<` compares and `sort` goes by itself; for the few keys of most objects in place and faster. */
function sorted(keys: string[]): string[] {
  if (keys.length > fewKeys) return keys.sort();
  for (let at = 1; at < keys.length; at += 1) {
    const key = keys[at] ?? '';
    let to = at;
    for (let before = keys[to - 1]; to > 0 && before !== undefined && before > key; before = keys[to - 1]) {
      keys[to] = before;
      to -= 1;
    }
    keys[to] = key;
  }
  return keys;
}

function canonicalArray(values: readonly unknown[]): string {
  let text = '';
  for (const value of values) text += `${text === '' ? '' : ','}${canonicalJson(value)}`;
  return `[${text}]`;
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate is not JSON text');
  return JSON.stringify(text);
}

/** The keys of events are few and come again and again. */
const keysQuoted = new Map<string, string>();
const keysQuotedMax = 2_000;
const keyLengthMax = 40;

function quotedKey(key: string): string {
  const known = keysQuoted.get(key);
  if (known !== undefined) return known;
  const text = quoted(key);
  if (key.length <= keyLengthMax && keysQuoted.size < keysQuotedMax) keysQuoted.set(key, text);
  return text;
}
