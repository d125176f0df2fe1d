/** Lets what is done for one key come one after the other, whoever does it; other keys go side by side. */
export class KeyTurns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Does the work once everything of that key that came before has ended, however it ended. */
  async take<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.last.get(key);
    const mine = before ? before.then(work, work) : work();
    this.last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.last.get(key) === mine) this.last.delete(key);
    }
  }
}
