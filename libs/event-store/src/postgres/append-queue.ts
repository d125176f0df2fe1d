import type { EncodedAppend } from '../encoding.js';
import { StoreBusy, type Appended } from '../event-store.js';
import type { AppendCall, Outcome } from './append-call.js';

/** Limits of an {@link AppendQueue}. */
export interface AppendQueueLimits {
  /** An append that has waited this long without being sent is refused, in milliseconds. */
  readonly waitMsMax: number;
  /** At most this many bytes of data wait at once. */
  readonly waitingBytesMax: number;
  readonly callItemsMax: number;
  readonly callEventsMax: number;
  readonly callBytesMax: number;
}

/** What one process needs: batches that commit within tens of milliseconds, and a queue that no caller outlives. */
export const defaultLimits: AppendQueueLimits = {
  waitMsMax: 2_000,
  waitingBytesMax: 64 * 1_048_576,
  callItemsMax: 256,
  callEventsMax: 2_000,
  callBytesMax: 4 * 1_048_576,
};

interface Waiting {
  readonly append: EncodedAppend;
  readonly since: number;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

const sweepEveryMs = 100;

/**
 * Gathers the appends of this process while one call is under way into the next one. Streams take turns, appends to one
 * stream keep their order, and none waits longer than its limit.
 */
export class AppendQueue {
  readonly #call: AppendCall;
  readonly #limits: AppendQueueLimits;
  /** By stream, in the order in which the streams take their turns. */
  readonly #waiting = new Map<string, Waiting[]>();
  #waitingBytes = 0;
  #underWay: Promise<void> | undefined;
  #scheduled = false;
  #sweeping: NodeJS.Timeout | undefined;

  constructor(call: AppendCall, limits: AppendQueueLimits) {
    this.#call = call;
    this.#limits = limits;
  }

  /** Appends with the next call; rejects with {@link StoreBusy} when it was not sent. */
  submit(append: EncodedAppend): Promise<Appended> {
    if (this.#waitingBytes + append.bytes > this.#limits.waitingBytesMax)
      return Promise.reject(new StoreBusy(this.#limits.waitMsMax));
    return new Promise((resolve, reject) => {
      this.#enqueue({ append, since: performance.now(), resolve, reject });
      this.#schedule();
      this.#sweeping ??= setInterval(() => {
        this.#sweep();
      }, sweepEveryMs);
    });
  }

  /** Resolves when nothing waits and nothing is under way. */
  async drained(): Promise<void> {
    for (;;) {
      if (this.#underWay) await this.#underWay;
      else if (this.#waiting.size > 0) await new Promise(setImmediate);
      else return;
    }
  }

  #enqueue(waiting: Waiting): void {
    const { stream, bytes } = waiting.append;
    const line = this.#waiting.get(stream);
    if (line) line.push(waiting);
    else this.#waiting.set(stream, [waiting]);
    this.#waitingBytes += bytes;
  }

  /** After this turn of the event loop, so that those who come in it share a call. */
  #schedule(): void {
    if (this.#scheduled || this.#underWay) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #send(): void {
    const batch = this.#take();
    if (batch.length === 0) return;
    this.#underWay = this.#settle(batch).then(() => {
      this.#underWay = undefined;
      this.#schedule();
    });
  }

  async #settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#call(batch.map(({ append }) => append));
      batch.forEach((waiting, index) => {
        answer(waiting, outcomes[index]);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /** The first of each stream's line, up to the limits of a call; a stream that has more goes to the end. */
  #take(): readonly Waiting[] {
    const batch: Waiting[] = [];
    const ids = new Set<string>();
    let bytes = 0;
    for (const [first] of this.#waiting.values()) {
      if (!first) continue;
      const { append } = first;
      if (batch.length > 0 && !this.#fits(append, batch.length, ids.size, bytes)) break;
      // Two appends that share an id would make the whole call fail: the second is told by the next one.
      if (append.events.some(({ id }) => ids.has(id))) continue;
      for (const { id } of append.events) ids.add(id);
      bytes += append.bytes;
      batch.push(first);
    }
    for (const waiting of batch) this.#leave(waiting);
    return batch;
  }

  #fits(append: EncodedAppend, items: number, events: number, bytes: number): boolean {
    const { callItemsMax, callEventsMax, callBytesMax } = this.#limits;
    return (
      items < callItemsMax &&
      events + append.events.length <= callEventsMax &&
      bytes + append.bytes <= callBytesMax
    );
  }

  #leave(waiting: Waiting): void {
    const { stream, bytes } = waiting.append;
    const rest = (this.#waiting.get(stream) ?? []).filter((other) => other !== waiting);
    this.#waiting.delete(stream);
    if (rest.length > 0) this.#waiting.set(stream, rest);
    this.#waitingBytes -= bytes;
  }

  #sweep(): void {
    const before = performance.now() - this.#limits.waitMsMax;
    for (const [stream, line] of [...this.#waiting]) {
      const rest = line.filter(({ since }) => since >= before);
      if (rest.length > 0) this.#waiting.set(stream, rest);
      else this.#waiting.delete(stream);
      for (const { append, reject } of line.slice(0, line.length - rest.length)) {
        this.#waitingBytes -= append.bytes;
        reject(new StoreBusy(this.#limits.waitMsMax));
      }
    }
    if (this.#waiting.size > 0) return;
    clearInterval(this.#sweeping);
    this.#sweeping = undefined;
  }
}

function answer({ resolve, reject }: Waiting, outcome: Outcome | undefined): void {
  if (outcome && 'position' in outcome) resolve(outcome);
  else reject(outcome);
}
