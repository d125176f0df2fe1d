import { setTimeout as delay } from 'node:timers/promises';
import { readTracingConfig, type TracingConfig } from './config.js';
import { traceBy } from './spans.js';

/** What sends the spans of a process away. */
export interface Tracing {
  /** Sends what there is; resolves also where the collector is away. */
  flush(): Promise<void>;
  /** Traces nothing any more and sends what there is, for a few seconds at most. */
  close(): Promise<void>;
}

const closesWithinMs = 3_000;
const nothing: Tracing = { flush: () => Promise.resolve(), close: () => Promise.resolve() };

/**
 * Begins to trace where the environment names a collector; before any adapter is opened or app made. Otherwise
 * OpenTelemetry's SDK is not even loaded. Spans are sent in the background, and dropped where the collector is away.
 */
export async function openTracing(
  service: string,
  config: TracingConfig | undefined = readTracingConfig(),
): Promise<Tracing> {
  if (!config) return nothing;
  const { OtlpTracer } = await import('./otlp-tracer.js');
  const tracer = new OtlpTracer(service, config);
  traceBy(tracer);
  return {
    flush: () => tracer.flush(),
    close: async () => {
      traceBy(undefined);
      await Promise.race([tracer.close(), delay(closesWithinMs, undefined, { ref: false })]);
    },
  };
}
