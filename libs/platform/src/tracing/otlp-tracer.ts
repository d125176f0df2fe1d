import { randomInt, randomUUID } from 'node:crypto';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer as ApiTracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TracingConfig } from './config.js';
import type { OpenSpan, SpanAttributes, SpanStart, Tracer } from './spans.js';

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;

/** Sends spans to a collector by OTLP over HTTP, in the background and in batches. */
export class OtlpTracer implements Tracer {
  readonly #provider: TracerProvider;
  readonly #tracer: ApiTracer;

  constructor(
    service: string,
    private readonly config: TracingConfig,
  ) {
    const { url, share } = config;
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': service, 'service.instance.id': randomUUID() }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
      spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
    });
    this.#tracer = this.#provider.getTracer('mangnon');
  }

  open({ name, kind, parent, isOfStranger = false, attributes }: SpanStart): OpenSpan {
    const options = { kind: kinds[kind], ...(attributes && { attributes }) };
    return new OtlpSpan(
      this.#tracer.startSpan(name, options, contextOf(isOfStranger ? this.#drawn(parent) : parent)),
    );
  }

  /** By lot, since whoever chose the trace's id could choose one that is kept. */
  #drawn(parent: string | undefined): string | undefined {
    const isKept = randomInt(1_000_000) < this.config.share * 1_000_000;
    return isKept ? parent : parent?.replace(/..$/, '00');
  }

  async flush(): Promise<void> {
    await this.#provider.forceFlush().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#provider.shutdown().catch(() => undefined);
  }
}

class OtlpSpan implements OpenSpan {
  readonly traceparent: string;

  constructor(private readonly span: Span) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  }

  add(attributes: SpanAttributes): void {
    this.span.setAttributes({ ...attributes });
  }

  /** The text of an error may hold data; its name does not. */
  end(failure?: unknown): void {
    if (failure !== undefined) {
      this.span.setAttribute('error.type', failure instanceof Error ? failure.name : typeof failure);
      this.span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.span.end();
  }
}

function contextOf(parent: string | undefined): Context {
  if (parent === undefined) return ROOT_CONTEXT;
  const [, traceId = '', spanId = '', flags = ''] = parent.split('-');
  const traceFlags = Number.parseInt(flags, 16);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}
