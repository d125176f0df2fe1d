import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '#apps/cli/src/run.js';
import { services as all } from '#apps/standalone/src/standalone.module.js';
import { topics } from '#contracts/topics.js';
import { newId } from '#event-store/command-id.js';
import { openAdapters, type AdapterOptions, type OpenedPlatform } from '#platform/adapters.js';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '#platform/embedded-postgres/embedded-postgres.js';
import type { Service } from '#platform/service.js';
import { withPassword } from '#platform/settings.js';
import { createPool, type Database } from '#postgres/pool.js';
import { isEventProjection } from '#read-models/projection.js';
import { appendNext, newEvent, wholeStream } from '#testing/events.js';
import { loadKeyFile } from '#vault/key-file.js';
import { appendTo, ofNobody, ofOthers, runsWhole } from './refused-statements.js';

/** But for tables that are fed by others' topics, which need Kafka: the walk in processes of their own has those too. */
const services = all
  .filter(({ streams }) => streams.length > 0)
  .map((service) => ({ ...service, projections: service.projections.filter(isEventProjection) }))
  .sort((one, other) => (one.name < other.name ? -1 : 1));
const userOf = ({ name }: Pick<Service, 'name'>): string => `mangnon_${name}`;
const users = [...services.map(userOf), 'mangnon_auditor'];
/** Whatever an address would take for a mark of its own. */
const passwordOf = (user: string): string => `${user}:%40/@#?&'\\`;

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;

/** What comes of connecting. */
async function knock(url: string): Promise<unknown> {
  const pool = createPool(url, { name: 'users-spec', connectionsMax: 1 });
  const outcome = await pool.query('SELECT').then(() => 'came in', codeOf);
  await pool.end();
  return outcome;
}

/** A pair of databases of one server of its own: users belong to a whole server, which other specs share. */
interface Pair {
  readonly books: string;
  readonly vault: string;
}

describe('users of PostgreSQL, one a service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mangnon-users-'));
  const secrets = join(folder, 'secrets');
  let server: EmbeddedPostgres;
  let superuser: Database;
  const pair: Pair = { books: 'b1', vault: 'v1' };

  const urlOf = (user: string, database: string, password = passwordOf(user)): string => {
    const url = new URL(server.url);
    url.username = user;
    url.pathname = `/${database}`;
    return withPassword(url.href, password);
  };
  const ownersUrl = (database: string): string => {
    const url = new URL(server.url);
    url.pathname = `/${database}`;
    return url.href;
  };

  /** Runs `mangnon` with the databases as this address gives them. */
  async function mangnon(
    argv: readonly string[],
    address: (database: string) => string,
    { books, vault }: Pair = pair,
    more: Readonly<Record<string, string>> = {},
  ) {
    const said = { out: '', err: '' };
    const exit = await runCli(argv, {
      streams: { out: (text) => (said.out += text), err: (text) => (said.err += text), isScreen: false },
      environment: { MANGNON_DATABASE_URL: address(books), MANGNON_VAULT_URL: address(vault), ...more },
      pour: async () => undefined,
      ask: async () => undefined,
      readInput: async () => '',
    });
    return { exit, ...said };
  }
  const asMigrator = (database: string): string => urlOf('mangnon_migrator', database);
  const roles = (
    command: 'apply' | 'list',
    of: Pair = pair,
    address: (database: string) => string = asMigrator,
    more: Readonly<Record<string, string>> = {},
  ) => mangnon(['roles', command], address, of, { MANGNON_SECRETS_DIR: secrets, ...more });
  const allRight = { exit: 0, err: '', out: users.map((user) => `${user}\tok\n`).join('') };

  async function makePair({ books, vault }: Pair, owner: string): Promise<void> {
    for (const name of [books, vault]) await superuser.query(`CREATE DATABASE ${name} OWNER ${owner}`);
  }

  /** What a service does at its start and in its work, as this user of the databases; nobody listens at the brokers. */
  function open(
    service: Service,
    options: Pick<AdapterOptions, 'databaseUrl' | 'vaultUrl' | 'keysDirectory'>,
  ) {
    const kafka = { brokers: ['127.0.0.1:1'], clientId: 'mangnon-tests' };
    return openAdapters([service], { ...options, apart: { kafka, topics }, onTrouble: () => undefined });
  }
  const as = (service: Service, { books, vault }: Pair = pair) => ({
    databaseUrl: urlOf(userOf(service), books),
    vaultUrl: urlOf(userOf(service), vault),
    keysDirectory: keysOf(service),
  });
  /** The keys of its own rooms, and no other. */
  function keysOf(service: Service): string {
    const own = join(folder, `keys-${service.name}`);
    mkdirSync(own, { recursive: true });
    for (const key of ['digest', ...(service.rooms ?? [])])
      copyFileSync(join(folder, 'keys', `${key}.key`), join(own, `${key}.key`));
    return own;
  }

  async function worked(platform: OpenedPlatform, service: Service): Promise<void> {
    const { store, readModels, vault, snapshots } = platform;
    await readModels.start();
    const stream = `${service.streams[0]!}${newId()}`;
    const { position } = await appendNext(store, stream, newEvent('Noted', { text: 'seen' }));
    expect(await wholeStream(store, stream)).toHaveLength(1);
    await readModels.settled(30_000);
    await readModels.waitFor(service.name, position, 10_000);
    await readModels.rebuild(service.projections[0]!.name);
    expect(await snapshots.find('note-1')).toBeUndefined();
    const room = vault.room(service.rooms![0]!);
    const [recordId, subjectId] = [newId(), newId()];
    await room.put({ recordId, subjectId }, { name: 'Vũ Thị Mẫu' }, { searchable: ['Vũ Thị Mẫu'] });
    await room.put({ recordId: newId(), subjectId }, { name: 'Vũ Thị Mẫu' });
    const found = await room.find(recordId, { actor: 'system:test', purpose: 'spec' });
    expect(found?.open()).toEqual({ name: 'Vũ Thị Mẫu' });
    expect(await room.erase(subjectId)).toBe(2);
  }

  beforeAll(async () => {
    // The user that PostgreSQL runs as where we are root has to get in.
    chmodSync(folder, 0o711);
    server = await startEmbeddedPostgres({ dataDirectory: join(folder, 'data') });
    superuser = createPool(server.url, { name: 'users-spec', connectionsMax: 2 });
    mkdirSync(secrets);
    for (const user of ['mangnon_migrator', ...users])
      writeFileSync(join(secrets, user), `${passwordOf(user)}\n`);
    for (const key of ['digest', 'donors', 'staff', 'books']) await loadKeyFile(join(folder, 'keys'), key);
    const { rows } = await superuser.query<{ text: string }>('SELECT quote_literal($1) AS text', [
      passwordOf('mangnon_migrator'),
    ]);
    await superuser.query(`CREATE ROLE mangnon_migrator LOGIN CREATEROLE PASSWORD ${rows[0]!.text}`);
    await makePair(pair, 'mangnon_migrator');
  }, 60_000);
  afterAll(async () => {
    await superuser.end();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('are made by a migrator that is no superuser, and again without harm', async () => {
    const made = { exit: 0, err: '', out: `mangnon_migrator\n${users.join('\n')}\n6 users are ready.\n` };
    expect(await roles('apply')).toEqual(made);
    expect(await roles('apply')).toEqual(made);
    expect(await roles('list')).toEqual(allRight);
  });

  it.each(services.map(({ name }) => name))(
    'let %s do all its work, with the keys of its own rooms',
    async (name) => {
      const service = services.find((one) => one.name === name)!;
      const platform = await open(service, as(service));
      try {
        await worked(platform, service);
        for (const other of ['donors', 'staff', 'payees', 'children', 'books'] as const)
          if (!service.rooms?.includes(other))
            expect(() => platform.vault.room(other)).toThrow('may not enter');
      } finally {
        await platform.close();
      }
      expect(
        readdirSync(keysOf(service))
          .filter((file) => file.endsWith('.key'))
          .sort(),
      ).toEqual(['digest.key', ...(service.rooms ?? []).map((room) => `${room}.key`)].sort());
      expect(await roles('list')).toEqual(allRight);
    },
  );

  it('let the auditor read events and every read model, rebuilt or not, and the migrator back up', async () => {
    const database = createPool(urlOf('mangnon_auditor', pair.books), { name: 'users-spec' });
    for (const { name } of services.flatMap(({ projections }) => projections))
      await database.query(`SELECT FROM ${name}`);
    expect((await database.query('SELECT FROM event_store.events')).rowCount).toBe(services.length);
    await database.end();
    const asAuditor = (name: string): string => urlOf('mangnon_auditor', name);
    const file = join(folder, 'events.jsonl');
    for (const argv of [['status'], ['export', 'events', '--to', file]])
      expect(await mangnon(argv, asAuditor)).toMatchObject({ exit: 0 });
    // It finds fault with our notes, which no service would write, once all is read and written.
    const backup = await mangnon(['backup', join(folder, 'backup')], asMigrator);
    expect(backup.out).toContain('The file is whole: 4 events');
  });

  describe('refuse', () => {
    const rooms = ['donors', 'staff', 'payees', 'children', 'books'];
    async function refusedOnly(url: string, statements: readonly string[]): Promise<void> {
      const database = createPool(url, { name: 'users-spec', connectionsMax: 1 });
      const done: string[] = [];
      for (const statement of statements)
        await database.query(runsWhole(statement) ? statement : `BEGIN; ${statement}; ROLLBACK`).then(
          () => done.push(statement),
          async (error: unknown) => {
            await database.query('ROLLBACK');
            if (codeOf(error) !== '42501') done.push(`${statement}: ${String(error)}`);
          },
        );
      await database.end();
      expect(done).toEqual([]);
    }

    it.each(users)('%s whatever else there is in the books', async (user) => {
      const statements = [
        ...ofNobody,
        ...ofOthers(user, services),
        ...(user === 'mangnon_auditor' ? [appendTo([])] : []),
      ];
      await refusedOnly(urlOf(user, pair.books), statements);
    });

    it.each(services.map(({ name }) => name))('%s to append to streams of others', async (name) => {
      const own = services.find((one) => one.name === name)!.streams;
      const elsewhere = services.flatMap(({ streams }) => streams).filter((prefix) => !own.includes(prefix));
      const [first = ''] = own;
      const mine = createPool(urlOf(`mangnon_${name}`, pair.books), { name: 'users-spec' });
      await mine.query(`BEGIN; ${appendTo(own.map((prefix) => `${prefix}1`))}; ROLLBACK`);
      await mine.end();
      await refusedOnly(urlOf(`mangnon_${name}`, pair.books), [
        ...elsewhere.map((prefix) => appendTo([`${prefix}1`])),
        ...['note-1', first.slice(0, -1), first.toUpperCase(), ` ${first}1`].map((one) => appendTo([one])),
        appendTo([`${first}1`, `${elsewhere[0]!}1`, `${first}2`]),
        `SET ROLE mangnon_appender; ${appendTo([`${elsewhere[0]!}1`])}`,
      ]);
    });

    it.each(services.map(({ name, rooms: own = [] }) => [name, own] as const))(
      '%s every room of the vault but its own, and to rewrite what was logged there',
      async (name, own) => {
        const elsewhere = rooms.filter((room) => !own.some((one) => one === room));
        await refusedOnly(urlOf(`mangnon_${name}`, pair.vault), [
          ...elsewhere.flatMap((room) => [
            `SELECT FROM ${room}.records`,
            `SELECT FROM ${room}.persons`,
            `INSERT INTO ${room}.erased (subject_id) VALUES (gen_random_uuid())`,
            `SET ROLE mangnon_vault_${room}`,
          ]),
          ...own.flatMap((room) => [
            `DELETE FROM ${room}.access_log`,
            `UPDATE ${room}.records SET sealed = ''`,
            `DELETE FROM ${room}.key_check`,
            `CREATE TABLE ${room}.mine (id int)`,
          ]),
          'CREATE TABLE public.mine (id int)',
          'CREATE SCHEMA mine',
        ]);
      },
    );

    it('the auditor the vault', async () => {
      expect(await knock(urlOf('mangnon_auditor', pair.vault))).toBe('42501');
      expect(await knock(urlOf('mangnon_ledger', pair.vault))).toBe('came in');
    });
  });

  it('are told of by name where one has less or more than it should', async () => {
    const changes = [
      'GRANT USAGE ON SCHEMA ledger TO mangnon_donations',
      'GRANT INSERT ON event_store.events TO mangnon_access',
      'GRANT mangnon_vault_donors TO mangnon_ledger',
      'REVOKE mangnon_reader FROM mangnon_receipts GRANTED BY mangnon_migrator',
      'ALTER ROLE mangnon_auditor SUPERUSER',
      `UPDATE event_store.writers SET login = 'stranger' WHERE prefix = 'fund-'`,
      `INSERT INTO event_store.writers VALUES ('mangnon_access', 'fund-')`,
      'CREATE ROLE strangers NOINHERIT',
      'GRANT mangnon_appender TO strangers',
      'CREATE ROLE stranger LOGIN',
      'GRANT strangers TO stranger',
      'CREATE ROLE guest LOGIN',
      'GRANT INSERT ON ledger.read_model TO guest',
    ];
    const books = createPool(ownersUrl(pair.books), { name: 'users-spec', connectionsMax: 1 });
    for (const change of changes) await books.query(change);
    const { exit, out, err } = await roles('list');
    expect(exit).toBe(1);
    expect(err).toMatch(/^8 users have less/);
    const lines = out.split('\n');
    expect(lines).toContain('mangnon_access\t+append to fund-\t+write into event_store');
    expect(lines).toContain('mangnon_donations\t+enter ledger');
    expect(lines).toContain(
      'mangnon_ledger\t-append to fund-\t+act as mangnon_vault_donors\t+enter donors\t+write into donors',
    );
    expect(lines.slice(-4)).toEqual([
      'guest\t+write into ledger',
      'stranger\t+act as mangnon_appender\t+append to fund-',
      'strangers\t+act as mangnon_appender',
      '',
    ]);
    expect(lines).toContain('mangnon_receipts\t-act as mangnon_reader');
    expect(out).toMatch(/mangnon_auditor\t\+connect to the vault\t.*\+rule the server/);
    await books.query('REVOKE USAGE ON SCHEMA ledger FROM mangnon_donations');
    await books.query('REVOKE INSERT ON event_store.events FROM mangnon_access');
    await books.query('ALTER ROLE mangnon_auditor NOSUPERUSER');
    await books.query('DROP OWNED BY guest; DROP ROLE strangers, stranger, guest');
    await books.end();
    // What is missing it mends, and what a superuser has granted a superuser takes away.
    expect((await roles('apply', pair, ownersUrl)).exit).toBe(0);
    expect(await roles('list')).toEqual(allRight);
  });

  it('let in by a new password once its file was changed and applied, and by the old one no more', async () => {
    const knocked = (password: string) => knock(urlOf('mangnon_ledger', pair.books, password));
    writeFileSync(join(secrets, 'mangnon_ledger'), 'another');
    await roles('apply');
    expect([await knocked(passwordOf('mangnon_ledger')), await knocked('another')]).toEqual([
      '28P01',
      'came in',
    ]);
    writeFileSync(join(secrets, 'mangnon_ledger'), passwordOf('mangnon_ledger'));
    await roles('apply', pair, (database) => urlOf('mangnon_migrator', database, 'wrong'), {
      MANGNON_DATABASE_PASSWORD_FILE: join(secrets, 'mangnon_migrator'),
    });
    expect([await knocked(passwordOf('mangnon_ledger')), await knocked('another')]).toEqual([
      'came in',
      '28P01',
    ]);
  });

  it('are asked for where a service meets a database that is not migrated', async () => {
    const bare: Pair = { books: 'b2', vault: 'v2' };
    await makePair(bare, 'mangnon');
    const [service] = services;
    const starting = open(service!, as(service!, bare));
    await expect(starting).rejects.toMatchObject({
      name: 'MigrationRefused',
      message: expect.stringMatching(/^the schema "event_store" is not .* run "npx mangnon roles apply"/),
    });
  });

  it('take over what services have made as a superuser', async () => {
    const ledger = services.find(({ name }) => name === 'ledger')!;
    const before: Pair = { books: 'b2', vault: 'v2' };
    const owners = { databaseUrl: ownersUrl('b2'), vaultUrl: ownersUrl('v2'), keysDirectory: keysOf(ledger) };
    const made = await open(ledger, owners);
    await worked(made, ledger).finally(() => made.close());
    expect((await roles('apply', before, ownersUrl)).exit).toBe(0);
    expect(await roles('list', before)).toEqual(allRight);
    const platform = await open(ledger, as(ledger, before));
    await worked(platform, ledger).finally(() => platform.close());
    expect((await roles('apply', before)).exit).toBe(0);
  });

  it('are refused to who may not make or see them, without a password for each, and without both addresses', async () => {
    const refused = await roles('apply', pair, (database) => urlOf('mangnon_ledger', database));
    expect([refused.exit, refused.err]).toEqual([
      4,
      'the user mangnon_ledger may not make users of the database b1: come as a superuser, or as mangnon_migrator where it has CREATEROLE and owns the database\n',
    ]);
    const unknown = await roles('list', pair, (database) => urlOf('mangnon_migrator', database, 'wrong'));
    expect(unknown).toMatchObject({ exit: 4, err: expect.stringMatching(/^password authentication failed/) });
    const outside = await roles('list', pair, (database) => urlOf('mangnon_auditor', database));
    expect(outside).toMatchObject({ exit: 4, err: expect.stringMatching(/^permission denied for database/) });
    const empty = await roles('apply', pair, undefined, { MANGNON_SECRETS_DIR: folder });
    expect([empty.exit, empty.err]).toEqual([2, expect.stringContaining('mangnon_access names the file')]);
    const alone = await roles('list', pair, undefined, { MANGNON_VAULT_URL: '' });
    expect(alone).toMatchObject({ exit: 2, err: expect.stringContaining('which are two databases') });
  });
});
