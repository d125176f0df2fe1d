import { RequestFault } from './request-fault.js';

/** Deepest nesting of a body. */
export const jsonDepthMax = 32;

const opens = new Set('{[');
const closes = new Set('}]');
const opensKey = new Set('{,');
const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a JSON body that means the same to everybody. Throws `http/malformed-body` with `details.reason` for invalid
 * UTF-8, what is not JSON, a key given twice, `__proto__`, NUL, lone surrogates and nesting over {@link jsonDepthMax}.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('not JSON');
  }
  assertUnambiguous(text);
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

/** Walks the tokens of text that is known to be JSON; an object's keys so far stand on the stack, an array is undefined. */
function assertUnambiguous(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  let before = '';
  for (const [found] of text.matchAll(token)) {
    if (found.startsWith('"')) checkString(found, opensKey.has(before) ? open.at(-1) : undefined);
    else walk(open, found);
    before = found;
  }
}

function walk(open: (Set<string> | undefined)[], mark: string): void {
  if (closes.has(mark)) open.pop();
  if (!opens.has(mark)) return;
  open.push(mark === '{' ? new Set() : undefined);
  if (open.length > jsonDepthMax) throw malformed('nested too deep');
}

function checkString(found: string, keys: Set<string> | undefined): void {
  const text = found.includes('\\') ? (JSON.parse(found) as string) : found.slice(1, -1);
  if (text.includes('\0')) throw malformed('NUL in text');
  if (!text.isWellFormed()) throw malformed('a lone surrogate in text');
  if (!keys) return;
  if (text === '__proto__') throw malformed('the key __proto__');
  if (keys.has(text)) throw malformed('a key given twice');
  keys.add(text);
}
