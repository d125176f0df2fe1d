import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '#platform/clock.js';
import { networkOf } from '#platform/http/network.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { CLOCK } from '#platform/tokens.js';
import { Attempts } from './attempts.js';

/** Paths of POSTs that guess a password, a code or a link, or cost a hash. */
export const guarded: ReadonlySet<string> = new Set([
  '/v1/sessions',
  '/v1/setup',
  '/v1/resets',
  '/v1/resets/password',
  '/v1/me/password',
  '/v1/me/second-factor/confirmation',
  '/sign-in',
  '/sign-in/code',
  '/second-factor/confirmation',
  '/setup',
  '/reset',
  '/password',
]);

const minuteMs = 60_000;

/**
 * Slows down who guesses: by network, and by login name there. Never by login name alone: whoever knows one could keep
 * its owner out from anywhere. Throws `http/too-many-requests`.
 */
@Injectable()
export class SignInGuard implements CanActivate {
  readonly #byNetwork = new Attempts({ attemptsMax: 60, windowMs: minuteMs });
  readonly #byLogin = new Attempts({ attemptsMax: 10, windowMs: minuteMs });

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.method !== 'POST' || !guarded.has(request.routeOptions.url ?? '')) return true;
    const now = this.clock.now().getTime();
    const login = loginOf(request.body);
    const network = networkOf(request.ip);
    const waitMs =
      this.#byNetwork.take(network, now) ??
      (login === undefined ? undefined : this.#byLogin.take(`${network} ${login}`, now));
    if (waitMs === undefined) return true;
    throw new RequestFault('http/too-many-requests', {
      headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) },
    });
  }
}

function loginOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('login' in body)) return undefined;
  return typeof body.login === 'string' ? body.login.trim().toLowerCase().slice(0, 64) : undefined;
}
