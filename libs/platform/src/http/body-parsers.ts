import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RequestFault } from './request-fault.js';
import { decodeUtf8, malformed, parseStrictJson } from './strict-json.js';

/** The largest body of a request, in bytes. */
export const bodyBytesMax = 1_048_576;

/** Makes the application read bodies strictly: JSON, and forms of its own pages; any other type is refused. */
export function useStrictBodies(app: NestFastifyApplication): void {
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
  app.getHttpAdapter().getInstance().removeContentTypeParser('text/plain');
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

/** Fields of a form as a flat object; a field given twice, NUL and bytes that are not UTF-8 are refused. */
export function parseForm(bytes: Uint8Array): Readonly<Record<string, string>> {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const pair of decodeUtf8(bytes).split('&')) {
    if (pair === '') continue;
    const [name = '', value = ''] = splitOnce(pair).map(decodeFormText);
    if (name === '__proto__' || name in fields) throw malformed('a field given twice');
    if (value.includes('\0')) throw malformed('NUL in text');
    fields[name] = value;
  }
  return { ...fields };
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
