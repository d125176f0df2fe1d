import { setTimeout as delay } from 'node:timers/promises';
import { Bell } from '#event-store/bell.js';
import type { Message } from '#kernel/message.js';
import type { BatchHandler } from './messaging.js';

/** How lanes are driven. */
export interface LaneOptions {
  readonly handle: BatchHandler;
  /** At most this many messages of a key in one call. */
  readonly batchMessagesMax: number;
  /** Where a key stands while it is handled; lanes may share them. */
  readonly places: Places;
  /** The pause after a first failure, in milliseconds; it doubles up to {@link pauseMsMax}. */
  readonly firstPauseMs: number;
  /** Ends pauses and starts nothing new; what is being handled goes on. */
  readonly signal: AbortSignal;
  /** Told of each failure; the key comes again after its pause. */
  readonly onFailure: (key: string, cause: unknown) => void;
}

/** The longest pause before a key that fails comes again. */
const pauseMsMax = 30_000;

/** How many keys are handled at once, over all the lanes that share them. */
export class Places {
  private readonly freed = new Bell();

  constructor(private free: number) {}

  /** Resolves with whether there is one, and takes it; none is taken once the signal is aborted. */
  async take(signal: AbortSignal): Promise<boolean> {
    while (this.free === 0 && !signal.aborted) await this.freed.heard(signal);
    if (signal.aborted) return false;
    this.free -= 1;
    return true;
  }

  give(): void {
    this.free += 1;
    this.freed.ring();
  }
}

interface Waiting {
  readonly message: Message;
  readonly done: () => void;
}

/** One lane a key: in order within a key, side by side across keys; a key that fails holds back nobody else. */
export class KeyLanes {
  private readonly lanes = new Map<string, Waiting[]>();
  private readonly running = new Set<Promise<void>>();
  private waiting = 0;
  /** Rung when messages were handled. */
  private readonly bell = new Bell();

  constructor(private readonly options: LaneOptions) {}

  /** How many messages are not handled yet. */
  get unhandled(): number {
    return this.waiting;
  }

  /** Adds a message behind the others of its key; `done` is called once it is handled. */
  add(message: Message, done: () => void): void {
    this.waiting += 1;
    const lane = this.lanes.get(message.key);
    if (lane) {
      lane.push({ message, done });
      return;
    }
    const opened = [{ message, done }];
    this.lanes.set(message.key, opened);
    const run = this.drive(message.key, opened).finally(() => this.running.delete(run));
    this.running.add(run);
  }

  /** Resolves once fewer than `messages` are unhandled, or the signal is aborted. */
  async fewerThan(messages: number): Promise<void> {
    const { signal } = this.options;
    while (this.waiting >= messages && !signal.aborted) await this.bell.heard(signal);
  }

  /** Resolves when nothing is being handled any more; needs the signal to be aborted, or every lane to come to its end. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private async drive(key: string, lane: Waiting[]): Promise<void> {
    const { signal, firstPauseMs, places } = this.options;
    // What is read together is handled together.
    await Promise.resolve();
    for (let failures = 0; lane.length > 0;) {
      if (!(await places.take(signal))) return;
      if (await this.handleNext(key, lane)) {
        failures = 0;
      } else {
        failures += 1;
        await sleep(Math.min(firstPauseMs * 2 ** (failures - 1), pauseMsMax), signal);
      }
    }
    this.lanes.delete(key);
  }

  private async handleNext(key: string, lane: Waiting[]): Promise<boolean> {
    const batch = lane.slice(0, this.options.batchMessagesMax);
    try {
      await this.options.handle(batch.map(({ message }) => message));
    } catch (cause) {
      this.options.onFailure(key, cause);
      return false;
    } finally {
      this.options.places.give();
    }
    lane.splice(0, batch.length);
    this.waiting -= batch.length;
    for (const { done } of batch) done();
    this.bell.ring();
    return true;
  }
}

/** Sleeps, or wakes early when the signal is aborted; never rejects. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
