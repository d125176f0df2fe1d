import {
  streamNameFilter,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type Position,
} from '@eventstore/db-client';
import type { Bell } from '../bell.js';
import type { Names } from './names.js';
import { storeStream, type ClientEvent } from './stored.js';

/** What a feed holds for its consumer, in the order of the log. */
export type FeedItem =
  | { readonly kind: 'event'; readonly event: ClientEvent }
  /** The server has looked at everything before this place. */
  | { readonly kind: 'checkpoint'; readonly log: Position }
  /** Everything is behind that was in the store when the feed was opened. */
  | { readonly kind: 'caughtUp' };

/** From so many events or bytes waiting on, no more are taken from the server; at half of it they are again. */
const eventsMax = 1_000;
const bytesMax = 16 * 1_048_576;

/**
 * One subscription of the server, read into a queue of our own: a subscriber that stops reading is cut off by the
 * server. It never resumes by itself: after {@link Feed.error} another is opened from the last event that was taken.
 */
export class Feed {
  readonly #items: FeedItem[] = [];
  readonly #subscription: AllStreamSubscription;
  #bytes = 0;
  #caughtUp = false;
  #error: Error | undefined;

  constructor(
    client: EventStoreDBClient,
    from: Position | 'start',
    names: Names,
    wanted: readonly string[] | undefined,
    private readonly bell: Bell,
  ) {
    const checkpointReached = async (_: unknown, log: Position): Promise<void> =>
      this.#mark({ kind: 'checkpoint', log });
    const streams = prefixesOf(names, wanted);
    const filter = streams
      ? streamNameFilter({ prefixes: streams, checkpointReached })
      : streamNameFilter({ regex: '^[^$]', checkpointReached });
    this.#subscription = client.subscribeToAll({ fromPosition: from, filter });
    this.#subscription
      .on('data', ({ event }) => event && this.#take(names.seen(event)))
      .on('caughtUp', () => this.#mark({ kind: 'caughtUp' }))
      .on('error', (error: Error) => this.#fail(error))
      .on('end', () => this.#fail(new Error('the event store ended the subscription')));
  }

  /** What ended it; what it holds may still be taken. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** Whether an event waits. */
  get holdsEvents(): boolean {
    return this.#items.some(({ kind }) => kind === 'event');
  }

  /** The next item, which is then gone. */
  take(): FeedItem | undefined {
    const item = this.#items.shift();
    if (item?.kind === 'event') this.#bytes -= bytesOf(item.event);
    if (this.#subscription.isPaused() && !this.#full(2)) this.#subscription.resume();
    return item;
  }

  /** Lets go of the subscription. */
  close(): void {
    this.#fail(new Error('closed'));
    void this.#subscription.unsubscribe().catch(() => undefined);
  }

  #take(event: ClientEvent): void {
    if (this.#error) return;
    this.#items.push({ kind: 'event', event });
    this.#bytes += bytesOf(event);
    if (this.#full(1)) this.#subscription.pause();
    if (this.#caughtUp) this.#mark({ kind: 'caughtUp' });
    this.bell.ring();
  }

  /** What the server says of where it is holds only behind the events that it has sent before. */
  #mark(item: FeedItem): void {
    const behind = this.#subscription.readableLength > 0;
    if (item.kind === 'caughtUp') this.#caughtUp = behind;
    if (behind || this.#error) return;
    if (item.kind === 'checkpoint' && this.#items.at(-1)?.kind === 'checkpoint') this.#items.pop();
    this.#items.push(item);
    this.bell.ring();
  }

  #full(part: number): boolean {
    return this.#items.length >= eventsMax / part || this.#bytes >= bytesMax / part;
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.bell.ring();
  }
}

function bytesOf({ data }: ClientEvent): number {
  return data instanceof Uint8Array ? data.length : 0;
}

/** What the server is to look for: the store's own stream comes along, to tell where incarnations begin. */
function prefixesOf(names: Names, wanted: readonly string[] | undefined): string[] | undefined {
  if (wanted) return [...wanted, storeStream].map((prefix) => names.onServer(prefix));
  return names.namespace === '' ? undefined : [names.namespace];
}
