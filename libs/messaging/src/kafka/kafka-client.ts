import { Kafka, logLevel, type KafkaConfig as ClientConfig, type LogEntry, type SASLOptions } from 'kafkajs';
import { TopicCut } from '#kernel/topic-cut.js';
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

/** What the client says where a topic does not hold the offset at which it is to go on, before it goes on elsewhere. */
const outOfRange = 'Offset out of range, resetting to default offset';

/**
 * A client of the brokers; it logs nothing by itself, since whoever calls is told of what fails. Where a topic was cut or
 * made again it would begin anew at the topic's first message, commit that and tell nobody but its log: there its
 * membership ends with {@link TopicCut} instead, and the group stays where it stood.
 */
export function openKafka({ brokers, clientId, ssl, sasl }: KafkaConfig): Kafka {
  const config: ClientConfig = {
    ...timeouts,
    brokers: [...brokers],
    clientId,
    retry,
    logLevel: logLevel.ERROR,
    logCreator: () => assertInRange,
  };
  if (ssl) config.ssl = { ...ssl };
  if (sasl) config.sasl = { ...sasl } as SASLOptions;
  return new Kafka(config);
}

function assertInRange({ log }: LogEntry): void {
  if (log.message !== outOfRange) return;
  const where = `partition ${String(log['partition'])}`;
  const cut = `${where} does not hold the place that its group has read up to: it was cut or made again`;
  // The client tries again what does not say that it is of no use.
  throw Object.assign(new TopicCut(String(log['topic']), cut), { retriable: false });
}

/** Name of a group at the brokers: `mangnon.<service>.<topic>`, so that one prefix says what a service may join. */
export function groupIdOf(group: string, topic: string): string {
  return `mangnon.${group}.${topic.replace(/^mangnon\./, '')}`;
}

/** Whether the client says so: brokers that are away, refuse, or answer otherwise than they should. */
export function isKafkaError(error: unknown): error is Error {
  return error instanceof Error && error.name.startsWith('KafkaJS');
}

/** What a membership ended with: {@link TopicCut} where that is behind what the client makes of it. */
export function crashCause(crash: Error): Error {
  return crash.cause instanceof TopicCut ? crash.cause : crash;
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
