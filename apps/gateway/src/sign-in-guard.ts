import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '#platform/clock.js';
import { guessingPaths } from '#platform/http/guessing-paths.js';
import { networkOf } from '#platform/http/network.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { CLOCK } from '#platform/tokens.js';
import { Attempts } from './attempts.js';

const minuteMs = 60_000;

/** What may be a guess. */
export interface Attempt {
  readonly method: string;
  readonly path: string;
  /** Address that it comes from. */
  readonly ip: string;
  readonly body: unknown;
}

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
    const { method, routeOptions, ip, body } = context.switchToHttp().getRequest<FastifyRequest>();
    this.assertFew({ method, path: routeOptions.url ?? '', ip, body });
    return true;
  }

  /** Throws `http/too-many-requests` where this is one guess too many. */
  assertFew({ method, path, ip, body }: Attempt): void {
    if (method !== 'POST' || !guessingPaths.has(path)) return;
    const now = this.clock.now().getTime();
    const login = loginOf(body);
    const network = networkOf(ip);
    const waitMs =
      this.#byNetwork.take(network, now) ??
      (login === undefined ? undefined : this.#byLogin.take(`${network} ${login}`, now));
    if (waitMs === undefined) return;
    throw new RequestFault('http/too-many-requests', {
      headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) },
    });
  }
}

function loginOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('login' in body)) return undefined;
  return typeof body.login === 'string' ? body.login.trim().toLowerCase().slice(0, 64) : undefined;
}
