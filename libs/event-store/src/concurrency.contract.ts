import { expect } from '@jest/globals';
import { wholeStream } from '#testing/events.js';
import type { EventStore } from './event-store.js';
import {
  appendPatiently,
  appendWhenTaken,
  everything,
  several,
  watch,
  type EventStoreCase,
} from './contract-engine.contract.js';

const writers = 32;

/**
 * 32 writers, each appending ten times in turn to its own stream and to one of four that all share; gives back every
 * id that was acknowledged, in no order.
 */
export async function writeSideBySide(stores: readonly EventStore[]): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  const write = async (writer: number): Promise<void> => {
    const store = stores[writer % stores.length];
    if (!store) throw new Error('a store');
    for (let round = 0; round < 10; round += 1) {
      const [own, crowded] = [several(1 + (round % 3)), several(1)];
      await appendWhenTaken(store, `own-${writer}`, own, round === 0 ? 'no_stream' : ownRevision(round));
      await appendPatiently(store, `crowded-${(writer + round) % 4}`, crowded);
      acknowledged.push(...[...own, ...crowded].map(({ id }) => id));
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  return acknowledged;
}

/** Last revision of an own stream before this round: rounds append 1, 2, 3, 1, 2, 3 … events. */
function ownRevision(round: number): number {
  return Array.from({ length: round }, (_, before) => 1 + (before % 3)).reduce((sum, n) => sum + n, 0) - 1;
}

/** Each acknowledged event stands exactly once, and revisions have no gap. */
export async function expectNothingLostOrDoubled(
  store: EventStore,
  acknowledged: readonly string[],
): Promise<readonly string[]> {
  const events = await everything(store);
  const ids = events.map(({ id }) => id);
  expect([...ids].sort()).toEqual([...acknowledged].sort());
  for (const stream of new Set(events.map((event) => event.stream))) {
    const revisions = (await wholeStream(store, stream)).map(({ revision }) => revision);
    expect(revisions).toEqual([...revisions.keys()]);
  }
  return ids;
}

/** What holds beside any number of writers. */
export const concurrencyCases: readonly EventStoreCase[] = [
  {
    name: 'beside 32 writers nothing is lost or doubled, and every subscriber sees each event once in one order',
    async run({ store }) {
      const early = [watch(store), watch(store, { lingerMs: 20 }), watch(store, { batchEventsMax: 7 })];
      const writing = writeSideBySide([store]);
      await early[0]?.sees(100);
      const late = [watch(store), watch(store, { batchEventsMax: 11 })];
      const acknowledged = await writing;
      const order = await expectNothingLostOrDoubled(store, acknowledged);
      for (const watcher of [...early, ...late]) {
        await watcher.reaches(await store.head());
        await watcher.stop();
        expect(watcher.ids()).toEqual(order);
      }
    },
  },
  {
    name: 'of many writers at one revision exactly one wins, and each of the others is told',
    async run({ store }) {
      const appends = Array.from({ length: 20 }, () => store.append('note-1', several(1), 'no_stream'));
      const outcomes = await Promise.allSettled(appends);
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused).toHaveLength(19);
      for (const { reason } of refused)
        expect(reason).toMatchObject({ name: 'WrongExpectedVersion', actual: 0 });
      expect(await everything(store)).toHaveLength(1);
    },
  },
  {
    name: 'one append sent many times at once is written once and answered alike',
    async run({ store }) {
      const events = several(2);
      const appends = Array.from({ length: 12 }, () => store.append('note-1', events, 'no_stream'));
      const answers = await Promise.all(appends);
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect((await everything(store)).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    },
  },
];
