/** Most requests that wait; further ones are dropped, and whoever asked may ask again. */
export const waitingMax = 1_000;

/**
 * Carries out requests for links one after the other, after whoever asked was answered: the answer comes as quickly for a
 * login name that nobody has.
 */
export class LinkRequests {
  readonly #waiting: string[] = [];
  #working: Promise<void> | undefined;

  constructor(
    private readonly carryOut: (login: string) => Promise<void>,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /** Takes a request, unless {@link waitingMax} wait already. */
  take(login: string): void {
    if (this.#waiting.length >= waitingMax) return;
    this.#waiting.push(login);
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  /** Resolves once all that was taken is done. */
  async settled(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    // The answer is sent first.
    await new Promise((resolve) => setImmediate(resolve));
    for (let login = this.#waiting.shift(); login !== undefined; login = this.#waiting.shift())
      await this.carryOut(login).catch(this.onFault);
  }
}
