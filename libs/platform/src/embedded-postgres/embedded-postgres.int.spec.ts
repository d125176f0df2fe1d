import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool } from '#postgres/pool.js';
import { eventually } from '#testing/eventually.js';
import { serverAccount } from './account.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { EmbeddedPostgresFault } from './faults.js';
import type { Note } from './notes.js';
import { identityOf } from './processes.js';
import { stopServer } from './server.js';

const folders: string[] = [];
const running: EmbeddedPostgres[] = [];

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mangnon-data-'));
  folders.push(folder);
  return folder;
}

/** A data directory that was started and stopped before; copied, because making one takes longest. */
let used: string;
function usedFolder(): string {
  const folder = freshFolder();
  execFileSync('cp', ['-a', `${used}/.`, folder]);
  return folder;
}

async function start(dataDirectory: string, notes: Note[] = []): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDirectory, report: (note) => notes.push(note) });
  running.push(server);
  return server;
}

async function faultOf(dataDirectory: string): Promise<EmbeddedPostgresFault> {
  const error: unknown = await start(dataDirectory).catch((thrown: unknown) => thrown);
  if (error instanceof EmbeddedPostgresFault) return error;
  throw new Error(`no fault: ${String(error)}`);
}

async function ask(url: string, statement: string): Promise<unknown> {
  const pool = createPool(url, { name: 'spec', connectionsMax: 1 });
  try {
    return (await pool.query<Record<string, unknown>>(statement)).rows[0];
  } finally {
    await pool.end();
  }
}

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('the embedded PostgreSQL', () => {
  beforeAll(async () => {
    used = mkdtempSync(join(tmpdir(), 'mangnon-data-'));
    await (await startEmbeddedPostgres({ dataDirectory: used })).stop();
  });
  afterAll(() => rmSync(used, { recursive: true, force: true }));

  it('keeps what was written through a restart, in two durable UTF-8 databases', async () => {
    const folder = freshFolder();
    const notes: Note[] = [];
    const first = await start(folder, notes);
    await ask(first.url, `CREATE TABLE kept AS SELECT 'Măng Non' AS name`);
    await ask(first.vaultUrl, 'CREATE TABLE sealed (id int)');
    await first.stop();
    const second = await start(folder, notes);
    expect(await ask(second.url, 'SELECT name FROM kept')).toEqual({ name: 'Măng Non' });
    expect(await ask(second.vaultUrl, 'SELECT count(*)::int AS rows FROM sealed')).toEqual({ rows: 0 });
    expect(
      await ask(
        second.url,
        `SELECT getdatabaseencoding() AS encoding, datcollate AS collation, current_setting('fsync') AS fsync,
                current_setting('synchronous_commit') AS commit, current_setting('listen_addresses') AS listens
         FROM pg_database WHERE datname = current_database()`,
      ),
    ).toEqual({ encoding: 'UTF8', collation: 'C.UTF-8', fsync: 'on', commit: 'on', listens: '127.0.0.1' });
    expect(notes.map((note) => note.code)).toEqual(['made']);
  });

  it('shows its urls and its password to their owner alone, and the urls only while it runs', async () => {
    const folder = usedFolder();
    const server = await start(folder);
    const connection = join(folder, 'connection.json');
    expect(JSON.parse(readFileSync(connection, 'utf8'))).toEqual({
      url: server.url,
      vaultUrl: server.vaultUrl,
    });
    for (const file of ['connection.json', 'password', 'lock', 'postgres.log']) {
      expect([file, statSync(join(folder, file)).mode & 0o777]).toEqual([file, 0o600]);
    }
    expect(new URL(server.url).password).toHaveLength(32);
    await server.stop();
    expect(existsSync(connection)).toBe(false);
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  it('asks for its password also on this machine', async () => {
    const server = await start(usedFolder());
    const url = new URL(server.url);
    url.password = 'password';
    await expect(ask(url.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('refuses a second process on the same data directory and goes on itself', async () => {
    const folder = usedFolder();
    const server = await start(folder);
    const fault = await faultOf(folder);
    expect(fault).toMatchObject({ code: 'in-use', what: String(process.pid) });
    expect(await ask(server.url, 'SELECT 1 AS one')).toEqual({ one: 1 });
  });

  it('waits for a process that is stopping', async () => {
    const folder = usedFolder();
    const first = await start(folder);
    first.leave();
    const second = start(folder);
    await first.stop();
    expect(await ask((await second).url, 'SELECT 1 AS one')).toEqual({ one: 1 });
  });

  it('takes over from a process that was killed, also when its number went to another one', async () => {
    const folder = usedFolder();
    writeFileSync(
      join(folder, 'lock'),
      JSON.stringify({ pid: process.pid, identity: 'an earlier boot', leaving: false }),
    );
    await start(folder);
    expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toMatchObject({
      identity: identityOf(process.pid),
    });
  });

  it('stops a server that a killed run left behind, and says so', async () => {
    const folder = usedFolder();
    const orphan = await start(folder);
    await ask(orphan.url, 'CREATE TABLE kept (id int)');
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 4_000_000, identity: 'gone', leaving: false }));
    const notes: Note[] = [];
    const next = await start(folder, notes);
    expect(notes).toEqual([{ code: 'stopped-orphan', what: String(orphan.pid) }]);
    expect(identityOf(orphan.pid)).toBeUndefined();
    expect(await ask(next.url, 'SELECT count(*)::int AS rows FROM kept')).toEqual({ rows: 0 });
  });

  it('recovers after the server itself was killed, and says so', async () => {
    const folder = usedFolder();
    const killed = await start(folder);
    await ask(killed.url, 'CREATE TABLE kept AS SELECT 7 AS seven');
    process.kill(killed.pid, 'SIGKILL');
    await killed.ended;
    await killed.stop();
    const notes: Note[] = [];
    const next = await start(folder, notes);
    expect(notes).toEqual([{ code: 'recovered', what: String(killed.pid) }]);
    expect(await ask(next.url, 'SELECT seven FROM kept')).toEqual({ seven: 7 });
  });

  it('leaves a stranger alone that has the number of the server before', async () => {
    const folder = usedFolder();
    const stranger = spawn('sleep', ['60']);
    writeFileSync(join(folder, 'postgres', 'postmaster.pid'), `${String(stranger.pid)}\n`);
    const account = serverAccount();
    if (account) chmodSync(join(folder, 'postgres', 'postmaster.pid'), 0o644);
    await start(folder);
    expect(identityOf(stranger.pid ?? 0)).toBeDefined();
    stranger.kill();
  });

  it('begins again when its first start was cut off half way', async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'postgres.new', 'base'), { recursive: true });
    expect(await ask((await start(folder)).url, 'SELECT 1 AS one')).toEqual({ one: 1 });
  });

  it('tells when the server ends though nobody asked', async () => {
    const server = await start(usedFolder());
    await stopServer(server.pid);
    await eventually(() => server.ended);
  });

  it('refuses a data directory of another version in one sentence', async () => {
    const folder = usedFolder();
    writeFileSync(join(folder, 'postgres', 'PG_VERSION'), '17\n');
    const fault = await faultOf(folder);
    expect(fault).toMatchObject({ code: 'other-version', what: 'PostgreSQL 17' });
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  it("refuses a folder that holds somebody else's files and leaves them alone", async () => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'letter.txt'), 'mine');
    expect(await faultOf(folder)).toMatchObject({ code: 'not-ours', what: folder });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(folder, 'letter.txt'), 'utf8')).toBe('mine');
  });
});
