import type { KafkaMessage } from 'kafkajs';
import type { Message } from '#kernel/message.js';
import { fromCloudEvent, MalformedCloudEvent } from '../cloud-event.js';
import { KeyLanes, sleep, type LaneOptions } from '../key-lanes.js';
import { Progress } from '../progress.js';
import { Chain } from './chain.js';
import type { DeadLetter } from './dead-letters.js';

/** How one partition is read. */
export interface PartitionOptions extends Omit<LaneOptions, 'signal'> {
  readonly topic: string;
  readonly partition: number;
  /** Ends with the consumer. */
  readonly signal: AbortSignal;
  readonly types: ReadonlySet<string> | undefined;
  /** At most this many messages wait to be handled. */
  readonly windowMessagesMax: number;
  /** Puts aside what cannot be read; resolves once it is kept. */
  readonly putAside: (letter: DeadLetter) => Promise<void>;
  /** Told whenever {@link PartitionReader.handled} may have moved. */
  readonly onHandled: () => void;
}

/** What one member reads of one partition for as long as it is its own: a lane a key, and how far all of them have come. */
export class PartitionReader {
  private readonly leaving = new AbortController();
  private readonly progress = new Progress<bigint>(undefined);
  private readonly lanes: KeyLanes;
  private readonly chain: Chain | undefined;
  private readonly asides = new Set<Promise<void>>();
  /** The next offset to take: what was taken may be fetched again after a rebalance. */
  private next: bigint | undefined;

  constructor(private readonly options: PartitionOptions) {
    const signal = AbortSignal.any([this.leaving.signal, options.signal]);
    this.lanes = new KeyLanes({ ...options, signal });
    this.chain = options.types && new Chain(options.types);
  }

  get isFull(): boolean {
    return this.lanes.unhandled >= this.options.windowMessagesMax;
  }

  /** Resolves once so much has been handled that it may take more, or it is over. */
  async hasRoom(): Promise<void> {
    await this.lanes.fewerThan(Math.ceil(this.options.windowMessagesMax / 2));
  }

  /** What a commit would say: the first offset that is not handled; undefined where nothing was. */
  get handled(): bigint | undefined {
    return this.progress.handled;
  }

  /** The next offset to be read; undefined before the first. */
  get reached(): bigint | undefined {
    return this.next;
  }

  /** Takes a message as it comes from the broker; one that was taken already counts as taken. */
  take(record: KafkaMessage): void {
    const offset = BigInt(record.offset);
    if (this.next !== undefined && offset < this.next) return;
    this.next = offset + 1n;
    const done = this.progress.add(offset + 1n);
    const finish = (): void => {
      done();
      this.options.onHandled();
    };
    try {
      const message = messageOf(this.options.topic, record);
      const wanted = this.chain ? this.chain.pass(message) : message;
      if (wanted) this.lanes.add(wanted, finish);
      else finish();
    } catch (cause) {
      if (!(cause instanceof MalformedCloudEvent)) throw cause;
      this.putAside(record, cause.message, finish);
    }
  }

  /** Begins nothing new; resolves when what is being handled has ended. */
  async leave(): Promise<void> {
    this.leaving.abort();
    await Promise.all([this.lanes.settled(), ...this.asides]);
  }

  private putAside(record: KafkaMessage, reason: string, finish: () => void): void {
    const { topic, partition } = this.options;
    const aside = this.keepTrying({ topic, partition, record, reason }).then((isKept) => {
      if (isKept) finish();
      this.asides.delete(aside);
    });
    this.asides.add(aside);
  }

  /** Whether it was kept; what was not comes again. */
  private async keepTrying(letter: DeadLetter): Promise<boolean> {
    const { firstPauseMs, onFailure, putAside, signal } = this.options;
    for (let pauseMs = firstPauseMs; !signal.aborted && !this.leaving.signal.aborted; pauseMs *= 2) {
      try {
        await putAside(letter);
        return true;
      } catch (cause) {
        onFailure(letter.record.key?.toString() ?? '', cause);
        await sleep(Math.min(pauseMs, 5_000), signal);
      }
    }
    return false;
  }
}

/** Reads a record of the topic; throws {@link MalformedCloudEvent}. */
function messageOf(topic: string, { key, value }: KafkaMessage): Message {
  if (!value) throw new MalformedCloudEvent('empty');
  const message = fromCloudEvent(value.toString('utf8'));
  if (message.topic !== topic) throw new MalformedCloudEvent('not as it must be: source');
  if (message.key !== key?.toString('utf8')) throw new MalformedCloudEvent('not as it must be: partitionkey');
  return message;
}
