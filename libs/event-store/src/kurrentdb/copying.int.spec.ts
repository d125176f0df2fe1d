import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '#platform/clock.js';
import { kurrentDbStores, type KurrentDbStores } from '#testing/kurrentdb-store.js';
import { everything, noted, several } from '../contract-engine.contract.js';
import { copyCases } from '../copying.contract.js';
import { copyLog } from '../copying.js';
import { InMemoryEventStore } from '../in-memory/in-memory-event-store.js';
import { recordOf, type LogRecord } from '../log-record.js';
import { KurrentDbCopyTarget } from './copy-target.js';

describe('a log copied to KurrentDB', () => {
  let to: KurrentDbStores;
  beforeEach(async () => {
    to = await kurrentDbStores();
  });
  afterEach(() => to.drop());

  it.each(copyCases)('$name', ({ run }) =>
    run({
      source: new InMemoryEventStore(systemClock),
      target: () => new KurrentDbCopyTarget(to.address),
      open: () => to.open(),
    }),
  );

  it('finds a byte that was changed on the server itself', async () => {
    const source = new InMemoryEventStore(systemClock);
    await source.append('note-1', several(3), 'no_stream');
    const records = (await everything(source)).map(recordOf);
    const copied = async (): Promise<unknown> => {
      const target = new KurrentDbCopyTarget(to.address);
      const pages = async function* () {
        yield records;
      };
      return copyLog(pages, target).finally(() => target.close());
    };
    await copied();
    // A real server takes no such change.
    const stored = to.server?.log.all.find(({ id }) => id === records[1]?.id);
    if (!stored) return;
    stored.data.set([(stored.data[9] ?? 0) ^ 1], 9);
    await expect(copied()).rejects.toThrow(/the data differs/);
  });

  it('reads large events a few at a time, and all of them', async () => {
    const source = new InMemoryEventStore(systemClock);
    for (const [at, stream] of ['note-1', 'note-2', 'note-3', 'note-4', 'note-5', 'note-6'].entries())
      await source.append(stream, [noted({ text: String(at).repeat(1_000_000) })], 'no_stream');
    const records = (await everything(source)).map(recordOf);
    const target = new KurrentDbCopyTarget(to.address);
    await copyLog(async function* () {
      yield records;
    }, target);
    const pages: (readonly LogRecord[])[] = [];
    for await (const page of target.records()) pages.push(page);
    await target.close();
    expect(pages.map(({ length }) => length)).toEqual([5, 1]);
    expect(pages.flat()).toEqual(records);
  });

  it('opens another incarnation where the server’s log is shorter than the numbers that were given', async () => {
    const source = new InMemoryEventStore(systemClock);
    await source.append('note-1', several(1), 'no_stream');
    const far = (await everything(source)).map((event) => ({
      ...recordOf(event),
      position: { incarnation: 1, number: 900_000_000_000 },
    }));
    const target = new KurrentDbCopyTarget(to.address);
    await copyLog(async function* () {
      yield far;
    }, target);
    expect(await target.open(1, (above) => Promise.resolve(above + 4))).toBe(5);
    await target.close();
    const store = await to.open();
    expect((await store.append('note-1', several(1), 0)).position.incarnation).toBe(5);
  });
});
