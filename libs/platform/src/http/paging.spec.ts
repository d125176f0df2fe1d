import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor, pageOf } from './paging.http.js';

describe('pages', () => {
  it('give a cursor back as they took it', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string().filter((part) => !/\p{Cc}/u.test(part)),
          { maxLength: 4 },
        ),
        (sortKey) => {
          expect(decodeCursor(encodeCursor(sortKey), sortKey.length)).toEqual(sortKey);
        },
      ),
    );
  });

  it.each([
    ['of another list', encodeCursor(['a'])],
    ['that is no JSON', 'abc'],
    ['of numbers', Buffer.from('[1,2]').toString('base64url')],
    ['with NUL', encodeCursor(['a', '\0'])],
  ])('refuse a cursor %s', (_what, cursor) => {
    expect(() => decodeCursor(cursor, 2)).toThrow('http/invalid');
  });

  it('have a next only when there is more, and visit every row once', () => {
    const rows = ['a', 'b', 'c', 'd', 'e', 'f'];
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const after = decodeCursor(cursor, 1)?.[0] ?? '';
      const read = rows.filter((row) => row > after).slice(0, 3);
      const page = pageOf(
        read,
        2,
        '1.6',
        (row) => row,
        (row) => [row],
      );
      seen.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(rows);
  });
});
