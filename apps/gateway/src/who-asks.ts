import { Inject, Injectable } from '@nestjs/common';
import type { AccessDoor, Standing } from '#contracts/access-door.js';
import type { Clock } from '#platform/clock.js';
import type { AskedRequest } from '#platform/http/asked-by.js';
import { RequestFault } from '#platform/http/request-fault.js';
import type { Signer } from '#platform/keys/key-pairs.js';
import { signContext } from '#platform/http/signed-context.js';
import { ACCESS_DOOR, CLOCK, SIGNER } from '#platform/tokens.js';
import { readCookie, sessionCookie } from './cookies.js';
import { Standings } from './standings.js';

/** Finds out who asks, by a bearer secret or the session cookie. */
@Injectable()
export class WhoAsks {
  readonly #standings: Standings;
  /** Signed once for each service, for as long as a standing is believed. */
  readonly #contexts = new WeakMap<Standing, Map<string, Promise<string>>>();

  constructor(
    @Inject(ACCESS_DOOR) door: AccessDoor,
    @Inject(SIGNER) private readonly signer: Signer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#standings = new Standings(door, clock);
  }

  /**
   * How the one who asks stands; undefined when nobody shows a secret or it is nobody's. Throws `access/cross-site` and
   * `access/second-factor-required`.
   */
  async find(request: AskedRequest): Promise<Standing | undefined> {
    const secret = bearerOf(request) ?? cookieOf(request);
    const standing = secret === undefined ? undefined : await this.#standings.find(secret);
    if (standing?.secondFactor === 'asked') throw new RequestFault('access/second-factor-required');
    return standing;
  }

  /** The signed context that this service trusts. */
  context(standing: Standing, service: string): Promise<string> {
    const contexts = this.#contexts.get(standing) ?? new Map<string, Promise<string>>();
    this.#contexts.set(standing, contexts);
    const known = contexts.get(service);
    if (known) return known;
    const context = signContext(standing.caller, this.signer, service, this.clock.now());
    contexts.set(service, context);
    return context;
  }
}

function bearerOf({ headers }: AskedRequest): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,200})$/i.exec(headers.authorization ?? '')?.[1];
}

/** No secret of ours is longer. */
const secretCharsMax = 200;

function cookieOf(request: AskedRequest): string | undefined {
  const cookie = readCookie(request, sessionCookie);
  if (cookie === undefined || cookie.length > secretCharsMax) return undefined;
  assertSameSite(request);
  return cookie;
}

/**
 * A cookie is sent by the browser whoever wrote the page: what changes something must come from a page of ours. Throws
 * `access/cross-site`. (The cookie is SameSite=Lax besides, and forms carry a token.)
 */
export function assertSameSite(request: AskedRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const site = request.headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return;
  const { origin } = request.headers;
  if (site === undefined && origin === `${request.protocol}://${request.host}`) return;
  throw new RequestFault('access/cross-site');
}
