import type { KafkaMessage } from 'kafkajs';
import { Bell } from '#event-store/bell.js';
import type { Message } from '#kernel/message.js';
import type { Position } from '#kernel/position.js';
import { MalformedCloudEvent } from '../cloud-event.js';
import { KeyLanes, sleep, type LaneOptions } from '../key-lanes.js';
import type { BatchHandler } from '../messaging.js';
import { Progress } from '../progress.js';
import type { DeadLetter } from './dead-letters.js';
import { noDoubts, type Doubts } from './doubts.js';
import { known, type Passed, type RecordReading } from './record-reading.js';

/** How one partition is read. */
export interface PartitionOptions extends LaneOptions {
  readonly reading: RecordReading;
  /** At most this many messages wait to be handled or to be kept as dead letters. */
  readonly windowMessagesMax: number;
  /** Puts aside what cannot be read; resolves once it is kept. */
  readonly putAside: (letter: DeadLetter) => Promise<void>;
  /** Told whenever {@link PartitionReader.handled} may have moved. */
  readonly onHandled: () => void;
}

/** A place between two records. */
interface Place {
  readonly next: bigint;
  readonly passed: Passed;
  readonly doubts: Doubts;
}

/** What one member reads of one partition for as long as it is its own: a lane a key, and how far all of them have come. */
export class PartitionReader {
  private readonly leaving = new AbortController();
  private readonly signal: AbortSignal;
  private readonly progress = new Progress<Place>(undefined);
  /** Where the group stood when this reading began. */
  private from: Passed = 'unknown';
  /** Keys of which it stood less far. */
  private doubted: Doubts = noDoubts;
  private readonly lanes: KeyLanes;
  private readonly asides = new Set<Promise<void>>();
  /** The next offset to take: what was taken may be fetched again after a rebalance. */
  private next: bigint | undefined;
  private waitingForRoom = 0;
  /** Rung when something was handled or kept. */
  private readonly bell = new Bell();

  constructor(private readonly options: PartitionOptions) {
    this.signal = AbortSignal.any([this.leaving.signal, options.signal]);
    const handle: BatchHandler = (messages) => options.handle(messages, this.stoodOf(messages[0]?.key ?? ''));
    this.lanes = new KeyLanes({ ...options, handle, signal: this.signal });
  }

  get isFull(): boolean {
    return this.unhandled >= this.options.windowMessagesMax;
  }

  /** Whether somebody waits for {@link hasRoom}: until then nothing is to be fetched. */
  get isPaused(): boolean {
    return this.waitingForRoom > 0;
  }

  /** Resolves once so much has been handled that it may take more, or it is over. */
  async hasRoom(): Promise<void> {
    const enough = Math.ceil(this.options.windowMessagesMax / 2);
    this.waitingForRoom += 1;
    while (this.unhandled >= enough && !this.signal.aborted) await this.bell.heard(this.signal);
    this.waitingForRoom -= 1;
  }

  /** What a commit would say: the first offset that is not handled; undefined where nothing was. */
  get handled(): bigint | undefined {
    return this.progress.handled?.next;
  }

  /** How far the messages before {@link handled} have come. */
  get passed(): Passed {
    return this.progress.handled?.passed ?? 'unknown';
  }

  /** Of which keys something may be missing among the messages before {@link handled}. */
  get doubts(): Doubts {
    return this.progress.handled?.doubts ?? noDoubts;
  }

  /** Whether the record lies behind others that were not taken: it must be told where the group stands by now. */
  isBeyond({ offset }: KafkaMessage): boolean {
    return this.next === undefined || BigInt(offset) > this.next;
  }

  /** The next offset to be read; undefined before the first. */
  get reached(): bigint | undefined {
    return this.next;
  }

  private get unhandled(): number {
    return this.lanes.unhandled + this.asides.size;
  }

  private stoodOf(key: string): Position | undefined {
    return this.doubted.get(key)?.stood ?? known(this.from);
  }

  /**
   * Begins where the group stands now, with the keys of which it is in doubt. Topics have no holes: before a record that is further on than the next, others have
   * handled what lies between, and what we still handle of before is theirs, too.
   */
  begin(from: Passed, doubts: Doubts = noDoubts): void {
    this.from = from;
    this.doubted = doubts;
    this.next = undefined;
    this.options.reading.begin(from, doubts);
    this.progress.beginAnew();
  }

  /** Takes a record as it comes from the broker; one that was taken already counts as taken. */
  take(record: KafkaMessage): void {
    const offset = BigInt(record.offset);
    if (this.next !== undefined && offset < this.next) return;
    if (this.next !== undefined && offset > this.next) this.begin('unknown');
    this.next = offset + 1n;
    const finish = (): void => {
      done();
      this.options.onHandled();
      this.bell.ring();
    };
    const message = this.read(record, finish);
    const { passed, doubts } = this.options.reading;
    const done = this.progress.add({ next: this.next, passed, doubts });
    if (message === 'unreadable') return;
    if (message) this.lanes.add(message, finish);
    else finish();
  }

  /** Begins nothing new; resolves when what is being handled has ended. */
  async leave(): Promise<void> {
    this.leaving.abort();
    await Promise.all([this.lanes.settled(), ...this.asides]);
  }

  /** What is to be handled, if anything; what is unreadable is put aside, and `finish` called once it is kept. */
  private read(record: KafkaMessage, finish: () => void): Message | 'unreadable' | undefined {
    const { reading } = this.options;
    try {
      return reading.read(record);
    } catch (cause) {
      const aside = this.keepTrying(reading.letterOf(record, reasonOf(cause))).then((isKept) => {
        this.asides.delete(aside);
        if (isKept) finish();
      });
      this.asides.add(aside);
      return 'unreadable';
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

/** Whatever the reading comes to grief over, the same record would again; other errors' words may hold data. */
function reasonOf(cause: unknown): string {
  if (cause instanceof MalformedCloudEvent) return cause.message;
  return `cannot be read: ${cause instanceof Error ? cause.name : typeof cause}`;
}
