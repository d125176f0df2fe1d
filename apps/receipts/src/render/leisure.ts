import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** Above this share of its time the event loop is taken for busy. */
const busyAbove = 0.5;
/** A busy process still finds time for one thing in so long, in milliseconds: what can wait is done in the end. */
const patienceMs = 1_000;
const lookEveryMs = 20;

/**
 * Finds the moments at which this process has nothing better to do: nothing that is owed is under way, and the event
 * loop, by which all of the walk goes, was idle for at least half of the time since it was last asked.
 */
export class Leisure {
  #since: EventLoopUtilization = performance.eventLoopUtilization();

  /** `isOwing` says whether something is under way that goes first, however long it takes. */
  constructor(private readonly isOwing: () => boolean) {}

  /** Resolves at such a moment, or after a second in which the event loop was busy with what goes by itself; at once when aborted. */
  async found(signal: AbortSignal): Promise<void> {
    const until = performance.now() + patienceMs;
    while (!signal.aborted) {
      const isIdle = !this.#wasBusy() || performance.now() >= until;
      if (isIdle && !this.isOwing()) return;
      await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #wasBusy(): boolean {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#since);
    this.#since = now;
    return utilization > busyAbove;
  }
}
