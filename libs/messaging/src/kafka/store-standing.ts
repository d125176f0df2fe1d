import type { EventStore } from '#event-store/event-store.js';
import { CheckpointLost, type Checkpoint } from '#kernel/checkpoint.js';
import { comparePositions } from '#kernel/position.js';

/** The store may be asked so often where it ends, by all consumers of a process together. */
const freshMs = 200;

/**
 * Where the store stood when a group committed: what it had answered by then lies at or before that place. Brokers go on
 * from their commits whatever becomes of the store; by this a consumer notices one that was restored from before it.
 */
export class StoreStanding {
  private last: Checkpoint | undefined;
  private askedAt = -Infinity;
  private asking: Promise<void> | undefined;

  constructor(private readonly store: Pick<EventStore, 'head' | 'subscribe'>) {}

  /**
   * The end of the store a moment ago, for the note of a commit; the last that was seen while it cannot be reached. Throws
   * `CheckpointLost` where it ends before what was seen.
   */
  async now(consumer: string): Promise<Checkpoint | undefined> {
    if (performance.now() - this.askedAt >= freshMs)
      await (this.asking ??= this.ask(consumer).finally(() => (this.asking = undefined)));
    return this.last;
  }

  /** Throws `CheckpointLost` where what stood at the end of the store then does not stand there any more. */
  async assertHolds(consumer: string, noted: Checkpoint): Promise<void> {
    const head = await this.store.head();
    if (head?.eventId === noted.eventId) return;
    if (!head || comparePositions(head.position, noted.position) <= 0)
      throw new CheckpointLost(consumer, noted);
    const { signal } = new AbortController();
    // What follows is there already, so that the first batch comes at once, if it may.
    for await (const _ of this.store.subscribe({ consumer, after: noted, batchEventsMax: 1, signal })) return;
  }

  private async ask(consumer: string): Promise<void> {
    const head = await this.store.head().catch(() => this.last);
    const { last } = this;
    if (last && (!head || comparePositions(head.position, last.position) < 0))
      throw new CheckpointLost(consumer, last);
    this.last = head;
    this.askedAt = performance.now();
  }
}
