import { describe } from '@jest/globals';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KafkaConfig } from '#messaging/kafka/kafka.config.js';
import { brokersOfTests } from './kafka.config.js';
import { inCi } from './run.config.js';

/** Suites on the shared broker of `npm run engines`: skipped by name where none runs, but in CI they fail. */
export const describeWithKafka = brokersOfTests === undefined && !inCi ? describe.skip : describe;

/** How tests reach the shared broker; throws where there is none. */
export function kafkaOfTests(): KafkaConfig {
  if (!brokersOfTests) throw new Error('no Kafka here: run npm run engines, or set KAFKA_BROKERS');
  return { brokers: brokersOfTests, clientId: 'mangnon-tests' };
}

const jars = fileURLToPath(new URL('../../../deploy/local/jars/pom.sha256', import.meta.url));

/** Suites that start brokers of their own: they need Kafka's programs, which `npm run engines` fetches once. */
export const describeWithOwnKafka = existsSync(jars) || inCi ? describe : describe.skip;
