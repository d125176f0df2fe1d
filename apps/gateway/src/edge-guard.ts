import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { AccessDoor, Standing } from '#contracts/access-door.js';
import type { Clock } from '#platform/clock.js';
import type { AskedRequest } from '#platform/http/asked-by.js';
import { accessOf, assertAllowed } from '#platform/http/context-guard.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { contextHeader, signContext } from '#platform/http/signed-context.js';
import { ACCESS_DOOR, CLOCK, CONTEXT_KEY } from '#platform/tokens.js';
import { readCookie, sessionCookie } from './cookies.js';
import { Standings } from './standings.js';

/**
 * The door's guard: finds out who asks by a bearer secret or the session cookie, checks the route, and hands the caller on
 * as a signed context. What a client sends as such a context is thrown away.
 */
@Injectable()
export class EdgeGuard implements CanActivate {
  readonly #standings: Standings;
  /** Signed once for as long as a standing is believed. */
  readonly #contexts = new WeakMap<Standing, Promise<string>>();

  constructor(
    @Inject(ACCESS_DOOR) door: AccessDoor,
    @Inject(CONTEXT_KEY) private readonly contextKey: Uint8Array,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#standings = new Standings(door, clock);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<AskedRequest>();
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a fixed header name
    delete request.headers[contextHeader];
    const access = accessOf(context.getHandler(), context.getClass());
    if (access?.kind === 'public') return true;
    const standing = await this.#standingOf(request);
    assertAllowed(access, standing?.caller);
    if (standing) request.headers[contextHeader] = await this.#contextOf(standing);
    return true;
  }

  #contextOf(standing: Standing): Promise<string> {
    let context = this.#contexts.get(standing);
    if (!context) {
      context = signContext(standing.caller, this.contextKey, this.clock.now());
      this.#contexts.set(standing, context);
    }
    return context;
  }

  async #standingOf(request: AskedRequest): Promise<Standing | undefined> {
    const secret = bearerOf(request) ?? cookieOf(request);
    const standing = secret === undefined ? undefined : await this.#standings.find(secret);
    if (standing?.secondFactor === 'asked') throw new RequestFault('access/second-factor-required');
    return standing;
  }
}

function bearerOf({ headers }: AskedRequest): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,200})$/i.exec(headers.authorization ?? '')?.[1];
}

function cookieOf(request: AskedRequest): string | undefined {
  const cookie = readCookie(request, sessionCookie);
  if (cookie !== undefined) assertSameSite(request);
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
