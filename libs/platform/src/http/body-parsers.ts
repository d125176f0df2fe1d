import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { RequestFault } from './request-fault.js';
import type { RouteRow } from './routes.js';
import { decodeUtf8, jsonLimits, malformed, parseStrictJson } from './strict-json.js';

/** The largest body of a request, in bytes. */
export const bodyBytesMax = 1_048_576;
/** The largest body of a request to a route that anybody may call, in bytes. */
export const publicBodyBytesMax = 16_384;

/**
 * Makes the application read bodies strictly: JSON, forms of its own pages, and files where a route takes one; any other
 * type is refused. What anybody may send is at most {@link publicBodyBytesMax}. Call it before the routes are registered.
 */
export function useStrictBodies(app: NestFastifyApplication, routes: readonly RouteRow[]): void {
  const open = routes.filter(({ access }) => access?.kind === 'public');
  const isOpen = new Set(open.map(({ method, path }) => `${method} ${path}`));
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    const methods = [route.method].flat();
    if (methods.some((method) => isOpen.has(`${method} ${route.url}`))) route.bodyLimit = publicBodyBytesMax;
  });
  app.useBodyParser('application/json', { bodyLimit: bodyBytesMax }, (_request, bytes, done) => {
    parseWith(parseJson, bytes, done);
  });
  app.useBodyParser(
    'application/x-www-form-urlencoded',
    { bodyLimit: bodyBytesMax },
    (request, bytes, done) => {
      // A form of another site can be sent with somebody's cookies; the API takes JSON only.
      if (request.routeOptions.url?.startsWith('/v1/'))
        done(new RequestFault('http/unsupported-media-type'), undefined);
      else parseWith(parseForm, bytes, done);
    },
  );
  fastify.removeContentTypeParser('text/plain');
  takeFiles(fastify, routes);
}

/** A file is handed on unread: nobody's is held in memory before it is known whose it is. */
function takeFiles(fastify: FastifyInstance, routes: readonly RouteRow[]): void {
  const types = new Map(
    routes.flatMap(({ method, path, file }) => (file ? [[`${method} ${path}`, file.types] as const] : [])),
  );
  const all = [...new Set([...types.values()].flat())];
  if (all.length === 0) return;
  fastify.addContentTypeParser(all, (request, payload, done) => {
    const taken = types.get(`${request.method} ${request.routeOptions.url ?? ''}`) ?? [];
    const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';', 1);
    if (taken.includes(type.trim())) done(null, payload);
    else done(new RequestFault('http/unsupported-media-type'), undefined);
  });
}

type Done = (error: Error | null, value?: unknown) => void;

function parseWith(parse: (bytes: Uint8Array) => unknown, body: unknown, done: Done): void {
  let value: unknown;
  try {
    value = parse(body as Uint8Array);
  } catch (error) {
    done(error instanceof Error ? error : new RequestFault('http/malformed-body'));
    return;
  }
  done(null, value);
}

function parseJson(bytes: Uint8Array): unknown {
  return bytes.byteLength === 0 ? undefined : parseStrictJson(bytes);
}

/** Fields of a form as a flat object; too many, one given twice, NUL and bytes that are not UTF-8 are refused. */
export function parseForm(bytes: Uint8Array): Readonly<Record<string, string>> {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const pair of pairsOf(decodeUtf8(bytes))) {
    const [name = '', value = ''] = splitOnce(pair).map(decodeFormText);
    if (name === '__proto__' || name in fields) throw malformed('a field given twice');
    if (value.includes('\0')) throw malformed('NUL in text');
    fields[name] = value;
  }
  return { ...fields };
}

function pairsOf(text: string): readonly string[] {
  const pairs = text.split('&', jsonLimits.keys + 1);
  if (pairs.length > jsonLimits.keys) throw malformed('too many fields');
  return pairs.filter((pair) => pair !== '');
}

function splitOnce(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

function decodeFormText(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw malformed('not UTF-8');
  }
}
