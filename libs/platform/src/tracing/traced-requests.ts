import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { isTraceparent } from '#kernel/traceparent.js';
import { tracerHere, within, type OpenSpan } from './spans.js';

/** What watches over the process, and what the gateway asks by itself, is no part of anybody's trace. */
const untraced = /^\/(health\/|metrics$|internal\/description$)/;

/**
 * Answers requests in spans that go on in the trace of whoever asks (`traceparent`), who is a stranger where the process is
 * the `isDoor` to the outside. They name the route, never the address that was asked. Does nothing where nothing is traced;
 * call it before other hooks are added.
 */
export function traceRequests(app: NestFastifyApplication, isDoor: boolean): void {
  const tracer = tracerHere();
  if (!tracer) return;
  const spans = new WeakMap<object, OpenSpan>();
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!untraced.test(request.url)) {
      const { method, routeOptions, headers } = request;
      const route = routeOptions.url;
      const parent = isTraceparent(headers['traceparent']) ? headers['traceparent'] : undefined;
      const named = route === undefined ? {} : { 'http.route': route };
      const attributes = { 'http.request.method': method, ...named };
      const name = route === undefined ? method : `${method} ${route}`;
      const span = tracer.open({ name, kind: 'server', parent, isOfStranger: isDoor, attributes });
      spans.set(request, span);
      reply.raw.once('close', () => {
        span.add({ 'http.response.status_code': reply.statusCode });
        span.end(reply.statusCode >= 500 ? String(reply.statusCode) : undefined);
      });
    }
    done();
  });
  // By then the body is read, after which what came before is forgotten.
  fastify.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request);
    if (span) within({ traceparent: span.traceparent }, done);
    else done();
  });
}
