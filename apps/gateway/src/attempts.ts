/** Most attempts in a window, and how long it is. */
export interface Limit {
  readonly attemptsMax: number;
  readonly windowMs: number;
}

const keysMax = 20_000;

/** Counts attempts a key in fixed windows, in this process; keys are forgotten with their window. */
export class Attempts {
  readonly #windows = new Map<string, { count: number; readonly endsAt: number }>();

  constructor(private readonly limit: Limit) {}

  /** Counts one attempt; the milliseconds to wait when there were too many, else undefined. */
  take(key: string, now: number): number | undefined {
    const known = this.#windows.get(key);
    const window = known && known.endsAt > now ? known : this.#open(key, now);
    window.count += 1;
    return window.count > this.limit.attemptsMax ? window.endsAt - now : undefined;
  }

  #open(key: string, now: number): { count: number; readonly endsAt: number } {
    const window = { count: 0, endsAt: now + this.limit.windowMs };
    this.#windows.delete(key);
    this.#windows.set(key, window);
    for (const [other, { endsAt }] of this.#windows) {
      if (endsAt > now && this.#windows.size <= keysMax) break;
      this.#windows.delete(other);
    }
    return window;
  }
}
