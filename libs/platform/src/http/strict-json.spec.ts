import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseForm } from './body-parsers.js';
import { RequestFault } from './request-fault.js';
import { parseStrictJson } from './strict-json.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const reasonOf = (read: () => unknown): unknown => {
  try {
    read();
  } catch (error) {
    return error instanceof RequestFault ? error.parts.details?.['reason'] : error;
  }
  return 'read';
};

const misleading = new RegExp(
  `"(?:${Object.getOwnPropertyNames(Object.prototype).join('|')})":|\\\\u0000|\\\\u[dD]`,
);
const listOf = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
const objectOf = (keys: number): string =>
  JSON.stringify(Object.fromEntries(listOf(keys).map((index) => [`k${String(index)}`, 0])));

describe('reading a JSON body', () => {
  it('reads what JSON.stringify wrote, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6 }).filter((value) => !misleading.test(JSON.stringify(value))),
        (value) => {
          expect(parseStrictJson(bytes(JSON.stringify(value)))).toEqual(JSON.parse(JSON.stringify(value)));
        },
      ),
    );
  });

  it.each([
    ['a key given twice', '{"amount":"1","amount":"2"}'],
    ['a key given twice', '{"a":{"b":[{"c":1,"\\u0063":2}]}}'],
    ['the key __proto__', '{"__proto__":{"role":"administrator"}}'],
    ['the key __proto__', '{"a":[{"\\u005f_proto__":1}]}'],
    ['the key constructor', '{"a":{"constructor":{"prototype":{}}}}'],
    ['the key toString', '{"a":"b","toString":1}'],
    ['the key hasOwnProperty', '{"hasOwnProperty":"a"}'],
    ['a number too large', '{"a":[1,-1e400]}'],
    ['a number too large', `1${'0'.repeat(309)}`],
    ['NUL in text', '{"a":"x\\u0000"}'],
    ['a lone surrogate in text', '["\\ud800"]'],
    ['nested too deep', `${'['.repeat(33)}${']'.repeat(33)}`],
    ['not JSON', '{"a":1,}'],
    ['not JSON', '{"a":"line\nfeed"}'],
    ['not JSON', '\ufeff{}'],
  ])('refuses %s: %s', (reason, text) => {
    expect(reasonOf(() => parseStrictJson(bytes(text)))).toBe(reason);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(reasonOf(() => parseStrictJson(Uint8Array.of(0x22, 0xc3, 0x28, 0x22)))).toBe('not UTF-8');
  });

  it.each([
    ['too many keys in an object', () => objectOf(201)],
    ['too many keys in an object', () => `{"a":[${objectOf(201)}]}`],
    ['too many elements in a list', () => JSON.stringify({ items: listOf(1_001) })],
    ['too many values', () => JSON.stringify(listOf(11).map(() => listOf(1_000)))],
    ['too many values', () => JSON.stringify(listOf(990).map(() => listOf(6).map(() => [])))],
  ])('refuses %s', (reason, text) => {
    expect(reasonOf(() => parseStrictJson(bytes(text())))).toBe(reason);
  });

  it('takes an object of 200 keys and a list of 1,000 elements', () => {
    for (const text of [objectOf(200), JSON.stringify(listOf(1_000))])
      expect(parseStrictJson(bytes(text))).toEqual(JSON.parse(text));
  });

  it('takes the same key in two objects, and a value that looks like a key', () => {
    const body = '[{"a":"a"},{"a":["a","a"]},{"b":"__proto__"},{"c":"1e400","d":1e-400}]';
    const read = [{ a: 'a' }, { a: ['a', 'a'] }, { b: '__proto__' }, { c: '1e400', d: 0 }];
    expect(parseStrictJson(bytes(body))).toEqual(read);
  });
});

describe('reading a form', () => {
  it('reads fields with plus signs and percent escapes', () => {
    expect(parseForm(bytes('name=Nguy%E1%BB%85n+An&empty=&bare'))).toEqual({
      name: 'Nguyễn An',
      empty: '',
      bare: '',
    });
  });

  it.each([
    ['a field given twice', 'a=1&a=2'],
    ['a field given twice', '__proto__=1'],
    ['NUL in text', 'a=%00'],
    ['not UTF-8', 'a=%C3%28'],
  ])('refuses %s: %s', (reason, text) => {
    expect(reasonOf(() => parseForm(bytes(text)))).toBe(reason);
  });

  it('refuses a form of more than 200 fields', () => {
    const fields = listOf(201).map((index) => `k${String(index)}=`);
    expect(reasonOf(() => parseForm(bytes(fields.join('&'))))).toBe('too many fields');
    expect(Object.keys(parseForm(bytes(fields.slice(1).join('&'))))).toHaveLength(200);
  });
});
