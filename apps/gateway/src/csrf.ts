import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { csrfCookie, readCookie, sessionCookie, setCookie } from './cookies.js';

/** Name of the hidden field that every form carries. */
export const csrfField = 'formToken';

/**
 * Binds forms to the browser and to its session: the field is an HMAC over a random cookie and the session, so that
 * neither another site nor a form of an earlier session can be sent.
 */
export class FormTokens {
  readonly #key: Buffer;
  /** The cookie given with this answer: a page may hold several forms. */
  readonly #given = new WeakMap<FastifyRequest, string>();

  /** The key is for this alone. */
  constructor(key: Uint8Array) {
    this.#key = Buffer.from(key);
  }

  /** The token for a form on this page; sets the cookie where there is none. */
  issue(request: FastifyRequest, reply: FastifyReply): string {
    const cookie = readCookie(request, csrfCookie) ?? this.#given.get(request) ?? this.#fresh(request, reply);
    return this.#token(cookie, readCookie(request, sessionCookie)).toString('base64url');
  }

  /** Whether the token belongs to this browser and session. */
  matches(request: FastifyRequest, token: unknown): boolean {
    const cookie = readCookie(request, csrfCookie);
    if (cookie === undefined || typeof token !== 'string') return false;
    const wanted = this.#token(cookie, readCookie(request, sessionCookie));
    const given = Buffer.from(token, 'base64url');
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  #fresh(request: FastifyRequest, reply: FastifyReply): string {
    const value = randomBytes(18).toString('base64url');
    this.#given.set(request, value);
    setCookie(reply, csrfCookie, value);
    return value;
  }

  #token(cookie: string, session: string | undefined): Buffer {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([cookie, session ?? '']))
      .digest();
  }
}
