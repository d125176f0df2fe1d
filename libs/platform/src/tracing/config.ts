import { z } from 'zod';
import { ConfigRefused } from '../config-refused.js';
import { givenIn } from '../settings.js';

const variables = z.object({
  /**
   * Collector that traces are sent to by OTLP over HTTP. Further variables of the specification, such as
   * `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_EXPORTER_OTLP_TIMEOUT`, are taken as it says.
   * @default none: nothing is traced
   * @example `http://collector.example:4318`
   */
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'is not an address such as http://collector.example:4318' })
    .optional(),
  /**
   * Share of the traces that are kept, from 0 to 1. A trace that a client brings (`traceparent`) is no exception, unless the
   * client says that it is not kept.
   * @default `1`
   * @example `0.1`
   */
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, 'is not a number from 0 to 1')
    .default('1'),
});

/** Where traces go. */
export interface TracingConfig {
  /** The collector's address for traces. */
  readonly url: string;
  /** From 0 to 1. */
  readonly share: number;
}

/** Reads the environment; undefined where nothing is to be traced. Throws {@link ConfigRefused} with every fault there is. */
export function readTracingConfig(environment: NodeJS.ProcessEnv = process.env): TracingConfig | undefined {
  const { success, data, error } = variables.safeParse(givenIn(environment));
  if (!success)
    throw new ConfigRefused(error.issues.map(({ path, message }) => `${path.join('.')} ${message}`));
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: share } = data;
  if (endpoint === undefined) return undefined;
  return { url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, share: Number(share) };
}
