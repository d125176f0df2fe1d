import type { Draws } from './draws.js';
import { Life } from './life.js';
import type { Site } from './site.js';
import type { Fault } from './fault.js';

/** So many faults strike one data directory, which saves half of all starts; with more, looking at it takes longer than that. */
const faultsMax = 6;

/** Gives each fault a data directory to strike: one that others have struck before and did not break, or its own. */
export class Lives {
  #shared: Life | undefined;
  #struck = 0;

  constructor(private readonly site: Site) {}

  /** Below `parent`, and for this fault alone, if that is given. */
  async for({ isAlone }: Fault, draws: Draws, parent?: string): Promise<Life> {
    if (isAlone === true || parent !== undefined) {
      // All processes take the same port.
      await this.end();
      return Life.begin(this.site, draws, parent);
    }
    this.#struck += 1;
    const shared = this.#shared;
    if (shared && this.#struck <= faultsMax) {
      shared.draws = draws;
      return shared;
    }
    await this.end();
    this.#struck = 1;
    this.#shared = await Life.begin(this.site, draws);
    return this.#shared;
  }

  /** What one fault has broken is no fault of the next. */
  async struck(life: Life, isWhole: boolean): Promise<void> {
    if (life !== this.#shared) await life.end();
    else if (!isWhole) await this.end();
  }

  /** Ends what they share. */
  async end(): Promise<void> {
    const shared = this.#shared;
    this.#shared = undefined;
    await shared?.end();
  }
}
