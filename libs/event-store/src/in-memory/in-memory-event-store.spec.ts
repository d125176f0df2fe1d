import { describe, expect, it } from '@jest/globals';
import { CheckpointLost } from '#kernel/checkpoint.js';
import { everything, noted, several, type Engine } from '../contract-engine.contract.js';
import { AppendMixed } from '../event-store.js';
import { eventStoreContract } from '../event-store.contract.js';
import { InMemoryEventStore } from './in-memory-event-store.js';

const clock = { now: () => new Date() };

async function open(): Promise<Engine> {
  const stores = [new InMemoryEventStore(clock)];
  const last = (): InMemoryEventStore => stores.at(-1) ?? new InMemoryEventStore(clock);
  return {
    store: last(),
    reopen: async () => {
      stores.push(await last().reopened());
      return last();
    },
    close: () => last().close(),
  };
}

describe('the in-memory event store', () => {
  eventStoreContract(open);

  it('tells a consumer of a restored store that its checkpoint is lost, also when the store has grown past it', async () => {
    const store = new InMemoryEventStore(clock);
    await store.append('note-1', several(2), 'no_stream');
    const kept = await store.head();
    await store.append('note-1', several(2), 1);
    const lost = await store.head();
    if (!kept || !lost) throw new Error('two checkpoints');
    const restored = store.restored(kept);
    expect([await store.incarnation(), await restored.incarnation()]).toEqual([1, 2]);
    await expect(everything(restored, { after: lost })).rejects.toThrow(CheckpointLost);
    await restored.append('note-1', several(5), 1);
    await expect(everything(restored, { after: lost })).rejects.toThrow(CheckpointLost);
    const later = await everything(restored, { after: kept });
    expect(later.map(({ position }) => position.incarnation)).toEqual([2, 2, 2, 2, 2]);
    expect((await everything(restored)).slice(0, 2)).toEqual((await everything(store)).slice(0, 2));
  });

  it('never stamps an earlier time than the event before, whatever its clock says', async () => {
    const times = ['2025-05-29T01:00:00Z', '2025-05-29T00:00:00Z', '2025-05-29T02:00:00Z'];
    const store = new InMemoryEventStore({ now: () => new Date(times.shift() ?? '') });
    for (const stream of ['note-1', 'note-2', 'note-3']) await store.append(stream, several(1), 'no_stream');
    expect((await everything(store)).map(({ recordedAt }) => recordedAt)).toEqual([
      '2025-05-29T01:00:00.000Z',
      '2025-05-29T01:00:00.000Z',
      '2025-05-29T02:00:00.000Z',
    ]);
  });

  it('refuses ids that stand in another stream or at another revision', async () => {
    const store = new InMemoryEventStore(clock);
    const event = noted();
    await store.append('note-1', [event], 'no_stream');
    await expect(store.append('note-2', [event], 'no_stream')).rejects.toThrow(AppendMixed);
    await expect(store.append('note-1', [event], 0)).rejects.toThrow(AppendMixed);
  });

  it('hands out events that nobody can change', async () => {
    const store = new InMemoryEventStore(clock);
    const data = { list: ['a'] };
    await store.append('note-1', [noted(data)], 'no_stream');
    data.list.push('b');
    const [event] = await everything(store);
    expect(event?.data).toEqual({ list: ['a'] });
    expect(() => (event?.data as typeof data).list.push('c')).toThrow(TypeError);
  });
});
