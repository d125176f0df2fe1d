import type { Admin, Kafka } from 'kafkajs';
import type { EventStore } from '#event-store/event-store.js';
import type { TopicDeclaration } from '#kernel/topic.js';
import { sleep } from '../key-lanes.js';
import type { Consumer, ConsumeOptions, Messaging } from '../messaging.js';
import { BatchingSender } from './batching-sender.js';
import { ConsumerSession, type SessionOptions } from './consumer-session.js';
import { deadLetterTopic, keepDeadLetter, withDeadLetters } from './dead-letters.js';
import type { KafkaConfig } from './kafka.config.js';
import { openKafka } from './kafka-client.js';
import { isRefusedForGood, kafkaTrouble } from '../kafka-trouble.js';
import { StoreStanding } from './store-standing.js';
import { assertTopics, assertTopicsFirmly } from './topics.js';
import { isFinal } from './topic-mismatch.js';

/** What messaging over Kafka runs on; every limit has a default. */
export interface KafkaMessagingOptions {
  readonly config: KafkaConfig;
  /** The registry: whatever is read must be in it, and at the brokers as it says. */
  readonly topics: readonly TopicDeclaration[];
  /** Keys of one consumer handled at once; 16 when absent. */
  readonly keysAtOnceMax?: number;
  /** Messages of one partition read ahead of the lowest unhandled one; 2,000 when absent. */
  readonly windowMessagesMax?: number;
  /** The pause after a first failure, in milliseconds; it doubles up to 30 s. 100 when absent. */
  readonly firstPauseMs?: number;
  /** After so long without a sign of life a member's partitions go to others, in milliseconds; as `config` says when absent. */
  readonly sessionTimeoutMs?: number;
  /** Where the brokers name nobody who keeps the group, joining is given up after so long; in milliseconds, 30,000 when absent. */
  readonly joinWithinMs?: number;
  /** A membership that has fetched nothing for so long, though something waits, begins anew; in milliseconds, 30,000 when absent. */
  readonly stallMs?: number;
  /** Where what is read is answered: by it consumers notice, and stop, where it was restored from an older backup. */
  readonly store?: EventStore;
  /** For tests alone: around every commit, with the consumer's name, such as `kafka:ledger:mangnon.donations.v1`. */
  readonly committing?: (consumer: string, commit: () => Promise<void>) => Promise<void>;
  /** Told of every failure that is retried, for logs. */
  readonly onTrouble?: (consumer: string, cause: unknown) => void;
  /** Told of every message that could not be read, once it is put aside. */
  readonly onDeadLetter?: (group: string, topic: string) => void;
}

/** Topics between processes, on Kafka: each consumer is a member of a group that its topic and its service share. */
export class KafkaMessaging implements Messaging {
  private readonly kafka: Kafka;
  private readonly admin: Admin;
  private readonly sender: BatchingSender;
  private readonly consumers = new Set<GroupMember>();
  private readonly standing: StoreStanding | undefined;
  private connecting: Promise<void> | undefined;

  constructor(private readonly options: KafkaMessagingOptions) {
    this.standing = options.store && new StoreStanding(options.store);
    this.kafka = openKafka(options.config);
    this.admin = this.kafka.admin();
    this.sender = new BatchingSender(this.kafka);
  }

  /**
   * Resolves once the member has joined. Rejects with `RangeError` for a topic or a reader that is not registered, with
   * `TopicMismatch` for one that is not at the brokers as registered, where no broker answers, and where the brokers do not
   * allow it; what they no longer allow later is tried again like any other trouble.
   */
  async consume(joining: ConsumeOptions): Promise<Consumer> {
    const topics = this.topicsOf(joining);
    await this.connect();
    await assertTopics(this.admin, topics);
    const member = new GroupMember(this.sessionOptions(joining, topics), this.options.joinWithinMs);
    this.consumers.add(member);
    void member.left.then(() => this.consumers.delete(member));
    await member.joined;
    return member;
  }

  async close(): Promise<void> {
    await Promise.all([...this.consumers].map((consumer) => consumer.stop()));
    await this.sender.close();
    if (this.connecting) await this.admin.disconnect();
  }

  private topicsOf({ topic, group }: ConsumeOptions): readonly TopicDeclaration[] {
    const declared = this.options.topics.find(({ name }) => name === topic);
    if (!declared) throw new RangeError(`nobody publishes ${topic}`);
    if (!declared.readers.includes(group))
      throw new RangeError(`${group} is not registered to read ${topic}`);
    const dead = deadLetterTopic(topic, group);
    return withDeadLetters([declared]).filter(({ name }) => name === topic || name === dead);
  }

  private connect(): Promise<void> {
    this.connecting ??= this.admin.connect().catch((cause: unknown) => {
      this.connecting = undefined;
      throw cause;
    });
    return this.connecting;
  }

  private sessionOptions(joined: ConsumeOptions, topics: readonly TopicDeclaration[]): SessionOptions {
    const { keysAtOnceMax = 16, windowMessagesMax = 2_000, firstPauseMs = 100 } = this.options;
    const { config, stallMs = 30_000, committing, onTrouble, onDeadLetter } = this.options;
    const { sessionTimeoutMs = config.sessionMs ?? 10_000 } = this.options;
    const { kafka, admin, sender, standing } = this;
    return {
      kafka,
      admin,
      joined,
      stallMs,
      keysAtOnceMax,
      windowMessagesMax,
      firstPauseMs,
      sessionTimeoutMs,
      standing,
      committing: (commit) => committing?.(`kafka:${joined.group}:${joined.topic}`, commit) ?? commit(),
      assertTopic: () => assertTopicsFirmly(admin, topics),
      putAside: async (letter) => {
        await keepDeadLetter(sender, joined.group, letter);
        onDeadLetter?.(joined.group, joined.topic);
      },
      onTrouble: (cause) => onTrouble?.(`${joined.group} <- ${joined.topic}`, cause),
    };
  }
}

/** The longest pause before a membership that broke is tried again. */
const pauseMsMax = 5_000;

/** A member that joins anew, at the last commit, whenever its membership breaks. */
class GroupMember implements Consumer {
  /** Rejects where the brokers refuse it for good. */
  readonly joined: Promise<void>;
  /** Resolves once it has left. */
  readonly left: Promise<void>;
  private readonly stopping = new AbortController();
  private onJoined: () => void = () => undefined;
  private onRefused: (cause: unknown) => void = () => undefined;
  private hasJoined = false;
  private readonly began = performance.now();

  constructor(
    private readonly options: SessionOptions,
    private readonly joinWithinMs = 30_000,
  ) {
    this.joined = new Promise((resolve, reject) => {
      this.onJoined = () => {
        this.hasJoined = true;
        resolve();
      };
      this.onRefused = reject;
    });
    this.left = this.run().finally(() => this.onJoined());
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.left;
  }

  /** Once it has joined, whatever comes is tried again: rules and passwords are mended while it runs. */
  private isRefused(cause: unknown): boolean {
    if (this.hasJoined) return false;
    const isLate = performance.now() - this.began > this.joinWithinMs;
    return isRefusedForGood(cause) || (isLate && kafkaTrouble(cause)?.kind === 'group');
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { firstPauseMs, joined, onTrouble } = this.options;
    for (let troubles = 0; !signal.aborted; troubles += 1) {
      const began = performance.now();
      try {
        if (troubles > 0) await this.options.assertTopic();
        await new ConsumerSession(this.options, this.onJoined).run(signal);
      } catch (cause) {
        if (isFinal(cause)) {
          this.stopping.abort();
          joined.onStopped?.(cause);
          return;
        }
        if (this.isRefused(cause)) {
          this.stopping.abort();
          this.onRefused(cause);
          return;
        }
        onTrouble(cause);
      }
      if (performance.now() - began > pauseMsMax) troubles = 0;
      await sleep(Math.min(firstPauseMs * 2 ** troubles, pauseMsMax), signal);
    }
  }
}
