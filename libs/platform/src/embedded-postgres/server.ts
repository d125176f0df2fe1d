import { spawn } from 'node:child_process';
import { chownSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerAccount } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import { EmbeddedPostgresFault } from './faults.js';
import { identityOf } from './processes.js';

/** What a server is made and started from. */
export interface ServerOptions {
  readonly binaries: PostgresBinaries;
  /** Absent for an ordinary user. */
  readonly account: ServerAccount | undefined;
  /** PostgreSQL's own directory; made by {@link initialise}. */
  readonly directory: string;
  /** Receives all that the server says; its end is read when the server does not come up. */
  readonly logFile: string;
}

/** A running postmaster, in a session of its own: a Ctrl-C in the terminal reaches only us. */
export interface RunningServer {
  readonly pid: number;
  /** On 127.0.0.1; another one at each start. */
  readonly port: number;
  /** Settles when the server has ended, whoever asked for it. */
  readonly ended: Promise<void>;
}

/** The superuser of the cluster. */
export const superuser = 'mangnon';

/** Milliseconds for a first answer; crash recovery of a large write-ahead log may take most of it. */
const readyWithinMs = 120_000;

const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' };

/**
 * Makes the cluster with these databases: UTF-8 in code point order, passwords by SCRAM, messages in English so that
 * faults can be told apart. What a failed run left is removed. Throws {@link EmbeddedPostgresFault}.
 */
export async function initialise(
  options: ServerOptions,
  password: string,
  databases: readonly string[] = [],
): Promise<void> {
  const { binaries, account, directory, logFile } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const passwordFile = `${directory}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) for (const path of [directory, passwordFile]) chownSync(path, account.uid, account.gid);
  const flags = [
    `--pgdata=${directory}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--lc-messages=C',
    '--no-instructions',
  ];
  try {
    const made = await run(options, binaries.initdb, flags);
    const single = ['--single', '-D', directory, 'postgres'];
    const statements = databases.map((name) => `CREATE DATABASE ${name};\n`).join('');
    if (made && (await run(options, binaries.postgres, single, statements))) return;
  } finally {
    rmSync(passwordFile, { force: true });
  }
  rmSync(directory, { recursive: true, force: true });
  throw faultFromLog(logFile, directory);
}

async function run(
  options: ServerOptions,
  program: string,
  flags: readonly string[],
  input = '',
): Promise<boolean> {
  const log = openSync(options.logFile, 'a', 0o600);
  const child = spawn(program, flags, {
    ...options.account,
    env: environment,
    cwd: '/',
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  child.stdin?.end(input);
  return new Promise<boolean>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}

/**
 * Starts the server on a free port of 127.0.0.1 with the given settings and returns when it answers. It runs in a
 * session of its own. Throws {@link EmbeddedPostgresFault}.
 */
export async function startServer(
  options: ServerOptions,
  settings: Readonly<Record<string, string>>,
): Promise<RunningServer> {
  const { binaries, account, directory, logFile } = options;
  const port = await freePort();
  const given = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    ...settings,
  };
  const flags = Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(binaries.postgres, ['-D', directory, ...flags], {
    ...account,
    env: environment,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  const stopped = new AbortController();
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      stopped.abort();
      resolve();
    };
    child.once('error', end).once('exit', end);
  });
  const deadline = Date.now() + readyWithinMs;
  while (!isReady(directory, child.pid)) {
    if (stopped.signal.aborted || Date.now() > deadline) {
      child.kill('SIGQUIT');
      throw faultFromLog(logFile, directory);
    }
    await delay(20);
  }
  return { pid: child.pid ?? 0, port, ended };
}

/** The pid file says so in its eighth line, as pg_ctl reads it too. */
function isReady(directory: string, pid: number | undefined): boolean {
  const lines = readPidFile(directory);
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
}

/** The lines of `postmaster.pid`; empty when there is none. */
export function readPidFile(directory: string): readonly string[] {
  try {
    return readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  });
}

function faultFromLog(logFile: string, directory: string): EmbeddedPostgresFault {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-30);
  const log = lines.join('\n');
  if (/No space left on device|Disk quota exceeded/.test(log)) {
    return new EmbeddedPostgresFault('disk-full', directory);
  }
  if (/Permission denied|has wrong ownership/.test(log))
    return new EmbeddedPostgresFault('no-rights', directory);
  const telling = lines.findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? '';
  return new EmbeddedPostgresFault('did-not-start', `${telling.trim()} (${logFile})`);
}

/**
 * Ends the server: open transactions are broken off, what is committed is kept. After 10 s it is asked to end at once
 * (the next start then recovers from the write-ahead log). Throws the fault `will-not-stop` after 10 s more.
 */
export async function stopServer(pid: number): Promise<void> {
  const identity = identityOf(pid);
  if (identity === undefined) return;
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    process.kill(pid, signal);
    const deadline = Date.now() + 10_000;
    while (Date.now() < deadline) {
      if (identityOf(pid) !== identity) return;
      await delay(20);
    }
  }
  throw new EmbeddedPostgresFault('will-not-stop', String(pid));
}
