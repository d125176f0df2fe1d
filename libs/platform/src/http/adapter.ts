import { randomUUID } from 'node:crypto';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bodyBytesMax } from './body-parsers.js';
import { platformAnswers } from './platform-answers.js';
import { sendProblem } from './problem.js';

/** How the HTTP server is reached. */
export interface AdapterOptions {
  /** Addresses and networks of the proxies in front whose X-Forwarded-* headers are believed; nobody's when absent. */
  readonly trustedProxies?: readonly string[];
}

/** The Fastify adapter that every process is made with; {@link configureHttp} does the rest. */
export function httpAdapter(options: AdapterOptions = {}): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: bodyBytesMax,
    requestTimeout: 30_000,
    genReqId: () => randomUUID(),
    // An address that cannot be decoded never reaches a filter.
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(request, reply, 'http/invalid', platformAnswers['http/invalid']);
    },
    trustProxy: options.trustedProxies ? [...options.trustedProxies] : false,
    routerOptions: { maxParamLength: 200, caseSensitive: true },
  });
}
