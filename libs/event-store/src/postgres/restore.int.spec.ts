import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CheckpointLost, type Checkpoint } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { eventStoreDatabase, type EventStoreDatabase } from '#testing/postgres-store.js';
import { everything, several } from '../contract-engine.contract.js';
import { PostgresEventStore } from './postgres-event-store.js';
import { ImportRefused } from '../importing.js';
import { importEvents } from './restore.js';

async function* pagesOf(events: readonly RecordedEvent[], size = 3): AsyncIterable<readonly RecordedEvent[]> {
  for (let from = 0; from < events.length; from += size) yield events.slice(from, from + size);
}

describe('a restored log', () => {
  let from: EventStoreDatabase;
  let to: EventStoreDatabase;
  let store: PostgresEventStore;
  let restored: PostgresEventStore;
  const first = several(2);

  beforeEach(async () => {
    [from, to] = await Promise.all([eventStoreDatabase(), eventStoreDatabase()]);
    store = new PostgresEventStore({ url: from.url });
    restored = new PostgresEventStore({ url: to.url });
    await store.append('note-1', first, 'no_stream');
    await store.append('note-2', several(3), 'no_stream');
    await store.append('note-1', several(2), 1);
  });
  afterEach(async () => {
    await Promise.all([store.close(), restored.close()]);
    await Promise.all([from.drop(), to.drop()]);
  });

  const head = async (of: PostgresEventStore): Promise<Checkpoint> => {
    const checkpoint = await of.head();
    if (!checkpoint) throw new Error('the store is empty');
    return checkpoint;
  };

  it('has every event as it was, and goes on in the next incarnation', async () => {
    const events = await everything(store);
    expect(await importEvents(to.owner, pagesOf(events))).toEqual({ events: 7, incarnation: 2 });
    expect(await restored.incarnation()).toBe(2);
    expect(await everything(restored)).toEqual(events);
    const appended = await restored.append('note-1', several(2), 3);
    expect(appended.position).toEqual({ incarnation: 2, number: 9 });
    expect(await restored.append('note-1', first, 'no_stream')).toEqual({
      revision: 1,
      position: { incarnation: 1, number: 2 },
      recordedAt: events[1]?.recordedAt,
    });
  });

  it('loses the checkpoints of consumers that had seen more, also once it has grown past them again', async () => {
    const early = await everything(store);
    const seen = await head(store);
    await store.append('note-2', several(4), 2);
    const beyond = await head(store);
    await importEvents(to.owner, pagesOf(early));
    await expect(everything(restored, { after: beyond })).rejects.toThrow(CheckpointLost);
    await restored.append('note-2', several(20), 2);
    await expect(everything(restored, { after: beyond })).rejects.toThrow(CheckpointLost);
    expect(await everything(restored, { after: seen })).toHaveLength(20);
  });

  it('carries positions with gaps and several incarnations along, and goes on above the last one', async () => {
    const events = (await everything(store)).map((event, index) => ({
      ...event,
      position: index < 4 ? { incarnation: 3, number: 1_000 + 7 * index } : { incarnation: 5, number: index },
    }));
    expect(await importEvents(to.owner, pagesOf(events))).toMatchObject({ incarnation: 6 });
    const positions = (await everything(restored)).map(({ position }) => position);
    expect(positions).toEqual(events.map(({ position }) => position));
    const appended = await restored.append('note-3', several(1), 'no_stream');
    expect(appended.position).toEqual({ incarnation: 6, number: 7 });
  });

  it('stands in the incarnation that it was given from the moment that it stands at all', async () => {
    const events = await everything(store);
    const lost = importEvents(to.owner, pagesOf(events), () => Promise.reject(new Error('the end')));
    await expect(lost).rejects.toThrow('the end');
    await expect(importEvents(to.owner, pagesOf(events), () => Promise.resolve(1))).rejects.toThrow(
      new ImportRefused('incarnation 1 was given before'),
    );
    expect(await everything(restored)).toEqual([]);
    const asked: number[] = [];
    const give = (above: number): Promise<number> => Promise.resolve(asked.push(above) + 9);
    expect(await importEvents(to.owner, pagesOf(events), give)).toEqual({ events: 7, incarnation: 10 });
    expect(asked).toEqual([1]);
    expect(await restored.incarnation()).toBe(10);
  });

  it('is refused whole when there are events already, or when one is missing, doubled or out of order', async () => {
    const events = await everything(store);
    await expect(importEvents(from.owner, pagesOf(events))).rejects.toThrow(ImportRefused);
    const [a, b, c, ...rest] = events;
    if (!a || !b || !c) throw new Error('three events');
    const earlier = { ...c, recordedAt: '2001-01-01T00:00:00Z' };
    for (const wrong of [
      [a, c, ...rest],
      [a, b, b, c, ...rest],
      [b, a, c, ...rest],
      [a, b, earlier, ...rest],
    ])
      await expect(importEvents(to.owner, pagesOf(wrong, 2))).rejects.toThrow(/ at 1\.\d+ (does|was|has) /);
    expect(await everything(restored)).toEqual([]);
    await importEvents(to.owner, pagesOf(events));
  });
});
