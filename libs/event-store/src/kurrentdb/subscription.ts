import { setTimeout as delay } from 'node:timers/promises';
import { CheckpointLost } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { batchEventsMaxDefault } from '../batches.js';
import { Bell } from '../bell.js';
import type { EventBatch, SubscribeOptions } from '../event-store.js';
import { kindOf } from './connection.js';
import type { Feed, FeedItem } from './feed.js';
import { LogFollower, type SubscriptionParts } from './log-follower.js';
import { checkpointAt, isOurs, recordedOf, storeStream, type ClientEvent } from './stored.js';

/** How long a subscriber goes on trying while the server cannot be reached, in milliseconds. */
const patienceMs = 60_000;
const retryMsMin = 50;
const retryMsMax = 2_000;
/** How long part of a batch of history waits for the rest, in milliseconds. */
const historyMs = 1_000;
/** How often an idle subscriber looks how far the log has got, in milliseconds. */
const idleMsMin = 25;
const idleMsMax = 1_000;
/** How many events an idle subscriber looks at in one go. */
const skipEventsMax = 500;
/** How often a subscriber moves on past what it does not want while the server looks for more, in milliseconds. */
const checkpointMs = 250;

/** One subscriber: a feed of the server, put together in batches, and opened anew from where it is when it breaks. */
export class Subscription {
  readonly #bell = new Bell();
  readonly #follower: LogFollower;
  readonly #max: number;
  #feed: Feed | undefined;
  #headBefore: ClientEvent | undefined;
  #live = false;
  /** Whether the consumer has not been told yet that it is caught up. */
  #owes = true;
  #idleMs = idleMsMin;
  #skippedAt = -Infinity;
  #failingSince: number | undefined;
  #retryMs = retryMsMin;

  constructor(
    private readonly parts: SubscriptionParts,
    private readonly options: SubscribeOptions,
    private readonly signal: AbortSignal,
  ) {
    this.#max = options.batchEventsMax ?? batchEventsMaxDefault;
    this.#follower = new LogFollower(parts, options);
  }

  /** The next batch, as soon as there is one; undefined when it has to be asked again. */
  async next(): Promise<EventBatch | undefined> {
    try {
      this.#feed ??= await this.#opened();
      const events: RecordedEvent[] = [];
      const moved = await this.#gather(this.#feed, events);
      if (events.length > 0 || moved) return await this.#batch(this.#feed, events);
      if (this.#feed.error) throw this.#feed.error;
      return undefined;
    } catch (error) {
      await this.#endure(error);
      return undefined;
    }
  }

  /** Lets go of the server's subscription. */
  close(): void {
    this.#feed?.close();
    this.#feed = undefined;
  }

  async #opened(): Promise<Feed> {
    const { feed, head } = await this.#follower.open(this.#bell);
    this.#headBefore = head;
    this.#live = false;
    return feed;
  }

  /** Fills the batch; true when the subscriber got further though there is nothing for it. */
  async #gather(feed: Feed, events: RecordedEvent[]): Promise<boolean> {
    if (this.#pastHistory()) return true;
    let until: number | undefined;
    while (events.length < this.#max && !this.signal.aborted) {
      const item = feed.take();
      const moved = item ? await this.#took(item, events) : await this.#waited(feed, until);
      if (moved !== undefined) return moved;
      if (events.length > 0) until ??= performance.now() + this.#patience;
    }
    return false;
  }

  /** How long a batch that has begun waits to become larger, in milliseconds. */
  get #patience(): number {
    return this.#live ? (this.options.lingerMs ?? 0) : historyMs;
  }

  /** Waits for the next item, at most `until`; undefined while the batch may go on. */
  async #waited(feed: Feed, until: number | undefined): Promise<boolean | undefined> {
    if (feed.error) return false;
    if (until === undefined) return this.#idle();
    const left = until - performance.now();
    if (left <= 0) return false;
    await this.#bell.heard(this.signal, left);
    return undefined;
  }

  /** Undefined while the batch may go on; otherwise whether the subscriber got further by the item. */
  async #took(item: FeedItem, events: RecordedEvent[]): Promise<boolean | undefined> {
    this.#healthy();
    if (item.kind === 'event') {
      this.#takeEvent(item.event, events);
      return undefined;
    }
    if (item.kind === 'checkpoint') return this.#passed(item, events);
    this.#live = true;
    return events.length > 0 || this.#pastHistory() ? true : undefined;
  }

  /** What the subscriber does not want of history is behind it once all is that came from it. */
  #pastHistory(): boolean {
    const before = this.#follower.at;
    if (this.#live && this.#headBefore) this.#follower.moveTo(this.#headBefore);
    if (this.#live) this.#headBefore = undefined;
    return this.#follower.at !== before;
  }

  #takeEvent(event: ClientEvent, events: RecordedEvent[]): void {
    if (event.streamId === storeStream) this.parts.incarnations.learn(event);
    if (!isOurs(event) || !this.#follower.isBehind(event)) return;
    events.push(recordedOf(event, this.#follower.moveTo(event)));
  }

  async #passed(
    item: { readonly log: { commit: bigint; prepare: bigint } },
    events: RecordedEvent[],
  ): Promise<boolean | undefined> {
    const now = performance.now();
    if (events.length > 0 || now - this.#skippedAt < checkpointMs) return undefined;
    this.#skippedAt = now;
    return (await this.#follower.skipTo(item.log)) || undefined;
  }

  /** Waits for something, and now and then goes on past what the subscriber does not want. */
  async #idle(): Promise<boolean> {
    const waited = this.#idleMs;
    const began = performance.now();
    await this.#bell.heard(this.signal, waited);
    if (performance.now() - began < waited || !this.#live || this.signal.aborted) return false;
    this.#idleMs = Math.min(this.#idleMs * 2, idleMsMax);
    if (await this.#follower.atEnd()) return this.#owes && this.#follower.at !== undefined;
    if (!this.options.streams) return false;
    return this.#follower.skip(skipEventsMax);
  }

  async #batch(feed: Feed, events: readonly RecordedEvent[]): Promise<EventBatch | undefined> {
    const at = this.#follower.at;
    if (!at || this.signal.aborted) return undefined;
    const caughtUp = !feed.holdsEvents && (await this.#follower.atEnd().catch(() => false));
    this.#owes = !caughtUp;
    this.#idleMs = idleMsMin;
    return { events, checkpoint: checkpointAt(at), caughtUp };
  }

  #healthy(): void {
    this.#failingSince = undefined;
    this.#retryMs = retryMsMin;
  }

  /** Waits a little after a lost connection; throws what it was when waiting cannot mend it or lasts too long. */
  async #endure(error: unknown): Promise<void> {
    this.close();
    if (error instanceof CheckpointLost || kindOf(error) === 'access-denied') throw error;
    this.#failingSince ??= performance.now();
    if (performance.now() - this.#failingSince > patienceMs) throw error;
    await delay(this.#retryMs, undefined, { signal: this.signal }).catch(() => undefined);
    this.#retryMs = Math.min(this.#retryMs * 2, retryMsMax);
  }
}
