import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { serverAccount } from '#platform/embedded-postgres/account.js';
import { reachablePrograms } from '#platform/embedded-postgres/programs.js';
import { initialise, startServer, superuser } from '#platform/embedded-postgres/server.js';
import { eventually } from './eventually.js';
import { runPid } from './run.config.js';

/** A database of one test. */
export interface TestDatabase {
  /** Connects as the cluster's superuser. */
  readonly url: string;
  /** Ends its connections and removes it. */
  drop(): Promise<void>;
}

/** What databases begin with; a worker makes it once and copies it from then on. */
export interface TestTemplate {
  /** Fills an empty database and leaves no connection to it. */
  readonly fill: (url: string) => Promise<void>;
}

/** Not kept through a power cut, which no test of ours survives either; a durability test starts its own server. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '128MB',
  // The files may lie in memory.
  max_wal_size: '512MB',
};

/**
 * A fresh database (UTF8, C.UTF-8) on the one embedded PostgreSQL of this test run, started by whichever spec asks
 * first; empty, or a copy of the template. The server and its files go when the run ends, however it ends.
 */
export async function testDatabase(template?: TestTemplate): Promise<TestDatabase> {
  const server = await serverOfTheRun();
  const name = await createDatabase(server, template ? await filled(server, template) : 'template0');
  return {
    url: `${server}/${name}`,
    drop: () => administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function createDatabase(server: string, like: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  // Copying files takes a tenth of the time of writing each page to the log as well.
  await administer(server, `CREATE DATABASE ${name} TEMPLATE ${like} STRATEGY file_copy`);
  return name;
}

/** The database to copy. */
const templates = new Map<TestTemplate, Promise<string>>();

function filled(server: string, template: TestTemplate): Promise<string> {
  const make = async (): Promise<string> => {
    const database = await createDatabase(server, 'template0');
    await template.fill(`${server}/${database}`);
    return database;
  };
  const found = templates.get(template) ?? make();
  templates.set(template, found);
  return found;
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${server}/postgres` });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The folder of the run's server; test/run-ended.mjs finds it by the same rule. */
const folder = join(tmpdir(), `mangnon-test-${runPid}`);

async function serverOfTheRun(): Promise<string> {
  const find = (): string | Promise<string> =>
    claim() ? start() : readFileSync(join(folder, 'url'), 'utf8');
  return eventually(find, { withinMs: 60_000, everyMs: 50 });
}

/** True for exactly one process of the run. */
function claim(): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

async function start(): Promise<string> {
  endWithTheRun();
  const directory = join(folder, 'data');
  const logFile = join(folder, 'log');
  const password = randomBytes(18).toString('base64url');
  try {
    chmodSync(folder, 0o711);
    const account = serverAccount();
    const { binaries } = reachablePrograms(account, folder);
    const options = { binaries, account, directory, logFile };
    await initialise(options, password, [], ['--no-sync']);
    const { port } = await startServer(options, settings);
    const url = `postgresql://${superuser}:${password}@127.0.0.1:${String(port)}`;
    publish(url);
    return url;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Whole or not at all, so that no other worker reads half of it. */
function publish(url: string): void {
  writeFileSync(join(folder, 'url.new'), url, { mode: 0o600 });
  linkSync(join(folder, 'url.new'), join(folder, 'url'));
}

/** A watcher in a session of its own ends the server when Jest is gone, were it by SIGKILL. */
function endWithTheRun(): void {
  const script = [
    'while kill -0 "$1" && test -d "$2"; do sleep 0.5; done',
    'test -f "$2/data/postmaster.pid" && kill -QUIT "$(head -n 1 "$2/data/postmaster.pid")" && sleep 1',
    'rm -rf "$2"',
  ].join('\n');
  spawn('/bin/sh', ['-c', script, 'sh', runPid, folder], {
    detached: true,
    stdio: 'ignore',
    cwd: '/',
  }).unref();
}
