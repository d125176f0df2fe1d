import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { CheckpointMoved } from '#kernel/checkpoint.js';
import { eventually } from '#testing/eventually.js';
import { aCount, count, holdRebuilds, jars, Pantry, readDatabase, type Jar } from '#testing/read-models.js';
import type { AnyProjection } from './projection.js';
import { ReadModels } from './read-models.js';
import { RebuildStopped } from './rebuild.js';
import { RebuildUnderWay } from './rebuilds.js';
import type { RebuildProgress } from './standings.js';

let pantry: Pantry;
let database: Pantry['database'];

beforeEach(async () => {
  pantry = await Pantry.open();
  ({ database } = pantry);
});

afterEach(() => pantry.close());

const started = (...projections: readonly AnyProjection[]) => pantry.started(projections);

async function counted(times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await count(pantry.store, `jar-${String(n % 3)}`, aCount('1'));
}

const rows = (table = 'jars') => pantry.rows(`pantry.${table}`);
const total = (all: readonly Jar[]) => all.reduce((sum, row) => sum + BigInt(row.total), 0n);

/** Twice what was counted: as a projection whose fold was mended. */
const doubled = (version: number) =>
  jars({
    version,
    project: (row, { data }, jar) => ({
      jar,
      total: (BigInt(row?.total ?? '0') + 2n * BigInt(data.amount)).toString(),
      counts: (row?.counts ?? 0) + 1,
      note: '',
    }),
  });

describe('a rebuild', () => {
  it('builds beside the live table while events keep coming, and no reader ever sees less than before', async () => {
    await counted(60);
    const models = await started(jars());
    await models.settled(5_000);
    const busy = new AbortController();
    const seen: bigint[] = [];
    const reading = (async () => {
      while (!busy.signal.aborted) seen.push(total(await rows()));
    })();
    const writing = (async () => {
      for (let n = 0; n < 150; n += 1) await count(pantry.store, 'jar-0', aCount('1'));
    })();
    const progress: RebuildProgress[] = [];
    for (let n = 0; n < 3; n += 1) await models.rebuild('pantry.jars', (step) => progress.push(step));
    await writing;
    await models.waitFor('pantry', (await pantry.store.head())!.position, 5_000);
    busy.abort();
    await reading;
    expect(total(await rows())).toBe(210n);
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.every((sum, at) => at === 0 || sum >= seen[at - 1]!)).toBe(true);
    expect(progress.filter(({ phase }) => phase === 'swapped')).toHaveLength(3);
    expect(progress[0]).toMatchObject({
      name: 'pantry.jars',
      phase: 'building',
      events: 10,
      position: { number: 10 },
    });
    await models.settled(5_000);
    expect(models.status()[0]!.rebuild).toBeUndefined();
  });

  it('leaves the live table updated and served meanwhile, and swaps only once it stands as far', async () => {
    await counted(30);
    const models = await started(jars());
    await models.settled(5_000);
    const { held, open } = holdRebuilds(pantry.store, 2);
    const rebuilding = models.rebuild('pantry.jars');
    await held;
    const last = await count(pantry.store, 'jar-0', aCount('1'));
    await models.waitFor('pantry', last, 5_000);
    expect(total(await rows())).toBe(31n);
    open();
    await rebuilding;
    expect(total(await rows())).toBe(31n);
  });

  it('is begun by a raised version, the older rows being served until the swap', async () => {
    await counted(30);
    await (await started(jars())).settled(5_000);
    await pantry.stop();
    const { open } = holdRebuilds(pantry.store);
    const models = await started(doubled(2));
    expect(models.status()[0]!.state).toBe('outdated');
    await counted(3);
    expect(total(await rows())).toBe(30n);
    open();
    await models.settled(5_000);
    expect(total(await rows())).toBe(66n);
    await counted(3);
    await eventually(async () => expect(total(await rows())).toBe(72n));
  });

  it('is begun by other columns', async () => {
    await counted(6);
    await (await started(jars())).stop();
    const renamed = jars({
      key: 'name' as 'jar',
      columns: { name: 'text', sum: 'numeric' } as never,
      project: (row, { data }, name) =>
        ({
          name,
          sum: (BigInt((row as { sum?: string } | undefined)?.sum ?? '0') + BigInt(data.amount)).toString(),
        }) as never,
      indexes: [{ columns: ['sum' as 'total'] }],
    });
    await (await started(renamed)).settled(5_000);
    expect(await database.query('SELECT * FROM pantry.jars ORDER BY name')).toEqual([
      { name: 'jar-0', sum: '2' },
      { name: 'jar-1', sum: '2' },
      { name: 'jar-2', sum: '2' },
    ]);
    const indexes: unknown = await database.query(
      `SELECT indexname FROM pg_indexes WHERE schemaname = 'pantry' AND tablename = 'jars'`,
    );
    expect(JSON.stringify(indexes)).not.toContain('__next');
  });

  it('is not undone by an older process that starts after it', async () => {
    await counted(6);
    await (await started(doubled(2))).settled(5_000);
    const old = await started(jars());
    expect(old.status()[0]!.state).toBe('stopped');
    expect(old.status()[0]!.reason).toContain('another version');
    await counted(3);
    await eventually(async () => expect(total(await rows())).toBe(18n));
  });

  it('stops the older process that is still running, and doubles nothing', async () => {
    await counted(6);
    const old = await started(jars());
    await old.settled(5_000);
    const fresh = await started(doubled(2));
    await fresh.settled(5_000);
    await counted(30);
    await fresh.waitFor('pantry', (await pantry.store.head())!.position, 5_000);
    await eventually(() => expect(old.status()[0]!.state).toBe('stopped'));
    expect(total(await rows())).toBe(72n);
  });

  it('goes on from where an interrupted one of the same version left off', async () => {
    await counted(60);
    const models = await started(jars());
    const { held, open } = holdRebuilds(pantry.store, 4);
    const interrupted = models.rebuild('pantry.jars').catch((error: unknown) => error);
    await held;
    const stopping = models.stop();
    open();
    await stopping;
    expect(await interrupted).toBeInstanceOf(RebuildStopped);
    expect(total(await rows('jars__next'))).toBe(40n);
    const steps: RebuildProgress[] = [];
    await (await started(jars())).rebuild('pantry.jars', (step) => steps.push(step));
    expect(steps.at(-1)).toMatchObject({ phase: 'swapped', events: 20, position: { number: 60 } });
    expect(total(await rows())).toBe(60n);
  });

  it('begins anew over what an interrupted one of another version left', async () => {
    await counted(60);
    const models = await started(jars());
    const { held, open } = holdRebuilds(pantry.store, 4);
    void models.rebuild('pantry.jars').catch(() => undefined);
    await held;
    const stopping = models.stop();
    open();
    await stopping;
    await (await started(doubled(2))).settled(5_000);
    expect(total(await rows())).toBe(120n);
    expect(await database.query(`SELECT to_regclass('pantry.jars__next') AS next`)).toEqual([{ next: null }]);
  });

  it('begins anew when the store was restored from before what an interrupted one had read', async () => {
    await counted(30);
    const kept = await pantry.store.head();
    await counted(30);
    const models = await started(jars());
    const { held, open } = holdRebuilds(pantry.store, 5);
    void models.rebuild('pantry.jars').catch(() => undefined);
    await held;
    const stopping = models.stop();
    open();
    await stopping;
    pantry.restored(kept);
    const after = await started(jars());
    await after.rebuild('pantry.jars');
    expect(total(await rows())).toBe(30n);
    await counted(3);
    await after.waitFor('pantry', (await pantry.store.head())!.position, 5_000);
    expect(total(await rows())).toBe(33n);
  });

  it('is refused while another process rebuilds the same, and goes through afterwards', async () => {
    await counted(30);
    const one = await started(jars());
    const other = await started(jars());
    const { held, open } = holdRebuilds(pantry.store);
    const rebuilding = one.rebuild('pantry.jars');
    await held;
    await expect(other.rebuild('pantry.jars')).rejects.toThrow(RebuildUnderWay);
    await expect(one.rebuild('pantry.jars')).rejects.toThrow(RebuildUnderWay);
    open();
    await rebuilding;
    await other.rebuild('pantry.jars');
    expect(total(await rows())).toBe(30n);
  });

  it('waits for its turn, so that more rebuilds than connections leave the read side its own', async () => {
    const few = await readDatabase(3);
    const all = Array.from({ length: 6 }, (_, n) => jars({ name: `pantry.jars${String(n)}` }));
    const names = all.map(({ name }) => name);
    await counted(30);
    const models = new ReadModels({
      store: pantry.store,
      database: few.database,
      lingerMs: 2,
      batchEventsMax: 10,
    });
    models.register('pantry', all);
    await models.start();
    await models.settled(5_000);
    const { held, open } = holdRebuilds(pantry.store, 1);
    const ended: string[] = [];
    const rebuilding = names.map((name) => models.rebuild(name).then(() => ended.push(name)));
    await held;
    await models.waitFor('pantry', await count(pantry.store, 'jar-0', aCount('1')), 5_000);
    const [first, ...others] = models.status().map(({ rebuild }) => rebuild?.phase);
    expect([first, ...new Set(others)]).toEqual(['building', 'waiting']);
    await expect(models.rebuild(names[5]!)).rejects.toThrow(RebuildUnderWay);
    open();
    await Promise.all(rebuilding);
    expect(ended).toEqual(names);
    for (const name of names) expect(total(await few.database.query(`SELECT * FROM ${name}`))).toBe(31n);
    await models.stop();
    await few.drop();
  });

  it('that waits for its turn never begins once the process stops', async () => {
    await counted(30);
    const models = await started(jars(), jars({ name: 'pantry.others' }));
    await models.settled(5_000);
    const { held, open } = holdRebuilds(pantry.store);
    const rebuilding = ['jars', 'others'].map((table) => models.rebuild(`pantry.${table}`));
    const ends = Promise.allSettled(rebuilding);
    await held;
    const stopping = models.stop();
    open();
    await stopping;
    expect((await ends).map((end) => end.status === 'rejected' && (end.reason as unknown))).toEqual([
      expect.any(RebuildStopped),
      expect.any(RebuildStopped),
    ]);
    expect(await database.query(`SELECT to_regclass('pantry.others__next') AS next`)).toEqual([
      { next: null },
    ]);
  });

  it('is done once where two processes start with a raised version', async () => {
    await counted(30);
    await (await started(jars())).settled(5_000);
    await pantry.stop();
    const [one, other] = await Promise.all([started(doubled(2)), started(doubled(2))]);
    await Promise.all([one.settled(10_000), other.settled(10_000)]);
    expect(total(await rows())).toBe(60n);
  });

  it('of an empty store ends at once', async () => {
    const models = await started(jars());
    await models.rebuild('pantry.jars');
    await models.settled(5_000);
    expect(await rows()).toEqual([]);
  });

  it('waits for a long transaction that reads the live table', async () => {
    await counted(6);
    const models = await started(jars());
    await models.settled(5_000);
    const reader = database.createQueryRunner();
    await reader.startTransaction('REPEATABLE READ');
    await reader.query('SELECT * FROM pantry.jars');
    const rebuilding = models.rebuild('pantry.jars');
    await eventually(async () =>
      expect(
        await database.query(`SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'`),
      ).toHaveLength(1),
    );
    expect(total((await reader.query('SELECT * FROM pantry.jars')) as Jar[])).toBe(6n);
    await reader.commitTransaction();
    await reader.release();
    await rebuilding;
    expect(total(await rows())).toBe(6n);
  });

  it('does not put in the live one’s place what a crash of the server has undone', async () => {
    await counted(6);
    const models = await started(jars());
    await models.settled(5_000);
    const other = database.createQueryRunner();
    await other.startTransaction();
    await other.query(`SELECT * FROM pantry.read_model WHERE slot = 'live' FOR UPDATE`);
    const phases: string[] = [];
    const rebuilding = models.rebuild('pantry.jars', ({ phase }) => phases.push(phase));
    const ended = rebuilding.catch((error: unknown) => error);
    await eventually(() => expect(phases).toContain('catching-up'));
    await database.query(
      `UPDATE pantry.read_model SET cursor = NULL, incarnation = NULL, number = NULL, event_id = NULL WHERE slot = 'next'`,
    );
    await database.query('TRUNCATE pantry.jars__next');
    await other.commitTransaction();
    await other.release();
    expect(await ended).toBeInstanceOf(CheckpointMoved);
    expect(total(await rows())).toBe(6n);
    await models.rebuild('pantry.jars');
    expect(total(await rows())).toBe(6n);
  });

  it('waits for the disk where tables are swapped and live ones folded, not while it builds', async () => {
    const extra = { options: '-c synchronous_commit=on' };
    const durable = await new DataSource({ type: 'postgres', url: pantry.url, extra }).initialize();
    const models = new ReadModels({ store: pantry.store, database: durable, lingerMs: 2 });
    models.register('pantry', [jars()]);
    await models.start();
    await models.settled(5_000);
    await database.query('CREATE TABLE commits (slot text, flushed text)');
    await database.query(`CREATE FUNCTION told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO commits VALUES (NEW.slot, current_setting('synchronous_commit')); RETURN NULL;
    END $$`);
    await database.query(
      'CREATE TRIGGER told AFTER UPDATE ON pantry.read_model FOR EACH ROW EXECUTE FUNCTION told()',
    );
    await models.waitFor('pantry', await count(pantry.store, 'jar-0', aCount('1')), 5_000);
    await models.rebuild('pantry.jars');
    const commits: unknown = await database.query('SELECT DISTINCT slot, flushed FROM commits ORDER BY slot');
    expect(commits).toEqual([
      { slot: 'live', flushed: 'on' },
      { slot: 'next', flushed: 'off' },
    ]);
    await models.stop();
    await durable.destroy();
  });

  it('writes down now and then where it stands while nothing concerns the table', async () => {
    for (let n = 0; n < 300; n += 1) await count(pantry.store, 'box-0', aCount('1'));
    await counted(3);
    const models = await started(jars());
    await models.settled(5_000);
    await database.query('CREATE SEQUENCE moves');
    await database.query(
      `CREATE FUNCTION moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('moves'); RETURN NULL; END $$`,
    );
    await database.query(
      `CREATE TRIGGER moved AFTER UPDATE ON pantry.read_model FOR EACH ROW WHEN (NEW.slot = 'next') EXECUTE FUNCTION moved()`,
    );
    await models.rebuild('pantry.jars');
    const [moves] = await database.query<{ last_value: string }[]>('SELECT last_value FROM moves');
    expect(Number(moves?.last_value)).toBeLessThan(15);
    expect(total(await rows())).toBe(3n);
  });
});
