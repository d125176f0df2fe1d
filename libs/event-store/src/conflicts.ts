import { WrongExpectedVersion } from './event-store.js';
import { pause } from './appending.js';

/** Retries what collided with another writer, with growing jitter, until the deadline; progress begins it anew. */
export class Conflicts {
  private collisions = 0;
  private deadline: number;

  constructor(private readonly deadlineMs: number) {
    this.deadline = performance.now() + deadlineMs;
  }

  /** Returns after a pause when it is worth deciding again; throws the error when it is no conflict or too late. */
  async after(error: unknown): Promise<void> {
    if (!(error instanceof WrongExpectedVersion) || performance.now() >= this.deadline) throw error;
    this.collisions += 1;
    await pause(Math.min(2 ** this.collisions, 100));
  }

  /** Something was appended meanwhile. */
  progressed(): void {
    this.collisions = 0;
    this.deadline = performance.now() + this.deadlineMs;
  }
}
