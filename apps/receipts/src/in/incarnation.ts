import type { EventStore } from '#event-store/event-store.js';

/**
 * The store's incarnation now, from 1. A restore ends with an event of its own in the new incarnation, so the last
 * event tells it; an empty store is in its first.
 */
export async function incarnationOf(store: EventStore): Promise<number> {
  return (await store.head())?.position.incarnation ?? 1;
}
