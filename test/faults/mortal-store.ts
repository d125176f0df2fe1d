import type { Appended, EventStore, ExpectedRevision } from '#event-store/event-store.js';
import type { NewEvent } from '#kernel/domain-event.js';
import { PassingEventStore } from '#testing/passing-event-store.js';

/** On which side of an append a process dies: nothing of it was stored, or all of it and nobody was told. */
export type DiesAt = 'before' | 'after';

/**
 * One process's way to the store. Once it is dead nothing that it waits for ever comes back, as nothing does to a killed
 * process; others on the same store go on.
 */
export class MortalStore extends PassingEventStore {
  /** Resolves when the process dies. */
  readonly died: Promise<'died'>;
  #die: () => void = () => undefined;
  #dead = false;
  #fate: { appendsLeft: number; readonly at: DiesAt } | undefined;

  /** `turns` says how long each append is on its way, in turns of the event loop's queue, so that others come between. */
  constructor(
    inner: EventStore,
    private readonly turns: () => number = () => 0,
  ) {
    super(inner);
    this.died = new Promise((resolve) => {
      this.#die = () => resolve('died');
    });
  }

  /** The process dies at its next append but `after`. */
  dieAt(at: DiesAt, after: number): void {
    this.#fate = { appendsLeft: after, at };
  }

  override async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
    after?: string,
  ): Promise<Appended> {
    for (let turn = this.turns(); turn > 0; turn -= 1) await Promise.resolve();
    if (this.#dead || this.#isLast('before')) return this.#death();
    const appended = await this.inner.append(stream, events, expected, after);
    return this.#isLast('after') ? this.#death() : appended;
  }

  #isLast(at: DiesAt): boolean {
    if (this.#fate?.at !== at) return false;
    this.#fate.appendsLeft -= 1;
    return this.#fate.appendsLeft < 0;
  }

  #death(): Promise<never> {
    this.#dead = true;
    this.#die();
    return new Promise(() => undefined);
  }
}
