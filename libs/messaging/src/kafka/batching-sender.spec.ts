import { describe, expect, it } from '@jest/globals';
import type { Kafka, ProducerBatch } from 'kafkajs';
import { BatchingSender } from './batching-sender.js';

/** A sender whose brokers refuse whatever is longer than `bytesMax` for a topic, and what they took: keys by call. */
function rig(bytesMax = 1_000_000) {
  const calls: string[][] = [];
  const producer = {
    connect: async () => undefined,
    disconnect: async () => undefined,
    sendBatch: async ({ topicMessages = [] }: ProducerBatch) => {
      const bytes = new Map<string, number>();
      for (const { topic, messages } of topicMessages)
        for (const { value } of messages)
          bytes.set(topic, (bytes.get(topic) ?? 0) + Buffer.byteLength(value ?? ''));
      if ([...bytes.values()].some((one) => one > bytesMax)) throw new Error('too large');
      calls.push(topicMessages.flatMap(({ messages }) => messages.map(({ key }) => String(key))));
      return [];
    },
  };
  return { sender: new BatchingSender({ producer: () => producer } as unknown as Kafka), producer, calls };
}

const record = (key: string, bytes: number) => ({ key, value: Buffer.alloc(bytes), timeMs: 1 });

describe('what the sender of a process puts into one call', () => {
  it('is of each topic no more than a call takes, in order and whoever gave it', async () => {
    const { sender, calls } = rig();
    await Promise.all([
      sender.send('t', [record('a', 400_000), record('b', 400_000), record('c', 400_000)]),
      sender.send('u', [record('x', 800_000)]),
      ...['d', 'e', 'f'].map((key) => sender.send('t', [record(key, 10)])),
      sender.send('t', []),
    ]);
    expect(calls).toEqual([
      ['a', 'b', 'x'],
      ['c', 'd', 'e', 'f'],
    ]);
    await sender.close();
  });

  it('lets what is too large fail alone, and nothing that was given with it go on behind it', async () => {
    const { sender, calls } = rig();
    const answers = await Promise.allSettled([
      sender.send('t', [record('a', 800_000)]),
      sender.send('t', [record('large', 1_100_000), record('behind', 1)]),
      sender.send('t', [record('b', 1)]),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(calls).toEqual([['a'], ['b']]);
    await sender.close();
  });
});

describe('the sender of a process', () => {
  it('lets go of a connection that comes about by half', async () => {
    const { sender, producer } = rig();
    let disconnects = 0;
    producer.connect = () => Promise.reject(new Error('no producer id'));
    producer.disconnect = async () => void (disconnects += 1);
    await expect(sender.send('t', [record('a', 1)])).rejects.toThrow('no producer id');
    expect(disconnects).toBe(1);
  });
});
