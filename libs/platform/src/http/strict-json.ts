import { RequestFault } from './request-fault.js';

/** Most that a JSON body may hold. What checks bodies takes a time that grows with the square of an object's keys. */
export const jsonLimits = {
  /** Deepest nesting. */
  depth: 32,
  /** Keys of one object, and fields of a form. */
  keys: 200,
  /** Elements of one list. */
  elements: 1_000,
  /** Keys and elements in all; an empty object or list counts as holding one. */
  values: 10_000,
} as const;

const opens = new Set('{[');
const closes = new Set('}]');
const opensKey = new Set('{,');
const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|-?\d[\d.eE+-]*/g;
/** What an object has without saying so, such as `__proto__`: as keys these are passed over by what reads bodies. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a JSON body that means the same to everybody. Throws `http/malformed-body` with `details.reason` for invalid
 * UTF-8, what is not JSON, a key given twice, `__proto__` or another name that every object has as a key, a number that no
 * double holds, NUL, lone surrogates and more than {@link jsonLimits}.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('not JSON');
  }
  new JsonWalk().over(text);
  return value;
}

/** Decodes strictly; throws `http/malformed-body` for bytes that are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw malformed('not UTF-8');
  }
}

/** The fault of a body that cannot be read. */
export function malformed(reason: string): RequestFault {
  return new RequestFault('http/malformed-body', { details: { reason } });
}

/** An object or a list whose end has not come yet. */
interface Open {
  /** Keys or elements so far, the one being read included. */
  count: number;
  /** The keys of an object so far; a list has none. */
  readonly keys?: Set<string>;
}

/** Goes over the tokens of text that is known to be JSON, and throws where it could mislead or is too much. */
class JsonWalk {
  readonly #open: Open[] = [];
  #values = 0;

  over(text: string): void {
    let before = '';
    for (const found of text.match(token) ?? []) {
      if (found.startsWith('"')) this.#text(found, before);
      else if (found.length === 1 && !/\d/.test(found)) this.#mark(found);
      else assertHeld(found);
      before = found;
    }
  }

  /** What is open counts its first key or element, each comma a further one. */
  #mark(mark: string): void {
    if (closes.has(mark)) this.#open.pop();
    if (opens.has(mark)) this.#open.push(mark === '{' ? { count: 0, keys: new Set() } : { count: 0 });
    if (this.#open.length > jsonLimits.depth) throw malformed('nested too deep');
    if (mark === ',' || opens.has(mark)) this.#count(this.#open.at(-1));
  }

  #count(within: Open | undefined): void {
    this.#values += 1;
    if (this.#values > jsonLimits.values) throw malformed('too many values');
    if (!within) return;
    within.count += 1;
    if (within.count > (within.keys ? jsonLimits.keys : jsonLimits.elements))
      throw malformed(within.keys ? 'too many keys in an object' : 'too many elements in a list');
  }

  #text(found: string, before: string): void {
    const text = found.includes('\\') ? (JSON.parse(found) as string) : found.slice(1, -1);
    if (text.includes('\0')) throw malformed('NUL in text');
    if (!text.isWellFormed()) throw malformed('a lone surrogate in text');
    const keys = opensKey.has(before) ? this.#open.at(-1)?.keys : undefined;
    if (keys) addKey(keys, text);
  }
}

function addKey(keys: Set<string>, key: string): void {
  if (inherited.has(key)) throw malformed(`the key ${key}`);
  if (keys.has(key)) throw malformed('a key given twice');
  keys.add(key);
}

function assertHeld(number: string): void {
  if (!Number.isFinite(JSON.parse(number))) throw malformed('a number too large');
}
