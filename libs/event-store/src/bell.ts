/** Wakes those who wait for something new. Whoever checks and then waits without an `await` between misses nothing. */
export class Bell {
  readonly #waiting = new Set<() => void>();

  /** How many wait now. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Wakes everybody who waits now. */
  ring(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Resolves when the bell rings, the signal is aborted or `withinMs` have passed; never rejects. */
  heard(signal: AbortSignal, withinMs?: number): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        clearTimeout(timer);
        resolve();
      };
      const timer = withinMs === undefined ? undefined : setTimeout(wake, withinMs);
      signal.addEventListener('abort', wake, { once: true });
      this.#waiting.add(wake);
    });
  }
}
