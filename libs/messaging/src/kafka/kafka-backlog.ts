import type { Admin } from 'kafkajs';
import type { EventStore } from '#event-store/event-store.js';
import type { TopicSource } from '#kernel/message.js';
import type { TopicDeclaration } from '#kernel/topic.js';
import type { Backlog } from '../backlog.js';
import { FirstBehind } from '../first-behind.js';
import type { PublisherPlaces } from '../publisher-places.js';
import type { KafkaConfig } from './kafka.config.js';
import { groupIdOf, openKafka } from './kafka-client.js';

/** What a {@link KafkaBacklog} looks at. */
export interface KafkaBacklogOptions {
  readonly config: KafkaConfig;
  readonly topics: readonly TopicDeclaration[];
  /** Of topics that this process publishes, what waits to be sent counts as unhandled, too. */
  readonly unsent?: {
    readonly store: EventStore;
    readonly sources: readonly TopicSource[];
    readonly places: PublisherPlaces;
  };
}

/** Where a group stands in a partition in which something waits. */
interface Lag {
  readonly partition: number;
  /** Offset of the first unhandled message. */
  readonly offset: bigint;
}

/** What was found of a lag, for as long as that stays. */
interface Known {
  readonly lags: string;
  readonly time: string;
}

/**
 * Backlogs of groups at the brokers, over all processes: by their committed offsets, without reading a message. The
 * brokers index messages by the time at which their events were recorded, so that asking where a time stands tells what
 * is older; the answer is exact to a millisecond and kept while the group stands where it stood.
 */
export class KafkaBacklog implements Backlog {
  private readonly admin: Admin;
  private readonly known = new Map<string, Known>();
  private readonly firstBehind: FirstBehind | undefined;
  private connecting: Promise<void> | undefined;

  constructor(private readonly options: KafkaBacklogOptions) {
    this.admin = openKafka(options.config).admin();
    this.firstBehind = options.unsent && new FirstBehind(options.unsent.store);
  }

  async oldestUnhandled(group: string, topic: string): Promise<string | undefined> {
    if (!this.options.topics.some(({ name }) => name === topic))
      throw new RangeError(`nobody publishes ${topic}`);
    return (await this.oldestSent(group, topic)) ?? this.oldestUnsent(topic);
  }

  async close(): Promise<void> {
    if (this.connecting) await this.admin.disconnect();
  }

  private async oldestUnsent(topic: string): Promise<string | undefined> {
    const { sources, places } = this.options.unsent ?? {};
    const source = sources?.find((one) => one.topic === topic);
    if (!source) return undefined;
    return this.firstBehind?.time(`publisher:${topic}`, await places?.standing(topic), source);
  }

  private async oldestSent(group: string, topic: string): Promise<string | undefined> {
    await this.connect();
    const lags = await this.lagsOf(groupIdOf(group, topic), topic);
    if (lags.length === 0) return undefined;
    const standing = lags.map(({ partition, offset }) => `${String(partition)}:${String(offset)}`).join();
    const name = groupIdOf(group, topic);
    const before = this.known.get(name);
    if (before?.lags === standing) return before.time;
    const time = new Date(await this.timeOfFirst(topic, lags)).toISOString();
    this.known.set(name, { lags: standing, time });
    return time;
  }

  private async lagsOf(groupId: string, topic: string): Promise<readonly Lag[]> {
    const [ends, [committed]] = await Promise.all([
      this.admin.fetchTopicOffsets(topic),
      this.admin.fetchOffsets({ groupId, topics: [topic] }),
    ]);
    const handled = new Map(
      committed?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]),
    );
    return ends.flatMap(({ partition, high, low }) => {
      const stands = handled.get(partition) ?? -1n;
      const offset = stands < 0n ? BigInt(low) : stands;
      return offset < BigInt(high) ? [{ partition, offset }] : [];
    });
  }

  /** The latest time that no waiting message is older than, in milliseconds: that of the oldest one. */
  private async timeOfFirst(topic: string, lags: readonly Lag[]): Promise<number> {
    const isOlder = async (timeMs: number): Promise<boolean> => {
      const found = await this.admin.fetchTopicOffsetsByTimestamp(topic, timeMs);
      const stands = new Map(found.map(({ partition, offset }) => [partition, BigInt(offset)]));
      return lags.some(({ partition, offset }) => (stands.get(partition) ?? offset) > offset);
    };
    let [from, to] = [Date.now(), Date.now() + 1];
    for (let step = 1_000; from > 0 && (await isOlder(from)); step *= 2) {
      to = from;
      from = Math.max(0, from - step);
    }
    while (to - from > 1) {
      const middle = Math.floor((from + to) / 2);
      if (await isOlder(middle)) to = middle;
      else from = middle;
    }
    return from;
  }

  private connect(): Promise<void> {
    this.connecting ??= this.admin.connect().catch((cause: unknown) => {
      this.connecting = undefined;
      throw cause;
    });
    return this.connecting;
  }
}
