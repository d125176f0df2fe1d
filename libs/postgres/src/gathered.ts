import { isConnectionError } from './pool.js';

/** How what is asked for is answered. */
export interface Gathering<Ask, Answer> {
  /** Answers several in one statement, in their order. */
  readonly together: (asks: readonly Ask[]) => Promise<readonly Answer[]>;
  readonly alone: (ask: Ask) => Promise<Answer>;
  readonly togetherMax: number;
  /** At most so many statements are under way, and what is asked for meanwhile waits; no limit when absent. */
  readonly underWayMax?: number;
  /** Of those with one key at most one is in a statement; each has its own when absent. */
  readonly keyOf?: (ask: Ask) => string;
}

interface Asking<Ask, Answer> {
  readonly ask: Ask;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * What is asked for within one turn of the event loop, or while others are being answered, shares a statement. It is sent
 * after everybody in it has asked. Each caller is answered, or fails, as if it had asked alone.
 */
export class Gathered<Ask, Answer> {
  readonly #gathering: Gathering<Ask, Answer>;
  #waiting: Asking<Ask, Answer>[] = [];
  #scheduled = false;
  #underWay = 0;

  constructor(gathering: Gathering<Ask, Answer>) {
    this.#gathering = gathering;
  }

  /** Rejects with what it fails with alone, or with what broke the connection. */
  ask(ask: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ask, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #send(): void {
    const { underWayMax = Infinity } = this.#gathering;
    while (this.#waiting.length > 0 && this.#underWay < underWayMax) {
      this.#underWay += 1;
      void this.#answer(this.#take()).finally(() => {
        this.#underWay -= 1;
        this.#schedule();
      });
    }
  }

  #take(): readonly Asking<Ask, Answer>[] {
    const { togetherMax, keyOf } = this.#gathering;
    const keys = new Set<string>();
    const taken: Asking<Ask, Answer>[] = [];
    const left: Asking<Ask, Answer>[] = [];
    for (const asking of this.#waiting) {
      const key = keyOf?.(asking.ask);
      if (taken.length === togetherMax || (key !== undefined && keys.has(key))) left.push(asking);
      else taken.push(asking);
      if (key !== undefined) keys.add(key);
    }
    this.#waiting = left;
    return taken;
  }

  async #answer(asking: readonly Asking<Ask, Answer>[]): Promise<void> {
    if (asking.length === 1) return this.#alone(asking);
    try {
      const answers = await this.#gathering.together(asking.map(({ ask }) => ask));
      for (const [index, { resolve }] of asking.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      // What one of them asked for must not fail the others.
      if (isConnectionError(error)) for (const { reject } of asking) reject(error);
      else await this.#alone(asking);
    }
  }

  async #alone(asking: readonly Asking<Ask, Answer>[]): Promise<void> {
    await Promise.all(
      asking.map(({ ask, resolve, reject }) => this.#gathering.alone(ask).then(resolve, reject)),
    );
  }
}
