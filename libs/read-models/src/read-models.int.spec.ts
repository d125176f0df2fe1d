import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { eventually } from '#testing/eventually.js';
import { aCount, count, jars, Pantry, type Jar } from '#testing/read-models.js';
import { NotReached } from './standings.js';
import type { AnyProjection } from './projection.js';
import { projectorCases } from './projector.contract.js';

let pantry: Pantry;
let database: Pantry['database'];

beforeEach(async () => {
  pantry = await Pantry.open();
  ({ database } = pantry);
});

afterEach(() => pantry.close());

const started = (...projections: readonly AnyProjection[]) => pantry.started(projections);
const rows = (table?: string) => pantry.rows(table);

describe('read models', () => {
  it.each(projectorCases)('$name', ({ run }) => run(pantry));

  it('fold history and live events into a table, waited for by position', async () => {
    for (let n = 0; n < 20; n += 1)
      await count(pantry.store, `jar-${String(n % 3)}`, aCount('9007199254740993'));
    const models = await started(jars());
    await models.settled(5_000);
    const last = await count(pantry.store, 'jar-0', aCount('1', 'live'));
    await models.waitFor('pantry', last, 5_000);
    expect(await rows()).toEqual([
      { jar: 'jar-0', total: '63050394783186952', counts: 8, note: 'live' },
      { jar: 'jar-1', total: '63050394783186951', counts: 7, note: '' },
      { jar: 'jar-2', total: '54043195528445958', counts: 6, note: '' },
    ]);
    expect(models.position('pantry')).toEqual(last);
  });

  it('delete a row that is gone and keep text that PostgreSQL cannot hold in a form that it can', async () => {
    const fold = jars();
    const models = await started(
      jars({
        project: (row, event, jar) => {
          const after = fold.project(row, event, jar) as Jar | undefined;
          return after && { ...after, note: 'NUL \0 and half a pair \uD83D' };
        },
      }),
    );
    await count(pantry.store, 'jar-a', aCount('1'), aCount('0'));
    const last = await count(pantry.store, 'jar-b', aCount('1'));
    await models.waitFor('pantry', last, 5_000);
    expect(await rows()).toEqual([
      { jar: 'jar-b', total: '1', counts: 1, note: 'NUL \uFFFD and half a pair \uFFFD' },
    ]);
  });

  it('fold each event once though their connections are cut off again and again', async () => {
    const models = await started(jars());
    const breaker = await new DataSource({ type: 'postgres', url: pantry.url }).initialize();
    for (let n = 0; n < 120; n += 1) {
      await count(pantry.store, `jar-${String(n % 2)}`, aCount('1'));
      if (n % 20 === 0)
        await breaker.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        );
    }
    await breaker.destroy();
    await models.waitFor('pantry', (await pantry.store.head())!.position, 20_000);
    expect(await eventually(() => rows())).toMatchObject([
      { jar: 'jar-0', counts: 60 },
      { jar: 'jar-1', counts: 60 },
    ]);
    expect(models.status()[0]!.reason).toBeUndefined();
  });

  it('feed all projections at one checkpoint from one subscription, a new one too once it has caught up', async () => {
    for (let n = 0; n < 30; n += 1) await count(pantry.store, 'jar-a', aCount('1'));
    await (await started(jars())).settled(5_000);
    await pantry.stop();
    let open = 0;
    const subscribe = pantry.store.subscribe.bind(pantry.store);
    pantry.store.subscribe = async function* (options) {
      open += 1;
      try {
        yield* subscribe(options);
      } finally {
        open -= 1;
      }
    };
    const models = await started(jars(), jars({ name: 'pantry.late' }));
    await models.settled(5_000);
    await eventually(() => expect(open).toBe(1));
    const last = await count(pantry.store, 'jar-a', aCount('1'));
    await models.waitFor('pantry', last, 5_000);
    expect(await rows('pantry.late')).toEqual(await rows());
    expect(open).toBe(1);
  });

  it('stop the projection whose fold fails, say so, and go on with the others', async () => {
    const fussy = jars({
      name: 'pantry.fussy',
      keysOf: (event) => {
        if (event.data.note === 'mould') throw new Error('mould in the jar');
        return [event.stream];
      },
    });
    const models = await started(jars(), fussy);
    await count(pantry.store, 'jar-a', aCount('1'));
    await count(pantry.store, 'jar-a', aCount('1', 'mould'));
    await count(pantry.store, 'jar-a', aCount('1'));
    await eventually(async () => expect(await rows()).toMatchObject([{ counts: 3 }]));
    expect(models.status()).toMatchObject([
      { name: 'pantry.jars', state: 'live' },
      { name: 'pantry.fussy', state: 'stopped', reason: 'pantry.fussy at position 1.2: mould in the jar' },
    ]);
    await expect(models.waitFor('pantry', { incarnation: 1, number: 3 }, 5_000)).rejects.toThrow(NotReached);
  });

  it('stop the projection whose row its table refuses, and go on with the others', async () => {
    const narrow = jars({ name: 'pantry.narrow', indexes: [{ columns: ['note'] }] });
    const models = await started(jars(), narrow);
    const long = Array.from({ length: 4_000 }, (_, n) =>
      String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000)),
    ).join('');
    await count(pantry.store, 'jar-a', aCount('1', long));
    await eventually(async () => expect(await rows()).toMatchObject([{ counts: 1 }]));
    await eventually(() => expect(models.status()[1]).toMatchObject({ state: 'stopped' }));
    expect(models.status()[1]!.reason).toContain('index row');
  });

  it('stop and say so when the store was restored from before their checkpoint', async () => {
    for (let n = 0; n < 5; n += 1) await count(pantry.store, 'jar-a', aCount('1'));
    const kept = await pantry.store.head();
    await count(pantry.store, 'jar-a', aCount('1'));
    await (await started(jars())).settled(5_000);
    await pantry.stop();
    pantry.restored(kept);
    await count(pantry.store, 'jar-a', aCount('1'));
    await count(pantry.store, 'jar-a', aCount('1'));
    const models = await started(jars());
    await eventually(() => expect(models.status()[0]!.state).toBe('stopped'));
    expect(models.status()[0]!.reason).toContain('the store was restored from before it');
    expect(await rows()).toMatchObject([{ counts: 6 }]);
    await models.rebuild('pantry.jars');
    await models.settled(5_000);
    expect(await rows()).toMatchObject([{ counts: 7 }]);
  });

  it('make the declared indexes and drop those no longer declared', async () => {
    const definitions = async () => {
      const found = await database.query<{ indexdef: string }[]>(
        `SELECT indexdef FROM pg_indexes WHERE tablename = 'jars' AND indexname <> 'jars_pkey'`,
      );
      return found.map(({ indexdef }) => indexdef.replace(/^.* USING /, '')).sort();
    };
    await (
      await started(
        jars({ indexes: [{ columns: ['note'], serves: 'prefix' }, { columns: ['counts', 'note'] }] }),
      )
    ).stop();
    expect(await definitions()).toEqual(['btree (counts, note)', 'btree (note text_pattern_ops)']);
    await started(jars({ indexes: [{ columns: ['counts'] }] }));
    expect(await definitions()).toEqual(['btree (counts)']);
  });

  it('refuse two projections of one name and two schemas in one service', async () => {
    expect(() => pantry.models([jars(), jars()])).toThrow('registered twice');
    const models = pantry.models([jars({ name: 'cellar.jars' }), jars({ name: 'pantry.others' })]);
    await expect(models.start()).rejects.toThrow('one service, several schemas');
  });
});
