import type { EventStore } from '#event-store/event-store.js';
import type { Checkpoint } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { comparePositions } from '#kernel/position.js';

/** Every event of the store up to the checkpoint, as a backup would hold them. */
export async function* eventsUpTo(
  store: EventStore,
  last: Checkpoint,
): AsyncIterable<readonly RecordedEvent[]> {
  const { signal } = new AbortController();
  for await (const { events, checkpoint } of store.subscribe({ consumer: 'backup', signal })) {
    yield events.filter(({ position }) => comparePositions(position, last.position) <= 0);
    if (comparePositions(checkpoint.position, last.position) >= 0) return;
  }
}
