import replyFrom from '@fastify/reply-from';
import { HttpException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { serviceHeader } from '#platform/doors/service-token.js';
import { isRefused } from '#platform/doors/remote-door.js';
import { bodyBytesMax } from '#platform/http/body-parsers.js';
import { sendProblem } from '#platform/http/problem.js';
import { toldOf } from '#platform/http/problem-filter.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { contextHeader } from '#platform/http/signed-context.js';
import { traceHeaders } from '#platform/tracing/spans.js';
import { SignInGuard } from '../sign-in-guard.js';
import { WhoAsks } from '../who-asks.js';
import type { Destination, Upstream, Upstreams } from './upstreams.js';

/** How long a service may take to begin its answer, in milliseconds: longer than it gives itself. */
const answerWithinMs = 35_000;
/** So many requests wait for one service at once: fewer than are answered at once, so that one that hangs leaves room for others. */
const atOnceMax = 96;
/** Connections to each service: as many as are answered at once. */
const connectionsMax = 256;
/** A service that takes no connections is tried again so often, with so many milliseconds between: another may come up. */
const again = { timesMax: 20, afterMs: 100 } as const;

/**
 * Hands on to the services what is asked under `/v1`, with who asks as a signed context. Whether they may is each
 * service's to say, and so is whether a body is well formed; only the pace of guessing is kept here.
 */
export async function forwardRequests(app: NestFastifyApplication, upstreams: Upstreams): Promise<void> {
  const whoAsks = app.get(WhoAsks, { strict: false });
  const guard = app.get(SignInGuard, { strict: false });
  await app
    .getHttpAdapter()
    .getInstance()
    .register(async (scope: FastifyInstance) => {
      takeBodies(scope);
      scope.setErrorHandler((error, request, reply) => {
        const { code, answer, parts } = toldOf(asHttp(error), request, {});
        sendProblem(request, reply, code, answer, parts);
      });
      await scope.register(replyFrom, {
        disableRequestLogging: true,
        undici: { connections: connectionsMax, headersTimeout: answerWithinMs, bodyTimeout: answerWithinMs },
      });
      const underWay = new UnderWay();
      scope.all('/v1/*', async (request, reply) => {
        const destination = destinationOf(request, upstreams);
        const { method, ip } = request;
        guard.assertFew({ method, ip, path: destination.route, body: jsonOf(request.body) });
        underWay.take(destination.upstream, reply);
        const standing = destination.isPublic ? undefined : await whoAsks.find(request);
        const context = standing && (await whoAsks.context(standing, destination.upstream.name));
        return forward(request, reply, destination, context);
      });
    });
}

/** JSON is kept whole, so that it can be sent again where it never arrived; a file runs through. */
function takeBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: bodyBytesMax },
    (_request, bytes, done) => done(null, bytes),
  );
  scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}

/** What Fastify itself finds wrong says its status only. */
function asHttp(error: unknown): unknown {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status < 500 ? new HttpException('', status) : error;
}

/** How many requests wait for each service. */
class UnderWay {
  readonly #counts = new Map<string, number>();

  /** Counts one until it is answered; throws `http/busy` where too many wait. */
  take({ name }: Upstream, reply: FastifyReply): void {
    const count = this.#counts.get(name) ?? 0;
    if (count >= atOnceMax) throw new RequestFault('http/busy', { headers: { 'Retry-After': '1' } });
    this.#counts.set(name, count + 1);
    reply.raw.once('close', () => this.#counts.set(name, (this.#counts.get(name) ?? 1) - 1));
  }
}

function destinationOf({ method, url }: FastifyRequest, upstreams: Upstreams): Destination {
  const path = pathOf(url);
  const destination = upstreams.find(method === 'HEAD' ? 'GET' : method, path);
  if (destination) return destination;
  const allow = upstreams.methodsAt(path);
  if (allow.length > 0)
    throw new RequestFault('http/method-not-allowed', { headers: { Allow: allow.join(', ') } });
  if (upstreams.unknown.length > 0) throw new RequestFault('http/busy', { headers: { 'Retry-After': '2' } });
  throw new RequestFault('http/not-found');
}

/** The path as it came; throws `http/invalid` for one that cannot be decoded, `http/not-found` for an address of elsewhere. */
function pathOf(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  if (!path.startsWith('/')) throw new RequestFault('http/not-found');
  try {
    decodeURIComponent(path);
  } catch {
    throw new RequestFault('http/invalid');
  }
  return path;
}

/** As far as it can be told; the service refuses what is no JSON. */
function jsonOf(body: unknown): unknown {
  if (!Buffer.isBuffer(body)) return undefined;
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function forward(
  request: FastifyRequest,
  reply: FastifyReply,
  { upstream }: Destination,
  context: string | undefined,
): FastifyReply {
  const { body } = request;
  const trace = traceHeaders();
  const whole = Buffer.isBuffer(body) || body === undefined;
  // The query is taken from the request itself.
  return reply.from(`${upstream.url}${pathOf(request.url)}`, {
    ...(Buffer.isBuffer(body) && { body, contentType: 'application/json' }),
    rewriteRequestHeaders: (_request, headers) => ({
      ...withoutOurs(headers),
      ...trace,
      ...(context !== undefined && { [contextHeader]: context }),
      'x-forwarded-for': request.ip,
      'x-forwarded-proto': request.protocol,
      'x-forwarded-host': request.host,
    }),
    retryDelay: ({ err, attempt }) =>
      whole && isRefused(err) && attempt < again.timesMax ? again.afterMs : null,
    onError: (failed) => {
      failed.send(new RequestFault('http/busy', { headers: { 'Retry-After': '5' } }));
    },
  });
}

/** What only we may say, and what would let a client name itself. */
function withoutOurs(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const dropped = new Set([
    ...[contextHeader, serviceHeader, 'cookie', 'authorization', 'expect'],
    // Where the gateway traces nothing, nobody else says what the services are to trace.
    ...['traceparent', 'tracestate'],
  ]);
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !dropped.has(name.toLowerCase())),
  ) as Record<string, string>;
}
