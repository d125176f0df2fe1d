import type { NewEvent, RecordedEvent } from '#kernel/domain-event.js';
import type { Appended, EventBatch, ExpectedRevision, SubscribeOptions } from '#event-store/event-store.js';
import { PassingEventStore } from './passing-event-store.js';

/** An append as a caller sent it. */
export interface SentAppend {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly expected: ExpectedRevision;
}

/** A store that loses answers when it is told to, lets a test step in before an append, and remembers what was sent. */
export class UnreliableEventStore extends PassingEventStore {
  /** Every append that was sent, in order, repeats included. */
  readonly sent: SentAppend[] = [];
  /** How many pages were read. */
  pagesRead = 0;
  /** So many subscriptions from now on break after their first batch. */
  breakSubscriptions = 0;
  /** Runs before each append reaches the store. */
  beforeAppend: (append: SentAppend) => Promise<void> = () => Promise.resolve();
  private readonly losses: ('before' | 'after')[] = [];

  /** The answers of the next appends are lost, each before or after it was stored. */
  lose(...when: readonly ('before' | 'after')[]): void {
    this.losses.push(...when);
  }

  override async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
    after?: string,
  ): Promise<Appended> {
    const append = { stream, events, expected };
    this.sent.push(append);
    await this.beforeAppend(append);
    const loss = this.losses.shift();
    if (loss === 'before') throw new Error('connection terminated before the append');
    const appended = await this.inner.append(stream, events, expected, after);
    if (loss === 'after') throw new Error('connection terminated after the append');
    return appended;
  }

  override async *read(stream: string, fromRevision?: number): AsyncIterable<readonly RecordedEvent[]> {
    for await (const page of this.inner.read(stream, fromRevision)) {
      this.pagesRead += 1;
      yield page;
    }
  }

  override async *subscribe(options: SubscribeOptions): AsyncIterable<EventBatch> {
    for await (const batch of this.inner.subscribe(options)) {
      yield batch;
      if (this.breakSubscriptions === 0) continue;
      this.breakSubscriptions -= 1;
      throw new Error('connection terminated while subscribed');
    }
  }
}
