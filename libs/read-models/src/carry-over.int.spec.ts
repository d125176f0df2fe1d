import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { Checkpoint } from '#kernel/checkpoint.js';
import { messageOf } from '#kernel/message-of.js';
import {
  aCount,
  count,
  jars,
  jarsTopic,
  Pantry,
  readDatabase,
  shelves,
  type Jar,
  type ReadDatabase,
} from '#testing/read-models.js';
import { CarriedOtherwise, carryOver } from './carry-over.js';
import type { AnyProjection } from './projection.js';
import { ReadModels } from './read-models.js';
import { inTransaction } from './sql.js';

describe('tables brought into another database', () => {
  let pantry: Pantry;
  let other: ReadDatabase;
  beforeEach(async () => {
    pantry = await Pantry.open();
    other = await readDatabase();
    const models = await pantry.started([jars(), shelves()], [jarsTopic]);
    for (let n = 0; n < 7; n += 1)
      await count(pantry.store, `jar-${String(n % 3)}`, aCount('5', 'Bình gạo “mẫu”'));
    const { signal } = new AbortController();
    for await (const { events, caughtUp } of pantry.store.subscribe({ consumer: 'test', signal })) {
      for (const event of events) await models.applyMessages([shelves()], [messageOf(jarsTopic, event)!]);
      if (caughtUp) break;
    }
    await models.waitFor('pantry', (await pantry.store.head())!.position, 5_000);
    await models.settled(10_000);
    await pantry.stop();
  });
  afterEach(async () => {
    await pantry.close();
    await other.drop();
  });

  const translate = async (checkpoint: Checkpoint): Promise<Checkpoint> => checkpoint;

  function carried(projection: AnyProjection, to: DataSource = other.database): Promise<boolean> {
    return inTransaction(pantry.database, (from) =>
      inTransaction(to, (sql) => carryOver(projection, { from, to: sql, translate })),
    );
  }

  it('go on there from where they stood, each event and message once', async () => {
    for (const projection of [jars(), shelves(), jars()]) expect(await carried(projection)).toBe(true);
    const { store } = pantry;
    const models = new ReadModels({ store, database: other.database, lingerMs: 2 });
    models.register('pantry', [jars(), shelves()]);
    await models.start();
    await count(store, 'jar-0', aCount('1'));
    const { signal } = new AbortController();
    for await (const { events, caughtUp } of store.subscribe({ consumer: 'test', signal })) {
      for (const event of events) await models.applyMessages([shelves()], [messageOf(jarsTopic, event)!]);
      if (caughtUp) break;
    }
    await models.waitFor('pantry', (await store.head())!.position, 5_000);
    await models.stop();
    for (const table of ['jars', 'shelves']) {
      const rows = await other.database.query<Jar[]>(`SELECT * FROM pantry.${table} ORDER BY jar`);
      expect(rows.map(({ total, counts }) => [total, counts])).toEqual([
        ['16', 4],
        ['10', 2],
        ['10', 2],
      ]);
    }
  });

  it('are left to be built where they are of another version, and refused where other rows are', async () => {
    expect(await carried(jars({ version: 2 }))).toBe(false);
    expect(await carried(jars())).toBe(true);
    await other.database.query(`UPDATE pantry.jars SET counts = 9 WHERE jar = 'jar-1'`);
    await expect(carried(jars())).rejects.toThrow(CarriedOtherwise);
  });
});
