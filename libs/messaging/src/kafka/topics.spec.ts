import { describe, expect, it } from '@jest/globals';
import type { Admin } from 'kafkajs';
import type { TopicDeclaration } from '#kernel/topic.js';
import { numbersTopicOf } from '#testing/messaging-kafka.js';
import { TopicMismatch } from './topic-mismatch.js';
import { assertTopics } from './topics.js';

const topic = numbersTopicOf('test.numbers.v1');

/** Brokers that have the topic with these settings, or fail to say. */
function brokers(settings: Readonly<Record<string, string>> | Error): Admin {
  return {
    fetchTopicMetadata: async () => ({ topics: [{ name: topic.name, partitions: [0, 1, 2] }] }),
    describeConfigs: async () => {
      if (settings instanceof Error) throw settings;
      const entries = Object.entries(settings);
      const configEntries = entries.map(([configName, configValue]) => ({ configName, configValue }));
      return { resources: [{ resourceName: topic.name, configEntries }] };
    },
  } as unknown as Admin;
}

const kept = { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' };
const asserted = (settings: Readonly<Record<string, string>> | Error, declared: TopicDeclaration = topic) =>
  assertTopics(brokers(settings), [declared]);

describe('a topic that keeps its messages', () => {
  it.each([
    ['cleanup.policy', 'compact'],
    ['cleanup.policy', 'compact,delete'],
    ['retention.ms', '604800000'],
    ['retention.bytes', '1073741824'],
  ])('is refused where brokers drop some by %s=%s', async (name, value) => {
    const refused = asserted({ ...kept, [name]: value });
    await expect(refused).rejects.toThrow(TopicMismatch);
    await expect(refused).rejects.toThrow(
      `the topic test.numbers.v1 has ${name}=${value.split(',')[0] ?? ''}`,
    );
  });

  it('is not where they keep all, or were told to drop them', async () => {
    await asserted(kept);
    await asserted({ ...kept, 'cleanup.policy': 'compact' }, { ...topic, compaction: true });
    await asserted({ ...kept, 'retention.ms': '1000' }, { ...topic, retentionMs: 1_000 });
  });

  it('is taken as it is where brokers do not say how it is set, and nothing else that fails is', async () => {
    const failing = (type: string): Error => Object.assign(new Error(type), { type });
    await asserted(failing('TOPIC_AUTHORIZATION_FAILED'));
    await expect(asserted(failing('REQUEST_TIMED_OUT'))).rejects.toThrow('REQUEST_TIMED_OUT');
  });
});
