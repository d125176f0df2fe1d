import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it arrived. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first of a trace that nobody outside began. */
  readonly parentSpanId: string;
  readonly name: string;
  /** `service.name` of who sent it. */
  readonly service: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<CollectedSpan, 'parentSpanId' | 'service' | 'attributes'> & {
        readonly parentSpanId?: string;
        readonly attributes: readonly Attribute[];
      })[];
    }[];
  }[];
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A collector of traces that keeps what it is sent, by OTLP over HTTP as JSON. */
export interface OtlpCollector {
  readonly url: string;
  /** What has arrived so far; and the same as text, just as it was sent. */
  readonly spans: readonly CollectedSpan[];
  readonly texts: readonly string[];
  close(): Promise<void>;
}

/** Starts a collector on a free port of this machine. */
export async function startOtlpCollector(): Promise<OtlpCollector> {
  const spans: CollectedSpan[] = [];
  const texts: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      texts.push(text);
      spans.push(...spansIn(JSON.parse(text) as Sent));
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    spans,
    texts,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function spansIn({ resourceSpans }: Sent): readonly CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap((scope) =>
      scope.spans.map(({ traceId, spanId, parentSpanId = '', name, attributes }) => ({
        ...{ traceId, spanId, parentSpanId, name, service },
        attributes: valuesOf(attributes),
      })),
    );
  });
}

function valuesOf(attributes: readonly Attribute[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** The names of the spans from the first of a trace down to the last one of this name, such as `POST /v1/x > append`. */
export function wayTo(spans: readonly CollectedSpan[], traceId: string, name: string): string {
  const ofTrace = spans.filter((span) => span.traceId === traceId);
  const byId = new Map(ofTrace.map((span) => [span.spanId, span]));
  const way: string[] = [];
  for (let span = ofTrace.findLast((one) => one.name === name); span; span = byId.get(span.parentSpanId))
    way.unshift(span.name);
  return way.join(' > ');
}
