import type { EventStore } from '#event-store/event-store.js';
import type { Checkpoint, CheckpointStore } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { TopicSource } from '#kernel/message.js';
import type { Backlog } from '../backlog.js';
import { checkpointName } from './direct-messaging.js';

/** What a {@link DirectBacklog} looks at: the same as the consumers, in whichever process they are. */
export interface DirectBacklogOptions {
  readonly store: EventStore;
  readonly sources: readonly TopicSource[];
  readonly checkpoints: CheckpointStore;
}

/** How far the log has been looked through behind a checkpoint. */
interface Looked {
  readonly from: Checkpoint | undefined;
  readonly upTo: Checkpoint | undefined;
  readonly oldest: string | undefined;
}

/** Many at once: what has been looked through is not looked at again while the checkpoint stays. */
const batchEventsMax = 5_000;

/** Backlogs of direct messaging: the first message behind the checkpoint that the group's members share. */
export class DirectBacklog implements Backlog {
  private readonly looked = new Map<string, Looked>();

  constructor(private readonly options: DirectBacklogOptions) {}

  async oldestUnhandled(group: string, topic: string): Promise<string | undefined> {
    const { sources, checkpoints } = this.options;
    const source = sources.find((one) => one.topic === topic);
    if (!source) throw new RangeError(`nobody publishes ${topic}`);
    const consumer = checkpointName(group, topic);
    const from = await checkpoints.find(consumer);
    const before = this.looked.get(consumer);
    const known = before && before.from?.eventId === from?.eventId ? before : startingFrom(from);
    const now = known.oldest === undefined ? await this.lookOn(known, source, consumer) : known;
    this.looked.set(consumer, now);
    return now.oldest;
  }

  private async lookOn(known: Looked, source: TopicSource, consumer: string): Promise<Looked> {
    const { store } = this.options;
    let { upTo } = known;
    const head = await store.head();
    if (!head || head.eventId === upTo?.eventId) return known;
    const after = upTo ? { after: upTo } : {};
    const { signal } = new AbortController();
    const { streams } = source;
    for await (const batch of store.subscribe({ consumer, streams, signal, batchEventsMax, ...after })) {
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
