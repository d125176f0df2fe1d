import { describe, expect, it } from '@jest/globals';
import type { EachBatchHandler, Kafka } from 'kafkajs';
import { TopicCut } from '#kernel/topic-cut.js';
import { TopicReader } from './topic-reading.js';

/** One partition as the client shows it: batches of these offsets, handed over whenever it is resumed. */
class OnePartition {
  /** What brokers answer when they answer at all. */
  answers: 'all' | 'ends alone' | 'nothing' = 'all';
  /** Runs whenever more is asked for. */
  asked: () => void = () => undefined;
  #handler: EachBatchHandler | undefined;

  constructor(private readonly batches: readonly (readonly number[])[]) {}

  get kafka(): Kafka {
    const nothing = async (): Promise<void> => undefined;
    const admin = {
      ...{ connect: nothing, disconnect: nothing, deleteGroups: nothing },
      fetchTopicOffsets: () => (this.answers === 'nothing' ? never : this.#ends()),
    };
    const consumer = {
      ...{ events: { CRASH: 'crash' }, connect: nothing, disconnect: nothing, subscribe: nothing },
      ...{ on: () => undefined, pause: () => undefined, seek: () => undefined },
      run: async ({ eachBatch }: { eachBatch: EachBatchHandler }) => void (this.#handler = eachBatch),
      resume: () => {
        this.asked();
        if (this.answers === 'all') void this.#handOver();
      },
    };
    return { admin: () => admin, consumer: () => consumer } as unknown as Kafka;
  }

  async #ends() {
    const high = String(Math.max(...this.batches.flat()) + 1);
    return [{ partition: 0, low: '0', high }];
  }

  async #handOver(): Promise<void> {
    for (const offsets of this.batches)
      await this.#handler?.({
        batch: { partition: 0, messages: offsets.map((offset) => ({ offset: String(offset) })) },
        resolveOffset: () => undefined,
        heartbeat: async () => undefined,
      } as unknown as Parameters<EachBatchHandler>[0]);
  }
}

const never = new Promise<never>(() => undefined);

function reading(partition: OnePartition) {
  const taken: string[] = [];
  const reader = new TopicReader(partition.kafka, 'test.numbers.v1', 'readers');
  const stopping = new AbortController();
  const take = async (records: readonly { readonly offset: string }[]): Promise<void> =>
    void taken.push(...records.map(({ offset }) => offset));
  return { reader, stopping, taken, take, signal: stopping.signal };
}

describe('a topic read from its first record', () => {
  it('is taken once, though some of it is fetched again', async () => {
    const { reader, taken, take, signal } = reading(
      new OnePartition([
        [0, 1],
        [1, 2],
      ]),
    );
    await reader.readOn(take, signal);
    expect(taken).toEqual(['0', '1', '2']);
  });

  it.each([[[[1, 2]]], [[[0, 1, 3, 4]]], [[[0, 1], [3]]]])(
    'is refused with a hole, wherever it is: %j',
    async (batches) => {
      const { reader, taken, take, signal } = reading(new OnePartition(batches));
      await expect(reader.readOn(take, signal)).rejects.toThrow(TopicCut);
      expect(taken.every((offset) => offset < '2')).toBe(true);
    },
  );

  it.each(['ends alone', 'nothing'] as const)(
    'is given up at the signal where brokers answer %s, and read on afterwards',
    async (answers) => {
      const partition = new OnePartition([[0, 1]]);
      const { reader, stopping, taken, take, signal } = reading(partition);
      partition.answers = answers;
      partition.asked = () => stopping.abort();
      const ended = reader.readOn(take, signal);
      if (answers === 'nothing') stopping.abort();
      await ended;
      expect(taken).toEqual([]);
      partition.answers = 'all';
      await reader.readOn(take, new AbortController().signal);
      expect(taken).toEqual(['0', '1']);
    },
  );

  it('is not given up before what is being taken has ended, and tells how', async () => {
    const { reader, stopping, signal } = reading(new OnePartition([[0], [1]]));
    let ended: Promise<void> = Promise.resolve();
    let fail: (cause: Error) => void = () => undefined;
    const taking = new Promise<void>((_, reject) => (fail = reject));
    const begun = new Promise<void>((resolve) => {
      const take = (): Promise<void> => {
        resolve();
        return taking;
      };
      ended = reader.readOn(take, signal);
    });
    await begun;
    stopping.abort();
    const first = await Promise.race([
      ended.then(() => 'given up'),
      new Promise((resolve) => setImmediate(() => resolve(undefined))),
    ]);
    expect(first).toBeUndefined();
    fail(new Error('no room'));
    await expect(ended).rejects.toThrow('no room');
  });
});
