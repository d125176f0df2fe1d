import type { Checkpoint } from '#kernel/checkpoint.js';
import { sleep } from '../key-lanes.js';
import type { PublisherPlaces } from '../publisher-places.js';

/**
 * Keeps one of several publishers of a topic silent while another one goes on. There is no lock that a frozen process
 * could hold: whoever finds the place moved by somebody else steps back, and goes on once that one has not moved for long.
 */
export class Standby {
  private isBack = false;

  /** The other one counts as gone once it has not moved for `silentMs` although there was something to send. */
  constructor(
    private readonly places: PublisherPlaces,
    private readonly topic: string,
    private readonly silentMs: number,
  ) {}

  /** Somebody else moved the place. */
  stepBack(): void {
    this.isBack = true;
  }

  /** Whether what comes after `seen` is left to another publisher, or to nobody since the signal is aborted. */
  async leavesToOthers(seen: Checkpoint | undefined, signal: AbortSignal): Promise<boolean> {
    if (this.isBack) this.isBack = await this.isMovedOn(seen, signal);
    return this.isBack || signal.aborted;
  }

  private async isMovedOn(seen: Checkpoint | undefined, signal: AbortSignal): Promise<boolean> {
    const until = performance.now() + this.silentMs;
    while (performance.now() < until && !signal.aborted) {
      const standing = await this.places.standing(this.topic);
      if (standing?.eventId !== seen?.eventId) return true;
      await sleep(this.silentMs / 12, signal);
    }
    return false;
  }
}
