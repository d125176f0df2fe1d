import { CheckpointLost } from '#kernel/checkpoint.js';
import type { Backlog } from '#messaging/backlog.js';
import type { Clock } from '../clock.js';
import { RequestFault } from '../http/request-fault.js';

/** A service that must keep up with a topic. */
export interface Follower {
  /** Such as `ledger`. */
  readonly group: string;
  readonly topic: string;
}

/** How an {@link Admission} tells. */
export interface AdmissionOptions {
  readonly backlog: Backlog;
  readonly clock: Clock;
  /** How long a message may wait to be handled, in milliseconds; no limit and no measuring with `Infinity`. */
  readonly lagMsMax: number;
}

/** Generous: a ledger that keeps up handles a message within a second. */
export const lagMsMaxDefault = 60_000;

/** What was measured counts for so long. */
const measureEveryMs = 1_000;
const retryAfterSeconds = 10;

interface Measure {
  readonly oldest: Promise<string | undefined>;
  /** By `performance.now()`. */
  untilMs: number;
}

/**
 * Keeps out what would add to a topic while its follower is too far behind, so that what waits stays bounded in time.
 * It is measured at most once a second, at the checkpoint that the follower's processes share. What is parked or held
 * counts as handled: one fund's trouble keeps nobody else out.
 */
export class Admission {
  private readonly measures = new Map<string, Measure>();

  constructor(private readonly options: AdmissionOptions) {}

  /** Throws `http/behind`, with Retry-After, while the follower is too far behind or cannot go on at all. */
  async assertKeepsUp(follower: Follower): Promise<void> {
    if ((await this.lagMs(follower)) > this.options.lagMsMax) throw behind();
  }

  /** Whether the follower is so little behind that what can wait may be added, and still keeps nobody else out. */
  async hasRoom(follower: Follower): Promise<boolean> {
    return (await this.lagMs(follower)) <= this.options.lagMsMax / 4;
  }

  /** How long the oldest message has waited; without end where the follower cannot go on at all. */
  private async lagMs(follower: Follower): Promise<number> {
    const { clock, lagMsMax } = this.options;
    if (lagMsMax === Infinity) return 0;
    try {
      const oldest = await this.oldestOf(follower);
      return oldest === undefined ? 0 : clock.now().getTime() - Date.parse(oldest);
    } catch (error) {
      if (error instanceof CheckpointLost) return Infinity;
      throw error;
    }
  }

  private oldestOf({ group, topic }: Follower): Promise<string | undefined> {
    const name = `${group} <- ${topic}`;
    const known = this.measures.get(name);
    if (known && performance.now() < known.untilMs) return known.oldest;
    const measure = { oldest: this.options.backlog.oldestUnhandled(group, topic), untilMs: Infinity };
    this.measures.set(name, measure);
    measure.oldest.then(
      () => (measure.untilMs = performance.now() + measureEveryMs),
      () => this.measures.delete(name),
    );
    return measure.oldest;
  }
}

function behind(): RequestFault {
  return new RequestFault('http/behind', { headers: { 'Retry-After': String(retryAfterSeconds) } });
}
