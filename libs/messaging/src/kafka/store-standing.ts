import type { EventStore } from '#event-store/event-store.js';
import { CheckpointLost, type Checkpoint } from '#kernel/checkpoint.js';
import { comparePositions } from '#kernel/position.js';

/**
 * Where the store stood when a group committed: what it had answered by then lies at or before that place. Brokers go on
 * from their commits whatever becomes of the store; by this a consumer notices one that was restored from before it.
 */
export class StoreStanding {
  private last: Checkpoint | undefined;

  constructor(private readonly store: Pick<EventStore, 'head' | 'subscribe'>) {}

  /**
   * The end of the store as it is now, for the note of a commit: all that was answered before this was asked lies there or
   * before. The last that was seen while the store cannot be reached. Throws `CheckpointLost` where it ends before that.
   */
  async now(consumer: string): Promise<Checkpoint | undefined> {
    const before = this.last;
    const head = await this.store.head().catch(() => before);
    if (before && (!head || comparePositions(head.position, before.position) < 0))
      throw new CheckpointLost(consumer, before);
    // Others may have asked later and been answered sooner.
    if (head && (!this.last || comparePositions(head.position, this.last.position) > 0)) this.last = head;
    return head;
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
}
