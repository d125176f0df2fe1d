import type { EventStore } from '#event-store/event-store.js';
import type { Checkpoint } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { TopicSource } from '#kernel/message.js';

/** How far the log has been looked through behind a checkpoint. */
interface Looked {
  readonly from: Checkpoint | undefined;
  readonly upTo: Checkpoint | undefined;
  readonly oldest: string | undefined;
}

/** Many at once: what has been looked through is not looked at again while the checkpoint stays. */
const batchEventsMax = 5_000;

/** Finds the first message of a topic behind a checkpoint in the store that the topic is made from. */
export class FirstBehind {
  private readonly looked = new Map<string, Looked>();

  constructor(private readonly store: EventStore) {}

  /**
   * When the first event behind `from` was recorded that the source tells others of; undefined without one. `consumer`
   * says whose checkpoint it is. Rejects with `CheckpointLost` where that no longer stands.
   */
  async time(
    consumer: string,
    from: Checkpoint | undefined,
    source: TopicSource,
  ): Promise<string | undefined> {
    const before = this.looked.get(consumer);
    const known = before && before.from?.eventId === from?.eventId ? before : startingFrom(from);
    const now = known.oldest === undefined ? await this.lookOn(known, source, consumer) : known;
    this.looked.set(consumer, now);
    return now.oldest;
  }

  private async lookOn(known: Looked, source: TopicSource, consumer: string): Promise<Looked> {
    let { upTo } = known;
    const head = await this.store.head();
    if (!head || head.eventId === upTo?.eventId) return known;
    const after = upTo ? { after: upTo } : {};
    const { signal } = new AbortController();
    const reading = { consumer, streams: source.streams, signal, batchEventsMax, ...after };
    for await (const batch of this.store.subscribe(reading)) {
      const first = batch.events.find((event) => isTold(source, event));
      if (first) return { ...known, upTo, oldest: first.recordedAt };
      upTo = batch.checkpoint;
      if (batch.caughtUp) break;
    }
    return { ...known, upTo };
  }
}

function startingFrom(from: Checkpoint | undefined): Looked {
  return { from, upTo: from, oldest: undefined };
}

/** One that cannot be translated stops its topic, and so waits as well. */
function isTold(source: TopicSource, event: RecordedEvent): boolean {
  try {
    return source.translate(event) !== undefined;
  } catch {
    return true;
  }
}
