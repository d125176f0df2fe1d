import { checkpointOf } from '#event-store/batches.js';
import type { EventStore } from '#event-store/event-store.js';
import type { RecordedEvent } from '#kernel/domain-event.js';

/** What was recorded after an event, or from the first on. */
export async function eventsAfter(
  store: EventStore,
  last: RecordedEvent | undefined,
): Promise<readonly RecordedEvent[]> {
  // A subscription tells nothing while nothing comes.
  if (last && (await store.head())?.eventId === last.id) return [];
  const after = last ? { after: checkpointOf(last) } : {};
  const events: RecordedEvent[] = [];
  const { signal } = new AbortController();
  for await (const batch of store.subscribe({
    consumer: 'faults',
    batchEventsMax: 2_000,
    signal,
    ...after,
  })) {
    events.push(...batch.events);
    if (batch.caughtUp) break;
  }
  return events;
}
