import { describe, expect, it } from '@jest/globals';
import type { EventBatch, SubscribeOptions } from '#event-store/event-store.js';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { CheckpointLost } from '#kernel/checkpoint.js';
import { numbered, numberSources, numbersTopic } from '#testing/messaging-direct.js';
import { PassingEventStore } from '#testing/passing-event-store.js';
import { SetClock } from '#testing/set-clock.js';
import { checkpointName } from './direct-messaging.js';
import { DirectBacklog } from './direct-backlog.js';
import { InMemoryCheckpointStore } from './in-memory-checkpoint-store.js';

const group = 'readers';

/** Counts the events that it hands over. */
class CountingStore extends PassingEventStore<InMemoryEventStore> {
  handedOver = 0;

  override async *subscribe(options: SubscribeOptions): AsyncIterable<EventBatch> {
    for await (const batch of super.subscribe(options)) {
      this.handedOver += batch.events.length;
      yield batch;
    }
  }
}

function rig() {
  const clock = new SetClock('2025-03-10T09:00:00.000Z');
  const disk = new InMemoryEventStore(clock);
  const store = new CountingStore(disk);
  const checkpoints = new InMemoryCheckpointStore();
  let revision = -1;
  /** Appends at that minute and gives the event's checkpoint. */
  const recordAt = async (minute: number, type?: string) => {
    clock.set(`2025-03-10T09:0${String(minute)}:00.000Z`);
    await disk.append('numbers-a', [numbered(minute, type)], revision < 0 ? 'no_stream' : revision);
    revision += 1;
    return disk.head();
  };
  const consumer = checkpointName(group, numbersTopic);
  const handledUpTo = async (head: Awaited<ReturnType<typeof recordAt>>) =>
    checkpoints.move(consumer, await checkpoints.find(consumer), head!);
  const backlog = new DirectBacklog({ store, checkpoints, sources: numberSources });
  const oldest = () => backlog.oldestUnhandled(group, numbersTopic);
  return { disk, store, checkpoints, recordAt, handledUpTo, oldest, backlog };
}

describe('what a group has not handled yet', () => {
  it('is nothing in an empty store, and where it has handled the last message', async () => {
    const { recordAt, handledUpTo, oldest } = rig();
    expect(await oldest()).toBeUndefined();
    await handledUpTo(await recordAt(1));
    expect(await oldest()).toBeUndefined();
    await recordAt(2, 'Private');
    expect(await oldest()).toBeUndefined();
  });

  it('begins with the first message behind its checkpoint, whatever comes after', async () => {
    const { recordAt, handledUpTo, oldest } = rig();
    await recordAt(1);
    expect(await oldest()).toBe('2025-03-10T09:01:00.000Z');
    const second = await recordAt(2);
    await recordAt(3, 'Private');
    await recordAt(4);
    expect(await oldest()).toBe('2025-03-10T09:01:00.000Z');
    await recordAt(5);
    await handledUpTo(second);
    expect(await oldest()).toBe('2025-03-10T09:04:00.000Z');
  });

  it('begins with a message that cannot be translated, since that stops the topic', async () => {
    const { disk, checkpoints, recordAt } = rig();
    const translate = (): never => {
      throw new Error('a bug');
    };
    const sources = numberSources.map((source) => ({ ...source, translate }));
    await recordAt(1);
    const backlog = new DirectBacklog({ store: disk, checkpoints, sources });
    expect(await backlog.oldestUnhandled(group, numbersTopic)).toBe('2025-03-10T09:01:00.000Z');
  });

  it('is looked for only in what was not looked through before', async () => {
    const { store, recordAt, handledUpTo, oldest } = rig();
    await handledUpTo(await recordAt(1));
    for (let times = 0; times < 3; times += 1) await recordAt(2, 'Private');
    for (let times = 0; times < 5; times += 1) expect(await oldest()).toBeUndefined();
    expect(store.handedOver).toBe(3);
    await recordAt(3);
    for (let times = 0; times < 5; times += 1) expect(await oldest()).toBe('2025-03-10T09:03:00.000Z');
    expect(store.handedOver).toBe(4);
  });

  it('cannot be told where its checkpoint no longer stands, or of a topic that nobody publishes', async () => {
    const { disk, checkpoints, recordAt, handledUpTo, backlog } = rig();
    const first = await recordAt(1);
    await handledUpTo(await recordAt(2));
    const restored = disk.restored(first);
    await restored.append('numbers-a', [numbered(3)], 0);
    const looking = new DirectBacklog({ store: restored, checkpoints, sources: numberSources });
    await expect(looking.oldestUnhandled(group, numbersTopic)).rejects.toThrow(CheckpointLost);
    await expect(backlog.oldestUnhandled(group, 'nobody.knows')).rejects.toThrow(RangeError);
  });
});
