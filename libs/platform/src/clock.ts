/** The only clock of the services; tests and the demo's story set their own. */
export interface Clock {
  now(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** How far a process's clock may be off the store's, in milliseconds; one that is further off is not ready. */
export const clockSkewMsMax = 1_000;

/** A clock that a demo moves through its story, and the store's clock with it. */
export interface Story {
  readonly clock: Clock;
  /** Called once, before anything is recorded: from then on the story moves the store's clock by `setOffset`. */
  follow(setOffset: (offsetMs: number) => Promise<void>): Promise<void>;
}
