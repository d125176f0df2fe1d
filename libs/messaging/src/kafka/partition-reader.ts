import type { KafkaMessage } from 'kafkajs';
import type { Message } from '#kernel/message.js';
import { MalformedCloudEvent } from '../cloud-event.js';
import { KeyLanes, sleep, type LaneOptions } from '../key-lanes.js';
import { Progress } from '../progress.js';
import type { DeadLetter } from './dead-letters.js';
import type { RecordReading } from './record-reading.js';

/** How one partition is read. */
export interface PartitionOptions extends LaneOptions {
  readonly reading: RecordReading;
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
  private readonly signal: AbortSignal;
  private readonly progress = new Progress<bigint>(undefined);
  private readonly lanes: KeyLanes;
  private readonly asides = new Set<Promise<void>>();
  /** The next offset to take: what was taken may be fetched again after a rebalance. */
  private next: bigint | undefined;

  constructor(private readonly options: PartitionOptions) {
    this.signal = AbortSignal.any([this.leaving.signal, options.signal]);
    this.lanes = new KeyLanes({ ...options, signal: this.signal });
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

  /** Takes a record as it comes from the broker; one that was taken already counts as taken. */
  take(record: KafkaMessage): void {
    const offset = BigInt(record.offset);
    if (this.next !== undefined && offset < this.next) return;
    this.next = offset + 1n;
    const done = this.progress.add(this.next);
    const finish = (): void => {
      done();
      this.options.onHandled();
    };
    const message = this.read(record, finish);
    if (message) this.lanes.add(message, finish);
  }

  /** Begins nothing new; resolves when what is being handled has ended. */
  async leave(): Promise<void> {
    this.leaving.abort();
    await Promise.all([this.lanes.settled(), ...this.asides]);
  }

  /** What is to be handled; whatever else it is, `finish` is called for. */
  private read(record: KafkaMessage, finish: () => void): Message | undefined {
    const { reading } = this.options;
    try {
      const message = reading.read(record);
      if (!message) finish();
      return message;
    } catch (cause) {
      if (!(cause instanceof MalformedCloudEvent)) throw cause;
      const aside = this.keepTrying(reading.letterOf(record, cause.message)).then((isKept) => {
        if (isKept) finish();
        this.asides.delete(aside);
      });
      this.asides.add(aside);
      return undefined;
    }
  }

  /** Whether it was kept; what was not comes again. */
  private async keepTrying(letter: DeadLetter): Promise<boolean> {
    const { firstPauseMs, onFailure, putAside } = this.options;
    for (let pauseMs = firstPauseMs; !this.signal.aborted; pauseMs = Math.min(pauseMs * 2, 5_000))
      try {
        await putAside(letter);
        return true;
      } catch (cause) {
        onFailure(letter.key ?? '', cause);
        await sleep(pauseMs, this.signal);
      }
    return false;
  }
}
