import { describe, expect, it } from '@jest/globals';
import { RequestFault } from '#platform/http/request-fault.js';
import { validationPipe } from '#platform/http/validation.js';
import { BackQuery, NextQuery } from './pages.http.js';

async function taken(metatype: typeof BackQuery | typeof NextQuery, query: object): Promise<unknown> {
  try {
    return await validationPipe().transform(query, { type: 'query', metatype });
  } catch (error) {
    return error instanceof RequestFault ? error.code : error;
  }
}

describe('where a page leads on to', () => {
  it.each(['/', '/inbox?cursor=a.b-c', '/second-factor', `/${'x'.repeat(500)}`])(
    'may be %s',
    async (path) => {
      expect(await taken(BackQuery, { back: path })).toEqual({ back: path });
      expect(await taken(NextQuery, { next: path })).toEqual({ next: path });
    },
  );

  it.each([
    ['nothing', ''],
    ['another site', '//elsewhere.example/'],
    ['another site', '/\\elsewhere.example/'],
    ['another site', 'https://elsewhere.example/'],
    ['what no header holds', '/\u0001'],
    ['what no header holds', '/đ'],
    ['what no header holds', '/a\r\nSet-Cookie: x'],
    ['white space', '/a b'],
    ['very long', `/${'x'.repeat(501)}`],
  ])('is refused as %s', async (_what, path) => {
    expect(await taken(BackQuery, { back: path })).toBe('http/invalid');
    expect(await taken(NextQuery, { next: path })).toBe('http/invalid');
  });
});
