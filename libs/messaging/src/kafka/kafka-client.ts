import { Kafka, logLevel, type KafkaConfig as ClientConfig, type SASLOptions } from 'kafkajs';
import type { KafkaConfig } from './kafka.config.js';

/** Short enough that a broker that is gone is noticed within seconds, and another one asked. */
const timeouts = { connectionTimeout: 3_000, authenticationTimeout: 5_000, requestTimeout: 10_000 } as const;

const retry = {
  initialRetryTime: 100,
  maxRetryTime: 1_000,
  multiplier: 1.6,
  factor: 0.2,
  retries: 6,
} as const;

/** A client of the brokers; it logs nothing by itself, since whoever calls is told of what fails. */
export function openKafka({ brokers, clientId, ssl, sasl }: KafkaConfig): Kafka {
  const config: ClientConfig = {
    ...timeouts,
    brokers: [...brokers],
    clientId,
    retry,
    logLevel: logLevel.NOTHING,
  };
  if (ssl) config.ssl = { ...ssl };
  if (sasl) config.sasl = { ...sasl } as SASLOptions;
  return new Kafka(config);
}

/** Name of a group at the brokers: `mangnon.<service>.<topic>`, so that one prefix says what a service may join. */
export function groupIdOf(group: string, topic: string): string {
  return `mangnon.${group}.${topic.replace(/^mangnon\./, '')}`;
}

/** Whether the client says so: brokers that are away, refuse, or answer otherwise than they should. */
export function isKafkaError(error: unknown): error is Error {
  return error instanceof Error && error.name.startsWith('KafkaJS');
}

/** Kafka's own name of an error, such as `REBALANCE_IN_PROGRESS`, wherever in its causes it stands; undefined without one. */
export function kafkaErrorType(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { type, cause, originalError } = error as Readonly<
    Record<'type' | 'cause' | 'originalError', unknown>
  >;
  if (typeof type === 'string') return type;
  for (const inner of [cause, originalError])
    if (inner !== error) {
      const found = kafkaErrorType(inner);
      if (found !== undefined) return found;
    }
  return undefined;
}
