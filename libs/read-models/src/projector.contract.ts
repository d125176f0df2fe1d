import assert from 'node:assert/strict';
import { messageOf } from '#kernel/message-of.js';
import type { Message } from '#kernel/message.js';
import type { ContractCase } from '#testing/contract.js';
import { eventually } from '#testing/eventually.js';
import { wholeStream } from '#testing/events.js';
import { aCount, count, holdReaders, jars, jarsTopic, shelves, type Pantry } from '#testing/read-models.js';
import type { ReadModels } from './read-models.js';

/** One promise of read models whatever becomes of a process: each event and each message counts once in their rows. */
export type ProjectorCase = ContractCase<Pantry>;

async function counted({ store }: Pantry, times: number, jar = 'jar-a'): Promise<void> {
  for (let n = 0; n < times; n += 1) await count(store, jar, aCount('1'));
}

async function countsOf(pantry: Pantry, table?: string): Promise<Record<string, number>> {
  const rows = await pantry.rows(table);
  return Object.fromEntries(rows.map(({ jar, counts }) => [jar, counts]));
}

/** Waits until the tables have taken in all that is recorded. */
async function tookIn(pantry: Pantry, ...processes: readonly ReadModels[]): Promise<void> {
  const head = await pantry.store.head();
  if (head) for (const models of processes) await models.waitFor('pantry', head.position, 15_000);
}

/** Every message of a jar so far, in order. */
async function messagesOf({ store }: Pantry, jar: string): Promise<readonly Message[]> {
  return (await wholeStream(store, jar)).flatMap((event) => messageOf(jarsTopic, event) ?? []);
}

export const projectorCases: readonly ProjectorCase[] = [
  {
    name: 'go on after the last batch that was kept, as after a crash between batches',
    async run(pantry) {
      await counted(pantry, 10);
      await tookIn(pantry, await pantry.started([jars()]));
      await pantry.stop();
      await counted(pantry, 1);
      await tookIn(pantry, await pantry.started([jars()]));
      assert.deepEqual(await countsOf(pantry), { 'jar-a': 11 });
    },
  },
  {
    name: 'keep of a batch that the database gives up neither rows nor checkpoint, and fold it again',
    async run(pantry) {
      const { database } = pantry;
      const models = await pantry.started([jars()]);
      await database.query('CREATE SEQUENCE writes');
      await database.query(`CREATE FUNCTION give_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('writes') = 1 THEN RAISE EXCEPTION 'given up' USING ERRCODE = 'serialization_failure'; END IF;
        RETURN NULL;
      END $$`);
      await database.query(
        'CREATE TRIGGER give_up BEFORE INSERT ON pantry.jars FOR EACH STATEMENT EXECUTE FUNCTION give_up()',
      );
      await counted(pantry, 1);
      await eventually(async () => {
        assert.deepEqual(await database.query('SELECT is_called FROM writes'), [{ is_called: true }]);
      });
      await counted(pantry, 1);
      await tookIn(pantry, models);
      assert.deepEqual(await countsOf(pantry), { 'jar-a': 2 });
    },
  },
  {
    name: 'fold each event once where two processes run the same projections',
    async run(pantry) {
      const processes = [await pantry.started([jars()]), await pantry.started([jars()])];
      for (let n = 0; n < 60; n += 1) await counted(pantry, 1, `jar-${String(n % 2)}`);
      await tookIn(pantry, ...processes);
      assert.deepEqual(await countsOf(pantry), { 'jar-0': 30, 'jar-1': 30 });
    },
  },
  {
    name: 'fold nothing of a batch that another process has folded since it was read',
    async run(pantry) {
      let readers = 0;
      const { held, open } = holdReaders(pantry.store, () => (readers += 1) === 2);
      const quick = await pantry.started([jars()]);
      await eventually(() => assert.equal(readers, 1));
      const slow = await pantry.started([jars()]);
      await eventually(() => assert.equal(readers, 2));
      await counted(pantry, 1);
      await tookIn(pantry, quick);
      await held;
      open();
      await tookIn(pantry, slow);
      assert.deepEqual(await countsOf(pantry), { 'jar-a': 1 });
    },
  },
  {
    name: 'fold each message once, delivered however often, in one call or across calls',
    async run(pantry) {
      const models = await pantry.started([shelves()]);
      await counted(pantry, 5, 'jar-a');
      await counted(pantry, 2, 'jar-b');
      const [first, second, ...rest] = await messagesOf(pantry, 'jar-a');
      await models.applyMessages([shelves()], [first!, second!, second!, first!]);
      await models.applyMessages([shelves()], [first!, second!, ...rest]);
      for (const jar of ['jar-a', 'jar-b', 'jar-a'])
        await models.applyMessages([shelves()], await messagesOf(pantry, jar));
      assert.deepEqual(await countsOf(pantry, 'pantry.shelves'), { 'jar-a': 5, 'jar-b': 2 });
    },
  },
];
