import type { Admin } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore } from '#event-store/event-store.js';
import type { TopicSource } from '#kernel/message.js';
import type { TopicDeclaration } from '#kernel/topic.js';
import { BacklogUnknown, type Backlog } from '../backlog.js';
import { FirstBehind } from '../first-behind.js';
import type { PublisherPlaces } from '../publisher-places.js';
import type { KafkaConfig } from './kafka.config.js';
import { groupIdOf, isKafkaError, openKafka } from './kafka-client.js';

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

/** Commands wait for the answer, so that brokers which are silent must not hold it longer. */
const answerWithinMs = 1_500;

/**
 * Backlogs of groups at the brokers, over all processes: by their committed offsets, without reading a message. The
 * brokers index messages by the time at which their events were recorded, so that asking where a time stands tells what
 * is older; the answer is exact to a millisecond and kept while the group stands where it stood. Where the brokers have
 * not told within 1.5 seconds it rejects with `BacklogUnknown`; one question of a group is under way at a time.
 */
export class KafkaBacklog implements Backlog {
  private readonly admin: Admin;
  private readonly known = new Map<string, Known>();
  private readonly firstBehind: FirstBehind | undefined;
  private readonly asking = new Map<string, Promise<string | undefined>>();
  private connecting: Promise<void> | undefined;

  constructor(private readonly options: KafkaBacklogOptions) {
    this.admin = openKafka(options.config).admin();
    this.firstBehind = options.unsent && new FirstBehind(options.unsent.store);
  }

  async oldestUnhandled(group: string, topic: string): Promise<string | undefined> {
    if (!this.options.topics.some(({ name }) => name === topic))
      throw new RangeError(`nobody publishes ${topic}`);
    return (await inTime(this.askOnce(group, topic))) ?? this.oldestUnsent(topic);
  }

  /** Takes no longer than an answer may, whatever the brokers do. */
  async close(): Promise<void> {
    if (!this.connecting) return;
    const disconnected = this.admin.disconnect().catch(() => undefined);
    await Promise.race([disconnected, delay(answerWithinMs, undefined, { ref: false })]);
  }

  /**
   * When the oldest event was recorded that is not sent yet to a topic which this process publishes; undefined where all
   * are, or for a topic of others. Rejects with `CheckpointLost` where its publisher cannot go on.
   */
  async oldestUnsent(topic: string): Promise<string | undefined> {
    const { sources, places } = this.options.unsent ?? {};
    const source = sources?.find((one) => one.topic === topic);
    if (!source) return undefined;
    return this.firstBehind?.time(`publisher:${topic}`, await places?.standing(topic), source);
  }

  /** Whoever asks while the same question is under way waits for its answer: they must not heap up at silent brokers. */
  private askOnce(group: string, topic: string): Promise<string | undefined> {
    const name = groupIdOf(group, topic);
    const before = this.asking.get(name);
    if (before) return before;
    const asked = this.oldestSent(group, topic).finally(() => this.asking.delete(name));
    this.asking.set(name, asked);
    return asked;
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

/** The answer, if it comes in time; throws {@link BacklogUnknown} if not, or where the client says why there is none. */
async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const waiting = new AbortController();
  const late = async (): Promise<never> => {
    await delay(answerWithinMs, undefined, { signal: waiting.signal });
    throw new BacklogUnknown(`the brokers have not told within ${String(answerWithinMs)} ms`);
  };
  try {
    return await Promise.race([answer, late()]);
  } catch (cause) {
    if (isKafkaError(cause)) throw new BacklogUnknown('the brokers do not tell', { cause });
    throw cause;
  } finally {
    waiting.abort();
  }
}
