import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { messageOf } from '#kernel/message-of.js';
import type { Message, TopicSource } from '#kernel/message.js';
import { eventually } from '#testing/eventually.js';
import {
  aCount,
  count,
  holdRebuilds,
  jarsTopic,
  Pantry,
  shelves,
  type Counted,
} from '#testing/read-models.js';
import { ProjectionFailed } from './fold.js';
import type { MessageProjection } from './projection.js';
import type { ReadModels } from './read-models.js';

let pantry: Pantry;

beforeEach(async () => {
  pantry = await Pantry.open();
});

afterEach(() => pantry.close());

const started = (projection: MessageProjection, ...sources: readonly TopicSource[]) =>
  pantry.started([projection], sources);

async function counted(jar: string, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await count(pantry.store, jar, aCount('1'));
}

/** Every message of the topic so far, in order. */
async function messages(jar?: string): Promise<readonly Message[]> {
  const all: Message[] = [];
  const ended = new AbortController();
  if (!(await pantry.store.head())) return all;
  for await (const batch of pantry.store.subscribe({ consumer: 'test', signal: ended.signal })) {
    all.push(...batch.events.flatMap((event) => messageOf(jarsTopic, event) ?? []));
    if (batch.caughtUp) ended.abort();
  }
  return all.filter((message) => jar === undefined || message.key === jar);
}

const rows = () => pantry.rows('pantry.shelves');
const watermarks = () =>
  pantry.database.query<{ name: string; number: string }[]>(
    'SELECT name, number FROM pantry.read_model_watermark ORDER BY name',
  );
/** A table that salted jars do not concern. */
const plain = shelves({
  keysOf: ({ data, subject }) => ((data as Counted['data']).note === 'salt' ? [] : [subject]),
});
const deliver = async (models: ReadModels, projection = shelves()) => {
  for (const jar of ['jar-a', 'jar-b']) await models.applyMessages([projection], await messages(jar));
};

describe('a projection fed by a topic', () => {
  it('keeps messages of several keys of one row apart when they are folded at the same time', async () => {
    const sum = shelves({ keysOf: () => ['all'] });
    const models = await started(sum);
    const jars = Array.from({ length: 8 }, (_, n) => `jar-${String(n)}`);
    for (const jar of jars) await counted(jar, 3);
    await Promise.all(jars.map(async (jar) => models.applyMessages([sum], await messages(jar))));
    expect(await rows()).toMatchObject([{ jar: 'all', total: '24' }]);
  });

  it('is built from the store where its topic has a history that its consumers are past', async () => {
    await counted('jar-a', 25);
    const models = await started(shelves(), jarsTopic);
    await models.settled(5_000);
    expect(await rows()).toMatchObject([{ jar: 'jar-a', counts: 25 }]);
    await counted('jar-a', 1);
    await deliver(models);
    expect(await rows()).toMatchObject([{ jar: 'jar-a', counts: 26 }]);
  });

  it('is rebuilt while messages keep coming, and none is lost or doubled', async () => {
    const models = await started(shelves(), jarsTopic);
    await models.settled(5_000);
    const busy = new AbortController();
    const coming = (async () => {
      while (!busy.signal.aborted) {
        await counted('jar-a', 3);
        await deliver(models);
      }
    })();
    for (let n = 0; n < 4; n += 1) await models.rebuild('pantry.shelves');
    busy.abort();
    await coming;
    await deliver(models);
    expect(await rows()).toMatchObject([{ jar: 'jar-a', counts: (await messages()).length }]);
  });

  it('leaves messages that come while its version is being raised to the rebuild', async () => {
    await counted('jar-a', 30);
    await (await started(shelves(), jarsTopic)).settled(5_000);
    await pantry.stop();
    const { held, open } = holdRebuilds(pantry.store, 2);
    const raised = shelves({ version: 2 });
    const models = await started(raised, jarsTopic);
    await held;
    await counted('jar-a', 1);
    await deliver(models, raised);
    expect(await rows()).toMatchObject([{ counts: 30 }]);
    open();
    await models.settled(5_000);
    expect(await rows()).toMatchObject([{ counts: 31 }]);
  });

  it('whose fold fails holds up nobody: it stops, says so, and a rebuild takes in what came meanwhile', async () => {
    let mended = false;
    const fussy = shelves({
      keysOf: (message) => {
        if (!mended && (message.data as { note?: string }).note === 'mould')
          throw new Error('mould on the shelf');
        return [message.subject];
      },
    });
    const models = await started(fussy, jarsTopic);
    await models.settled(5_000);
    await count(pantry.store, 'jar-a', aCount('1', 'mould'));
    await deliver(models, fussy);
    await counted('jar-a', 1);
    await deliver(models, fussy);
    expect(await rows()).toEqual([]);
    expect(models.status()[0]).toMatchObject({
      state: 'stopped',
      reason: expect.stringContaining('mould on the shelf'),
    });
    mended = true;
    await models.rebuild('pantry.shelves');
    await deliver(models, fussy);
    expect(await rows()).toMatchObject([{ jar: 'jar-a', counts: 2 }]);
    expect(models.status()[0]).toMatchObject({ state: 'live' });
  });

  it('whose fold fails where no rebuild could mend it rejects, so that the messages come again', async () => {
    const broken = shelves({
      project: () => {
        throw new Error('no shelf');
      },
    });
    const models = await started(broken);
    await counted('jar-a', 1);
    await expect(deliver(models, broken)).rejects.toThrow(ProjectionFailed);
    await expect(models.rebuild('pantry.shelves')).rejects.toThrow('sources of its topics are not known');
  });

  it('refuses messages in a process that is older than its table', async () => {
    await counted('jar-a', 1);
    await (await started(shelves({ version: 2 }), jarsTopic)).settled(5_000);
    const old = await started(shelves(), jarsTopic);
    await eventually(() => expect(old.status()[0]).toMatchObject({ state: 'stopped' }));
    await counted('jar-a', 1);
    await expect(deliver(old)).rejects.toThrow('another version');
  });

  it('writes nothing of messages that do not concern it, and takes in those that do', async () => {
    const models = await started(plain, jarsTopic);
    await models.settled(5_000);
    await count(pantry.store, 'jar-a', aCount('1', 'salt'));
    await deliver(models, plain);
    expect(await watermarks()).toEqual([]);
    await counted('jar-a', 1);
    await count(pantry.store, 'jar-a', aCount('1', 'salt'));
    await deliver(models, plain);
    await deliver(models, plain);
    expect(await rows()).toMatchObject([{ jar: 'jar-a', counts: 1 }]);
    expect(await watermarks()).toEqual([{ name: 'pantry.shelves', number: '2' }]);
  });

  it('is not swapped before it has what only its next version wants and an older process let pass', async () => {
    await counted('jar-a', 3);
    const old = await started(plain, jarsTopic);
    await old.settled(5_000);
    const { held, open } = holdRebuilds(pantry.store);
    const models = await started(shelves({ version: 2 }), jarsTopic);
    await held;
    await count(pantry.store, 'jar-a', aCount('1', 'salt'));
    await old.applyMessages([plain], (await messages()).slice(-1));
    open();
    await models.settled(5_000);
    expect(await rows()).toMatchObject([{ counts: 4 }]);
  });

  it('is not passed over by an older process that would not want the message', async () => {
    const old = await started(plain, jarsTopic);
    await old.settled(5_000);
    await (await started(shelves({ version: 2 }), jarsTopic)).settled(5_000);
    await count(pantry.store, 'jar-a', aCount('1', 'salt'));
    await expect(deliver(old, plain)).rejects.toThrow('another version');
  });
});

describe('projections fed by the same topic', () => {
  const labels = (changes: Parameters<typeof shelves>[0] = {}) =>
    shelves({ name: 'pantry.labels', ...changes });
  const deliverTo = async (models: ReadModels, ...projections: readonly MessageProjection[]) => {
    await models.applyMessages(projections, await messages('jar-a'));
  };

  it('take in a batch together, in one transaction', async () => {
    const models = await pantry.started([shelves(), labels()], [jarsTopic]);
    await models.settled(5_000);
    await counted('jar-a', 2);
    await deliverTo(models, shelves(), labels());
    await deliverTo(models, labels(), shelves());
    expect(
      await pantry.database.query(
        `SELECT s.counts AS shelves, l.counts AS labels, s.xmin::text = l.xmin::text AS together
         FROM pantry.shelves s JOIN pantry.labels l USING (jar)`,
      ),
    ).toEqual([{ shelves: 2, labels: 2, together: true }]);
    expect(await watermarks()).toEqual([
      { name: 'pantry.labels', number: '2' },
      { name: 'pantry.shelves', number: '2' },
    ]);
  });

  it('go on without the one whose fold fails, which alone is stopped', async () => {
    const torn = labels({
      project: () => {
        throw new Error('torn');
      },
    });
    const models = await pantry.started([torn, shelves()], [jarsTopic]);
    await models.settled(5_000);
    await counted('jar-a', 2);
    await deliverTo(models, torn, shelves());
    expect(await rows()).toMatchObject([{ jar: 'jar-a', counts: 2 }]);
    await counted('jar-a', 1);
    await deliverTo(models, torn, shelves());
    expect(await rows()).toMatchObject([{ jar: 'jar-a', counts: 3 }]);
    expect(models.status()).toMatchObject([
      { name: 'pantry.labels', state: 'stopped', reason: expect.stringContaining('torn') },
      { name: 'pantry.shelves', state: 'live' },
    ]);
  });

  it('take in nothing of a batch that the database gives up, and all of it when it comes again', async () => {
    const models = await pantry.started([shelves(), labels()], [jarsTopic]);
    await models.settled(5_000);
    await counted('jar-a', 2);
    await pantry.database.query(
      `CREATE FUNCTION give_up() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'given up' USING ERRCODE = 'serialization_failure'; END $$`,
    );
    await pantry.database.query(
      'CREATE TRIGGER give_up BEFORE INSERT ON pantry.labels EXECUTE FUNCTION give_up()',
    );
    await expect(deliverTo(models, shelves(), labels())).rejects.toThrow('given up');
    expect(await rows()).toEqual([]);
    await pantry.database.query('DROP TRIGGER give_up ON pantry.labels');
    await deliverTo(models, shelves(), labels());
    expect(await rows()).toMatchObject([{ counts: 2 }]);
    expect(await pantry.rows('pantry.labels')).toMatchObject([{ counts: 2 }]);
  });
});
