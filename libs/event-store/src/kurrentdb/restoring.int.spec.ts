import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CheckpointLost } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { kurrentDbStores, type KurrentDbStores } from '#testing/kurrentdb-store.js';
import { everything, several } from '../contract-engine.contract.js';
import { StoreBusy } from '../event-store.js';
import { LogNotWhole } from '../importing.js';
import { recordsOfEvents } from '../log-record.js';
import { restoreLog, type LogRestored } from '../restoring.js';
import { KurrentDbCopyTarget } from './copy-target.js';
import type { KurrentDbEventStore } from './kurrentdb-event-store.js';
import type { KurrentDbAddress } from './names.js';
import { openIncarnation } from './next-incarnation.js';

async function* pagesOf(events: readonly RecordedEvent[], size = 3): AsyncIterable<readonly RecordedEvent[]> {
  for (let from = 0; from < events.length; from += size) yield events.slice(from, from + size);
}

async function restored(
  address: KurrentDbAddress,
  pages: () => AsyncIterable<readonly RecordedEvent[]>,
): Promise<LogRestored> {
  const target = new KurrentDbCopyTarget(address);
  const give = (above: number) => Promise.resolve(above + 1);
  return restoreLog(() => recordsOfEvents(pages()), target, give).finally(() => target.close());
}

const place = ({ cursor: _, ...event }: RecordedEvent): Omit<RecordedEvent, 'cursor'> => event;

describe('a log copied to KurrentDB', () => {
  let from: KurrentDbStores;
  let to: KurrentDbStores;
  let events: readonly RecordedEvent[];
  let copy: KurrentDbEventStore;
  const first = several(2);

  beforeEach(async () => {
    [from, to] = await Promise.all([kurrentDbStores(), kurrentDbStores()]);
    const store = await from.open();
    copy = await to.open();
    await store.append('note-1', first, 'no_stream');
    await store.append('note-2', several(3), 'no_stream');
    await store.append('note-1', several(2), 1);
    events = await everything(store);
  });
  afterEach(() => Promise.all([from.drop(), to.drop()]));

  it('has every event with its position and time, and goes on in the next incarnation', async () => {
    expect(await restored(to.address, () => pagesOf(events))).toMatchObject({ count: 7, incarnation: 2 });
    expect((await everything(copy)).map(place)).toEqual(events.map(place));
    expect(await copy.incarnation()).toBe(2);
    const appended = await copy.append('note-1', several(1), 3);
    expect(appended.position.incarnation).toBe(2);
    const { position, recordedAt } = events[1] ?? {};
    expect(await copy.append('note-1', first, 'no_stream')).toEqual({ revision: 1, position, recordedAt });
    const later = (await everything(copy)).at(-1);
    expect(later?.position).toEqual(appended.position);
  });

  it('stops every consumer of the log that was lost, those that had seen no more too', async () => {
    const store = await from.open();
    await restored(to.address, () => pagesOf(events));
    const within = { ...(await store.head())! };
    await store.append('note-3', several(2), 'no_stream');
    const beyond = (await store.head())!;
    for (const after of [within, beyond])
      await expect(everything(copy, { after })).rejects.toThrow(CheckpointLost);
  });

  it('takes appends while a consumer reads it from the start, past where the copying began', async () => {
    await restored(to.address, () => pagesOf(events));
    const { signal } = new AbortController();
    const rebuild = copy.subscribe({ consumer: 'rebuild', signal, batchEventsMax: 1 });
    const take = rebuild[Symbol.asyncIterator]();
    await take.next();
    expect(await copy.append('note-9', several(1), 'no_stream')).toMatchObject({ revision: 0 });
    await take.return?.();
  });

  it('tells that it is not whole and takes no append until it is', async () => {
    await expect(restored(to.address, () => broken(events))).rejects.toThrow('the end');
    const another = await to.open();
    await expect(another.append('note-9', several(1), 'no_stream')).rejects.toThrow(StoreBusy);
    await expect(another.assertWhole()).rejects.toThrow(LogNotWhole);
    await expect(openIncarnation(to.address)).rejects.toThrow(LogNotWhole);
    expect((await everything(another)).map(place)).toEqual(events.slice(0, 6).map(place));
    await restored(to.address, () => pagesOf(events, 2));
    await another.assertWhole();
    const whole = await to.open();
    expect((await everything(whole)).map(place)).toEqual(events.map(place));
  });

  it('opens the next incarnation where the server’s own files were restored', async () => {
    expect(await openIncarnation(from.address)).toBe(2);
    const store = await from.open();
    const before = events.at(-1)?.position;
    const appended = await store.append('note-3', several(1), 'no_stream');
    expect([before?.incarnation, appended.position.incarnation]).toEqual([1, 2]);
    expect((await everything(store)).map(({ position }) => position.incarnation)).toEqual([
      1, 1, 1, 1, 1, 1, 1, 2,
    ]);
  });
});

async function* broken(events: readonly RecordedEvent[]): AsyncIterable<readonly RecordedEvent[]> {
  yield events.slice(0, 6);
  throw new Error('the end');
}
