import type { Admin } from 'kafkajs';
import { TopicCut } from '#kernel/topic-cut.js';
import type { OwnPartition } from './offset-commits.js';

/**
 * Notices partitions that end before what was read of them, since their topic was cut or made again: the client, which
 * then begins anew, would have what lies there now pass for what was read before.
 */
export class CutWatch {
  /** Readers of partitions that ended before them at the last look. */
  private suspected = new Set<OwnPartition['reader']>();

  constructor(
    private readonly admin: Pick<Admin, 'fetchTopicOffsets'>,
    private readonly own: () => readonly OwnPartition[],
  ) {}

  /** Throws {@link TopicCut} for what it finds twice in a row: a broker that has just taken over may lag for a moment. */
  async look(): Promise<void> {
    const short = new Set<OwnPartition['reader']>();
    for (const topic of new Set(this.own().map((one) => one.topic)))
      for (const { reader, partition } of await this.endingEarly(topic)) {
        if (this.suspected.has(reader))
          throw new TopicCut(topic, `partition ${String(partition)} ends before what was read of it`);
        short.add(reader);
      }
    this.suspected = short;
  }

  private async endingEarly(topic: string): Promise<readonly OwnPartition[]> {
    const read = this.own().flatMap((one) => {
      const { reached } = one.reader;
      return one.topic === topic && reached !== undefined ? [{ one, reached }] : [];
    });
    if (read.length === 0) return [];
    const ends = new Map<number, bigint>();
    for (const { partition, high } of await this.admin.fetchTopicOffsets(topic))
      ends.set(partition, BigInt(high));
    return read.flatMap(({ one, reached }) => ((ends.get(one.partition) ?? reached) < reached ? [one] : []));
  }
}
