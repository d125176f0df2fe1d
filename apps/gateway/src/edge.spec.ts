import { describe, expect, it } from '@jest/globals';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessDoor, Standing } from '#contracts/access-door.js';
import type { AskedRequest } from '#platform/http/asked-by.js';
import { SetClock } from '#testing/set-clock.js';
import { Attempts } from './attempts.js';
import { readCookie, sessionCookie, setCookie } from './cookies.js';
import { FormTokens } from './csrf.js';
import { assertSameSite } from './who-asks.js';
import { Standings } from './standings.js';

const asking = (headers: Record<string, string>, method = 'GET'): AskedRequest =>
  ({ headers, method, protocol: 'https', host: 'quy.example' }) as unknown as AskedRequest;

/** Just the part of an answer that keeps headers. */
function answering(protocol = 'https'): FastifyReply & { readonly cookies: () => readonly string[] } {
  const kept = new Map<string, unknown>();
  return {
    request: { protocol },
    getHeader: (name: string) => kept.get(name),
    header: (name: string, value: unknown) => kept.set(name, value),
    cookies: () => kept.get('set-cookie'),
  } as unknown as FastifyReply & { readonly cookies: () => readonly string[] };
}

describe('cookies', () => {
  it.each([
    ['a=1; mangnon_session=secret; b=2', 'secret'],
    ['mangnon_session=first; mangnon_session=second', 'first'],
    ['xmangnon_session=other', undefined],
    ['mangnon_session', undefined],
    ['', undefined],
  ])('%j holds the session %j', (cookie, value) => {
    expect(readCookie(asking({ cookie }), sessionCookie)).toBe(value);
  });

  it('are seen by no script, sent by no form of another site, and only over HTTPS where the page is', () => {
    const secure = answering();
    setCookie(secure, 'a', '1');
    expect(secure.cookies()).toEqual(['a=1; Path=/; HttpOnly; SameSite=Lax; Secure']);
    const plain = answering('http');
    setCookie(plain, 'a', '1', 60);
    expect(plain.cookies()).toEqual(['a=1; Path=/; HttpOnly; SameSite=Lax; Max-Age=60']);
  });

  it('stand beside others, and the last value of a name counts', () => {
    const reply = answering('http');
    setCookie(reply, 'a', '1');
    setCookie(reply, 'b', '2');
    setCookie(reply, 'a', '3');
    expect(reply.cookies().map((cookie) => cookie.split(';')[0])).toEqual(['b=2', 'a=3']);
  });
});

describe('the token of a form', () => {
  const tokens = new FormTokens(new Uint8Array(32).fill(1));
  const cookies = (form: string, session?: string): FastifyRequest =>
    asking({
      cookie: [`mangnon_form=${form}`, ...(session === undefined ? [] : [`mangnon_session=${session}`])].join(
        '; ',
      ),
    });

  it('belongs to one browser and one session', () => {
    const token = tokens.issue(cookies('f', 's'), answering());
    expect(tokens.matches(cookies('f', 's'), token)).toBe(true);
    for (const other of [cookies('g', 's'), cookies('f', 't'), cookies('f'), asking({})])
      expect(tokens.matches(other, token)).toBe(false);
    for (const wrong of [undefined, '', 'x', `${token}x`, 7])
      expect(tokens.matches(cookies('f', 's'), wrong)).toBe(false);
  });

  it('cannot be made without the key', () => {
    const others = new FormTokens(new Uint8Array(32).fill(2));
    expect(tokens.matches(cookies('f'), others.issue(cookies('f'), answering()))).toBe(false);
  });

  it('is the same for every form of a page that sets the cookie', () => {
    const [request, reply] = [asking({}), answering()];
    expect(tokens.issue(request, reply)).toBe(tokens.issue(request, reply));
    expect(reply.cookies()).toHaveLength(1);
  });
});

describe('a request with a cookie', () => {
  it.each<[string, Record<string, string>]>([
    ['from our own page', { 'sec-fetch-site': 'same-origin' }],
    ['typed in', { 'sec-fetch-site': 'none' }],
    ['from our origin, in an older browser', { origin: 'https://quy.example' }],
  ])('may change something %s', (_what, headers) => {
    expect(() => assertSameSite(asking(headers, 'POST'))).not.toThrow();
  });

  it.each<[string, Record<string, string>]>([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from a sister site', { 'sec-fetch-site': 'same-site', origin: 'https://quy.example' }],
    ['from another origin', { origin: 'https://elsewhere.example' }],
    ['from the same host without TLS', { origin: 'http://quy.example' }],
    ['from nowhere', {}],
  ])('may not change anything %s', (_what, headers) => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
      expect(() => assertSameSite(asking(headers, method))).toThrow('access/cross-site');
    expect(() => assertSameSite(asking(headers))).not.toThrow();
  });
});

describe('what access said of a secret', () => {
  function standings() {
    const clock = new SetClock('2025-05-29T01:00:00Z');
    const asked: string[] = [];
    const answers: (Standing | undefined | Error)[] = [];
    const door = {
      authenticate: (secret: string) => {
        asked.push(secret);
        const answer = answers.shift();
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    } as AccessDoor;
    return { clock, asked, answers, standings: new Standings(door, clock) };
  }
  const someone = { secondFactor: 'given' } as Standing;

  it('is believed for a second and not longer', async () => {
    const { clock, asked, answers, standings: kept } = standings();
    answers.push(someone, undefined);
    expect(await kept.find('a')).toBe(someone);
    clock.advance(999);
    expect(await kept.find('a')).toBe(someone);
    expect(asked).toEqual(['a']);
    clock.advance(1);
    expect(await kept.find('a')).toBeUndefined();
  });

  it('is asked once for many requests at once, and of each secret apart', async () => {
    const { asked, answers, standings: kept } = standings();
    answers.push(someone, undefined);
    expect(await Promise.all([kept.find('a'), kept.find('a'), kept.find('b')])).toEqual([
      someone,
      someone,
      undefined,
    ]);
    expect(asked).toEqual(['a', 'b']);
  });

  it('is asked again after a failure', async () => {
    const { answers, standings: kept } = standings();
    answers.push(new Error('down'), someone);
    await expect(kept.find('a')).rejects.toThrow('down');
    expect(await kept.find('a')).toBe(someone);
  });
});

describe('attempts', () => {
  it('are counted for each key in a window', () => {
    const attempts = new Attempts({ attemptsMax: 2, windowMs: 1000 });
    expect([attempts.take('a', 0), attempts.take('a', 10), attempts.take('b', 20)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(attempts.take('a', 400)).toBe(600);
    expect(attempts.take('a', 1000)).toBeUndefined();
  });
});
