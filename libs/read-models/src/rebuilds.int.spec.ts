import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aCount, count, holdRebuilds, jars, Pantry } from '#testing/read-models.js';
import type { RebuildProgress } from './standings.js';

let pantry: Pantry;

beforeEach(async () => {
  pantry = await Pantry.open();
  for (let n = 0; n < 60; n += 1) await count(pantry.store, `jar-${String(n % 3)}`, aCount('1'));
});

afterEach(() => pantry.close());

const named = (table: string, changes = {}) => jars({ name: `pantry.${table}`, ...changes });
const total = async (table: string) =>
  (await pantry.rows(`pantry.${table}`)).reduce((sum, row) => sum + BigInt(row.total), 0n);

/** Who reads the store from here on for rebuilds. */
function readings(): readonly string[] {
  const readers: string[] = [];
  const subscribe = pantry.store.subscribe.bind(pantry.store);
  pantry.store.subscribe = (options) => {
    if (options.consumer.startsWith('rebuild')) readers.push(options.consumer);
    return subscribe(options);
  };
  return readers;
}

const broken = named('broken', {
  version: 2,
  project: () => {
    throw new Error('a mistake of ours');
  },
});

describe('rebuilds that wait together', () => {
  it('are built from one reading of the log', async () => {
    const tables = ['jars', 'tins', 'pots', 'pans'];
    const models = await pantry.started(tables.map((table) => named(table)));
    await models.settled(5_000);
    const readers = readings();
    const rebuilding = tables.map((table) => models.rebuild(`pantry.${table}`));
    await Promise.all(rebuilding);
    expect(readers).toEqual(['rebuild of 1 read models', 'rebuild of 3 read models']);
    for (const table of tables) expect(await total(table)).toBe(60n);
  });

  it('fail alone: a fold with a mistake keeps none of the others from its end', async () => {
    const models = await pantry.started([named('jars'), named('tins'), broken, named('pots')]);
    const ends = ['jars', 'tins', 'broken', 'pots'].map((table) => models.rebuild(`pantry.${table}`));
    const told = await Promise.allSettled(ends);
    expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    for (const table of ['jars', 'tins', 'pots']) expect(await total(table)).toBe(60n);
    expect(await pantry.rows('pantry.broken')).toEqual([]);
  });

  it('go on each from where it was interrupted', async () => {
    const models = await pantry.started([named('jars'), named('tins'), named('pots')]);
    await models.settled(5_000);
    const { held, open } = holdRebuilds(pantry.store, 4);
    const interrupted = models.rebuild('pantry.tins').catch(() => undefined);
    await held;
    const stopping = models.stop();
    open();
    await Promise.all([stopping, interrupted]);
    const again = await pantry.started([named('jars'), named('tins'), named('pots')]);
    const events = new Map<string, number>();
    const noted = ({ name, events: folded }: RebuildProgress): void => void events.set(name, folded);
    const rebuilding = ['jars', 'tins', 'pots'].map((table) => again.rebuild(`pantry.${table}`, noted));
    await Promise.all(rebuilding);
    expect(Object.fromEntries(events)).toEqual({ 'pantry.jars': 60, 'pantry.tins': 20, 'pantry.pots': 60 });
    for (const table of ['jars', 'tins', 'pots']) expect(await total(table)).toBe(60n);
  });

  it('take in what comes while the others end', async () => {
    const tables = ['jars', 'tins', 'pots'];
    const models = await pantry.started(tables.map((table) => named(table)));
    await models.settled(5_000);
    const writing = (async () => {
      for (let n = 0; n < 60; n += 1) await count(pantry.store, 'jar-0', aCount('1'));
    })();
    await Promise.all(tables.map((table) => models.rebuild(`pantry.${table}`)));
    await writing;
    await models.waitFor('pantry', (await pantry.store.head())!.position, 5_000);
    for (const table of tables) expect(await total(table)).toBe(120n);
  });
});
