import type { Clock } from '#platform/clock.js';

/** A clock that stands still until it is told to go on. */
export class SetClock implements Clock {
  #now: Date;

  constructor(now: string) {
    this.#now = new Date(now);
  }

  now(): Date {
    return new Date(this.#now);
  }

  /** Goes to an instant, be it earlier. */
  set(now: string): void {
    this.#now = new Date(now);
  }

  /** Goes on by so many milliseconds. */
  advance(ms: number): void {
    this.#now = new Date(this.#now.getTime() + ms);
  }
}
