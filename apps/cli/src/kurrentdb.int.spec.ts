import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyLog } from '#event-store/copying.js';
import { KurrentDbCopyTarget } from '#event-store/kurrentdb/copy-target.js';
import { LogNotWhole } from '#event-store/importing.js';
import { recordOf } from '#event-store/log-record.js';
import { openKurrentDbLog } from '#platform/archive/event-log.js';
import { giveIncarnation } from '#platform/archive/incarnations.js';
import { digestVault } from '#platform/archive/vault-rows.js';
import { openEventLog as openServiceLog } from '#platform/event-log.js';
import { createPool } from '#postgres/pool.js';
import { ReadModels } from '#read-models/read-models.js';
import type { ProtocolServer } from '#testing/eventstoredb-protocol/protocol-server.js';
import type { StoredEvent } from '#testing/eventstoredb-protocol/stored-event.js';
import { kurrentDbStores, type KurrentDbStores } from '#testing/kurrentdb-store.js';
import { testDatabase, type TestDatabase } from '#testing/postgres.js';
import { aCount, count, jars, readDatabase } from '#testing/read-models.js';
import { addPerson } from '#testing/vault-person.js';
import { aWalk } from '#testing/walk-log.js';
import type { Context } from './context.js';
import { exportLines } from './export-file.js';
import { Interruption } from './interruption.js';
import { replayLive } from './replay-live.js';
import { fillEngines } from './restore-engines.js';
import { runCli } from './run.js';
import { Terminal } from './terminal.js';

const { events } = aWalk();
const backup = (): string => join(folder, 'backup');
let folder: string;
let from: Engines;
let to: Engines;

/** Engines of separate services, none of which runs. */
class Engines {
  private constructor(
    readonly stores: KurrentDbStores,
    readonly books: TestDatabase,
    readonly vault: TestDatabase,
  ) {}

  static async open(): Promise<Engines> {
    return new Engines(await kurrentDbStores(), await testDatabase(), await testDatabase());
  }

  get environment(): Readonly<Record<string, string>> {
    const { url, namespace = '' } = this.stores.address;
    return {
      MANGNON_EVENT_STORE: 'kurrentdb',
      EVENTSTORE_URL: url,
      EVENTSTORE_NAMESPACE: namespace,
      MANGNON_DATABASE_URL: this.books.url,
      MANGNON_VAULT_URL: this.vault.url,
    };
  }

  get target(): Parameters<typeof fillEngines>[1]['to'] {
    return { databaseUrl: this.books.url, vaultUrl: this.vault.url, eventStore: this.stores.address };
  }

  mangnon(...argv: readonly string[]): ReturnType<typeof mangnon> {
    return mangnon(this.environment, ...argv);
  }

  async drop(): Promise<void> {
    await this.stores.drop();
    await Promise.all([this.books.drop(), this.vault.drop()]);
  }
}

async function mangnon(environment: Readonly<Record<string, string>>, ...argv: readonly string[]) {
  let [out, told] = ['', ''];
  const exit = await runCli(argv, {
    streams: { out: (text) => void (out += text), err: (text) => void (told += text), isScreen: false },
    environment,
    pour: async (texts) => {
      for await (const text of texts) out += text;
    },
    ask: () => Promise.resolve(undefined),
    readInput: () => Promise.resolve(''),
  });
  return { exit, out, told };
}

async function fill(engines: Engines): Promise<void> {
  const target = new KurrentDbCopyTarget(engines.stores.address);
  const records = async function* () {
    yield events.map(recordOf);
  };
  await copyLog(records, target);
  await target.open(1, () => Promise.reject(new Error('no other incarnation is needed')));
  await target.close();
  await addPerson(engines.vault.url, 'b0c7a3a5-9a55-4a7a-8a1e-0d3d0d4f0001');
}

async function exported(): Promise<string> {
  let text = '';
  const pages = async function* () {
    yield events;
  };
  for await (const part of exportLines(pages())) text += part;
  return text;
}

function restored(target = to.target): ReturnType<typeof fillEngines> {
  const streams = { out: () => undefined, err: () => undefined, isScreen: false };
  const context = { terminal: new Terminal(streams, 'en'), interruption: new Interruption() } as Context;
  return fillEngines(context, { from: backup(), keysDirectory: join(folder, 'keys'), to: target });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mangnon-kurrentdb-'));
  [from, to] = [await Engines.open(), await Engines.open()];
  await giveIncarnation(join(folder, 'keys'), 0);
  await fill(from);
});
afterAll(async () => {
  await Promise.all([from.drop(), to.drop()]);
  await rm(folder, { recursive: true });
});

/** As if the server had lost one event of its log. */
async function without(
  { log }: ProtocolServer,
  event: StoredEvent,
  look: () => Promise<unknown>,
): Promise<void> {
  const all = log.all as StoredEvent[];
  const at = all.indexOf(event);
  all.splice(at, 1);
  await look().finally(() => all.splice(at, 0, event));
}

describe('the archive of events on KurrentDB', () => {
  it('exports the bytes that any other engine gives', async () => {
    expect((await from.mangnon('export', 'events')).out).toBe(await exported());
  });

  it('is backed up with the vault, and the backup proves itself', async () => {
    const { exit, out } = await from.mangnon('backup', backup());
    expect(out).toContain(`The backup in ${backup()} is whole.`);
    expect(exit).toBe(0);
  });

  it('broken off while it is restored says that it is not whole, and no service starts on it', async () => {
    const { server, address } = to.stores;
    if (!server) return;
    const ours = () => server.log.all.filter(({ stream }) => /fund-|donation-|receipt-/.test(stream));
    const unwatch = server.log.watch(() => {
      if (ours().length === 4) server.faults.failNext('append');
    });
    await expect(restored()).rejects.toThrow('the outcome of the append is unknown');
    unwatch();
    for (const command of [['replay'], ['export', 'events'], ['backup', join(folder, 'other')], ['status']])
      expect(await to.mangnon(...command)).toMatchObject({
        ...{ exit: 4, out: '' },
        told: expect.stringContaining('is not whole: let "mangnon restore"'),
      });
    await expect(
      openServiceLog({ database: {} as never, databaseUrl: '', kurrentDb: address }),
    ).rejects.toThrow(LogNotWhole);
    const [first, second] = ours();
    if (!first || !second) throw new Error('nothing was restored before it was broken off');
    first.data.set([(first.data[9] ?? 0) ^ 1], 9);
    await expect(restored()).rejects.toMatchObject({
      code: 'differs',
      message: expect.stringMatching(/the data differs/),
    });
    first.data.set([(first.data[9] ?? 0) ^ 1], 9);
    await without(server, second, () =>
      expect(restored()).rejects.toMatchObject({
        code: 'differs',
        message: expect.stringMatching(/where the source has/),
      }),
    );
  });

  it('is restored onto empty engines, event by event, in an incarnation that was never given', async () => {
    expect(await restored()).toMatchObject({ count: events.length, incarnation: 2 });
    expect((await to.mangnon('export', 'events')).out).toBe(await exported());
    expect(await digestVault(to.vault.url)).toEqual(await digestVault(from.vault.url));
    expect(await (await to.stores.open()).incarnation()).toBe(2);
  });

  it('is restored onto nothing that holds anything', async () => {
    const isRefused = (why: RegExp) =>
      expect(restored()).rejects.toMatchObject({ code: 'refused', message: expect.stringMatching(why) });
    await isRefused(/the event store is not empty/);
    const other = { ...to.target, eventStore: { ...to.stores.address, namespace: 'other.' } };
    const pool = createPool(to.books.url, { name: 'mangnon-cli' });
    await pool.query('CREATE SCHEMA ledger; CREATE TABLE ledger.publisher_places AS SELECT 1 AS place');
    await expect(restored(other)).rejects.toThrow(
      /tables of another log \(ledger.publisher_places has rows\)/,
    );
    await pool.query('DROP SCHEMA ledger CASCADE');
    await pool.end();
    await addPerson(to.vault.url, 'b0c7a3a5-9a55-4a7a-8a1e-0d3d0d4f0002');
    await expect(restored(other)).rejects.toThrow(/the vault holds other rows already/);
  });

  it('asks for every engine where it is restored onto those of the environment', async () => {
    const { exit, told } = await to.mangnon('restore', backup());
    expect([exit, told]).toEqual([2, expect.stringContaining('KAFKA_BROKERS is needed')]);
    const { EVENTSTORE_URL: _, ...rest } = to.environment;
    const nowhere = await mangnon(rest, 'status');
    expect([nowhere.exit, nowhere.told]).toEqual([2, expect.stringContaining('EVENTSTORE_URL is needed')]);
  });
});

describe('mangnon replay with the events on KurrentDB', () => {
  it('finds tables equal, and what they have of an event that the store has lost', async () => {
    const stores = await kurrentDbStores();
    const { database, url, drop } = await readDatabase();
    const store = await stores.open();
    const models = new ReadModels({ store, database, lingerMs: 5 });
    models.register('pantry', [jars()]);
    await models.start();
    for (const jar of ['jar-1', 'jar-2', 'jar-1'])
      await models.waitFor('pantry', await count(store, jar, aCount('1')), 5_000);
    const log = await openKurrentDbLog(url, stores.address);
    let told = '';
    const terminal = new Terminal(
      { out: (text) => void (told += text), err: () => undefined, isScreen: false },
      'en',
    );
    const databases = { url, vaultUrl: url, log, close: log.close, abandon: log.close };
    const replayed = () =>
      replayLive(databases, terminal, { projections: [jars()], sources: [], checks: [] });
    try {
      expect(await replayed()).toBe(true);
      expect(told).toMatch(/^✓ pantry\.jars: 2 rows equal at position 1\.\d+\n$/);
      const lost = stores.server?.log.all.find(({ stream }) => stream.endsWith('jar-2'));
      if (!stores.server || !lost) return;
      await without(stores.server, lost, async () => expect(await replayed()).toBe(false));
      expect(told).toContain('first: key jar-2: live "jar-2", replayed no such row');
    } finally {
      await log.close();
      await models.stop();
      await stores.drop();
      await drop();
    }
  });
});
