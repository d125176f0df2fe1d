import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { wholeStream } from '#testing/events.js';
import { eventStoreDatabase } from '#testing/postgres-store.js';
import { noted, several, type Engine } from '../contract-engine.contract.js';
import { eventStoreContract } from '../event-store.contract.js';
import { PostgresEventStore } from './postgres-event-store.js';

async function open(): Promise<Engine> {
  const { url, drop } = await eventStoreDatabase();
  const stores = [new PostgresEventStore({ url })];
  const last = (): PostgresEventStore => stores.at(-1) ?? new PostgresEventStore({ url });
  return {
    store: last(),
    reopen: async () => {
      await last().close();
      stores.push(new PostgresEventStore({ url }));
      return last();
    },
    close: async () => {
      await last().close();
      await drop();
    },
  };
}

describe('the event store on PostgreSQL', () => {
  eventStoreContract(open);
});

describe('streams on PostgreSQL that are read at the same time', () => {
  it('give what each gives alone, and only the one that cannot be read fails', async () => {
    const { store, close } = await open();
    const large = Array.from({ length: 3 }, () => noted({ text: 'x'.repeat(60_000) }));
    await store.append('short', several(2), 'no_stream');
    await store.append('long', several(170), 'no_stream');
    await store.append('large', large, 'no_stream');
    const asked = [
      { stream: 'short', events: 2 },
      { stream: 'none', events: 0 },
      { stream: 'long', events: 170 },
      { stream: 'large', events: 3 },
      { stream: 'short', from: 1, events: 1 },
      { stream: 'long', from: 169, events: 1 },
      { stream: 'long', from: 170, events: 0 },
    ];
    const readAll = (): Promise<readonly (readonly RecordedEvent[])[]> =>
      Promise.all(asked.map(({ stream, from }) => wholeStream(store, stream, from)));
    const together = await readAll();
    for (const [index, { stream, from = 0, events }] of asked.entries()) {
      const revisions = Array.from({ length: events }, (_, n) => from + n);
      expect(together[index]?.map(({ revision }) => revision)).toEqual(revisions);
      expect(together[index]).toEqual(await wholeStream(store, stream, from));
    }
    const besideOne = readAll();
    await expect(wholeStream(store, 'no\0stream')).rejects.toThrow('invalid byte sequence');
    expect(await besideOne).toEqual(together);
    await close();
  });
});
