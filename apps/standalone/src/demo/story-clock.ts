import type { Clock, Story } from '#platform/clock.js';

/** Sets how far the store's clock is ahead of the machine's, in milliseconds; negative when it is behind. */
export type SetOffset = (offsetMs: number) => Promise<void>;

/**
 * The clock of a story: it runs as fast as the machine's, from wherever the story has put it. The store's clock is moved
 * with it, and only ever forward, because the time of recording never runs backwards.
 */
export class StoryClock implements Clock, Story {
  readonly clock = this;
  #offsetMs: number;
  #setOffset: SetOffset = () => Promise.resolve();

  /** A clock that shows the instant (RFC 3339) now. */
  constructor(begin: string) {
    this.#offsetMs = Date.parse(begin) - Date.now();
  }

  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  /** From here on the store's clock follows, beginning with where this one stands. */
  async follow(setOffset: SetOffset): Promise<void> {
    this.#setOffset = setOffset;
    await setOffset(this.#offsetMs);
  }

  /** Jumps to the instant; stays where it is when that is past already. */
  async moveTo(instant: string): Promise<void> {
    const offsetMs = Date.parse(instant) - Date.now();
    if (offsetMs <= this.#offsetMs) return;
    await this.#setOffset(offsetMs);
    this.#offsetMs = offsetMs;
  }
}
