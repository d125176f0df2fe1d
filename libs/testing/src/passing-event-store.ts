import type {
  Appended,
  EventBatch,
  EventStore,
  ExpectedRevision,
  SubscribeOptions,
} from '#event-store/event-store.js';
import type { Checkpoint } from '#kernel/checkpoint.js';
import type { NewEvent, RecordedEvent } from '#kernel/domain-event.js';

/** A store that passes everything on to another, to be changed in one place by whoever extends it. */
export class PassingEventStore<Inner extends EventStore = EventStore> implements EventStore {
  constructor(protected readonly inner: Inner) {}

  append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
    after?: string,
  ): Promise<Appended> {
    return this.inner.append(stream, events, expected, after);
  }

  read(stream: string, fromRevision?: number): AsyncIterable<readonly RecordedEvent[]> {
    return this.inner.read(stream, fromRevision);
  }

  subscribe(options: SubscribeOptions): AsyncIterable<EventBatch> {
    return this.inner.subscribe(options);
  }

  head(): Promise<Checkpoint | undefined> {
    return this.inner.head();
  }

  incarnation(): Promise<number> {
    return this.inner.incarnation();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
