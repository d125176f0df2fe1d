import { randomUUID } from 'node:crypto';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { bodyBytesMax } from './body-parsers.js';

/** How the HTTP server is reached. */
export interface AdapterOptions {
  /** Addresses of the proxies in front whose X-Forwarded-* headers are believed; nobody's when absent. */
  readonly trustedProxies?: readonly string[];
}

/** The Fastify adapter that every process is made with; {@link configureHttp} does the rest. */
export function httpAdapter(options: AdapterOptions = {}): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: bodyBytesMax,
    requestTimeout: 30_000,
    genReqId: () => randomUUID(),
    trustProxy: options.trustedProxies ? [...options.trustedProxies] : false,
    routerOptions: { maxParamLength: 200, caseSensitive: true },
  });
}
