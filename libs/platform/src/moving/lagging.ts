import type { EventStore } from '#event-store/event-store.js';
import { CheckpointLost, type Checkpoint, type CheckpointStore } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { TopicSource } from '#kernel/message.js';
import type { TopicDeclaration } from '#kernel/topic.js';
import { checkpointName } from '#messaging/direct/direct-messaging.js';

/** A consumer that has not handled everything that concerns it. */
export interface Lagging {
  /** Such as `ledger <- mangnon.donations.v1`, or the name of a read model. */
  readonly consumer: string;
  /** How many messages or events it is behind; undefined where what it stands on is gone. */
  readonly behind: number | undefined;
}

/** Groups that have not handled all that their topics hold, in a process where messages go straight from the store. */
export async function laggingGroups(
  store: EventStore,
  checkpoints: CheckpointStore,
  sources: readonly TopicSource[],
  topics: readonly TopicDeclaration[],
): Promise<readonly Lagging[]> {
  const found: Lagging[] = [];
  for (const { name: topic, readers } of topics)
    for (const group of readers) {
      const consumer = `${group} <- ${topic}`;
      const source = sources.find((one) => one.topic === topic);
      if (!source) throw new RangeError(`nobody publishes ${topic}`);
      const isMessage = (event: RecordedEvent): boolean => source.translate(event) !== undefined;
      const after = await checkpoints.find(checkpointName(group, topic));
      const behind = await countBehind(store, after, source.streams, isMessage);
      if (behind !== 0) found.push({ consumer, behind });
    }
  return found;
}

/** How many events of these streams lie behind the checkpoint; undefined where that stands no more. */
export async function countBehind(
  store: EventStore,
  after: Checkpoint | undefined,
  streams: readonly string[],
  counts: (event: RecordedEvent) => boolean = () => true,
): Promise<number | undefined> {
  const head = await store.head();
  if (!head || head.eventId === after?.eventId) return 0;
  try {
    return await countAfter(store, after, streams, counts);
  } catch (error) {
    if (error instanceof CheckpointLost) return undefined;
    throw error;
  }
}

async function countAfter(
  store: EventStore,
  after: Checkpoint | undefined,
  streams: readonly string[],
  counts: (event: RecordedEvent) => boolean,
): Promise<number> {
  const { signal } = new AbortController();
  const reading = { consumer: 'looking who lags', streams, signal, batchEventsMax: 2_000 };
  let behind = 0;
  for await (const { events, caughtUp } of store.subscribe({ ...reading, ...(after && { after }) })) {
    behind += events.filter(counts).length;
    if (caughtUp) break;
  }
  return behind;
}
