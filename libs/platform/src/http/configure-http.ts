import type { CanActivate } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CLOCK, KNOWN_KEYS } from '../tokens.js';
import type { Clock } from '../clock.js';
import type { KnownKeys } from '../keys/key-pairs.js';
import { boundRequestsAtOnce } from './at-once.js';
import { useStrictBodies } from './body-parsers.js';
import { endConnectionsOnClose } from './connections.js';
import { ContextGuard } from './context-guard.js';
import { allowedMethods } from './methods.js';
import { ProblemFilter } from './problem-filter.js';
import { RequestFault } from './request-fault.js';
import { traceRequests } from '../tracing/traced-requests.js';
import { assertRoutesGuarded, routeTable } from './routes.js';
import { assertFewParameters, assertPlainPath, validationPipe } from './validation.js';

/** What differs between processes. */
export interface HttpOptions {
  /** The gateway's guard, where this process is the door itself; it runs before the service's guard. */
  readonly edgeGuards?: readonly CanActivate[];
}

const headers = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

/**
 * Gives an application our way with HTTP: strict bodies, validation, guards that deny by default, errors as
 * problem+json. Call it once, before `init` or `listen`. Throws when a route does not say who may call it.
 */
export function configureHttp(app: NestFastifyApplication, options: HttpOptions = {}): void {
  traceRequests(app, options.edgeGuards !== undefined);
  const routes = routeTable(app);
  assertRoutesGuarded(routes);
  const fastify = app.getHttpAdapter().getInstance();
  const methods = allowedMethods(fastify);
  fastify.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    assertFewParameters(request.query);
    assertPlainPath(request.params);
    if (!request.is404) return;
    const allow = methods(request.url);
    if (allow.length > 0)
      throw new RequestFault('http/method-not-allowed', { headers: { Allow: allow.join(', ') } });
  });
  boundRequestsAtOnce(app);
  endConnectionsOnClose(app);
  useStrictBodies(app, routes);
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter());
  const known = app.get<KnownKeys>(KNOWN_KEYS, { strict: false });
  const clock = app.get<Clock>(CLOCK, { strict: false });
  app.useGlobalGuards(...(options.edgeGuards ?? []), new ContextGuard(known, clock));
}
