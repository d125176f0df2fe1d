import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks engines for somebody who does not wait long. One question of a name is under way at a time, so that they do not
 * heap up where nobody answers.
 */
export class Questions {
  readonly #underWay = new Map<string, Promise<unknown>>();

  /** Answers are waited for so long, in milliseconds. */
  constructor(private readonly withinMs: number) {}

  /** The answer, or undefined where it does not come in time or the question fails; whoever asks meanwhile gets the same. Never rejects. */
  told<Answer>(name: string, ask: () => Promise<Answer>): Promise<Answer | undefined> {
    const asked =
      (this.#underWay.get(name) as Promise<Answer | undefined> | undefined) ?? this.#ask(name, ask);
    return Promise.race([asked, delay(this.withinMs, undefined, { ref: false })]);
  }

  #ask<Answer>(name: string, ask: () => Promise<Answer>): Promise<Answer | undefined> {
    const asked = ask()
      .catch(() => undefined)
      .finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, asked);
    return asked;
  }
}
