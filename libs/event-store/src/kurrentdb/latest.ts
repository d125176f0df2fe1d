import { isOurs, recordedMsOf, type ClientEvent } from './stored.js';

/** The latest time that a store has seen recorded, whoever recorded it: what it appends next is not recorded before it. */
export class Latest {
  #ms = 0;

  /** As an event's metadata keeps it; undefined before anything was seen. */
  get notBefore(): string | undefined {
    return this.#ms > 0 ? new Date(this.#ms).toISOString() : undefined;
  }

  /** Takes up that something was recorded then; milliseconds since 1970. */
  saw(ms: number): void {
    this.#ms = Math.max(this.#ms, ms);
  }

  /** Takes up an event, if it is one of ours. */
  sawEvent(event: ClientEvent | undefined): void {
    if (event && isOurs(event)) this.saw(recordedMsOf(event));
  }
}
