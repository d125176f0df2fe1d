import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerAccount } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import { EmbeddedPostgresFault } from './faults.js';
import { identityOf } from './processes.js';
import { faultOf, lostItsPort, openServerLog, type ServerLog } from './server-log.js';

/** What a server is made and started from. */
export interface ServerOptions {
  readonly binaries: PostgresBinaries;
  /** Absent for an ordinary user. */
  readonly account: ServerAccount | undefined;
  /** PostgreSQL's own directory; made by {@link initialise}. */
  readonly directory: string;
  /** Receives all that the server says; its end is read when the server does not come up. */
  readonly logFile: string;
  /** Gives up what is under way: the process is ended, and the signal's reason thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each process the moment that it is there. */
  readonly onProcess?: ((pid: number) => void) | undefined;
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

/** Order by code point everywhere; the C library of macOS has no such locale, PostgreSQL itself has. */
const locale =
  platform() === 'darwin'
    ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    : ['--locale=C.UTF-8'];
const environment = { PATH: '/usr/bin:/bin', LC_ALL: platform() === 'darwin' ? 'C' : 'C.UTF-8', TZ: 'UTC' };

/**
 * Makes the cluster with these databases: UTF-8 in code point order, passwords by SCRAM, messages in English so that
 * faults can be told apart. What a failed run left is removed. Throws {@link EmbeddedPostgresFault}.
 */
export async function initialise(
  options: ServerOptions,
  password: string,
  databases: readonly string[] = [],
  extraFlags: readonly string[] = [],
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
    ...locale,
    '--lc-messages=C',
    '--no-instructions',
    // The password is drawn at random: to hash it thousands of times guards nothing, and slows every connection.
    ...['--set', 'scram_iterations=1'],
    ...extraFlags,
  ];
  const log = openServerLog(logFile);
  try {
    const single = ['--single', '-D', directory, 'postgres'];
    const statements = databases.map((name) => `CREATE DATABASE ${name};\n`).join('');
    const made = await run(options, log, binaries.initdb, flags);
    const filled = made && (await run(options, log, binaries.postgres, single, statements));
    // A single server goes on after an error.
    if (filled && !/\bERROR:/.test(log.said())) return;
  } finally {
    rmSync(passwordFile, { force: true });
    log.close();
  }
  rmSync(directory, { recursive: true, force: true });
  throw faultOf(log.said(), directory, logFile);
}

async function run(
  { account, signal, onProcess }: ServerOptions,
  log: ServerLog,
  program: string,
  flags: readonly string[],
  input = '',
): Promise<boolean> {
  signal?.throwIfAborted();
  const child = spawn(program, flags, {
    ...account,
    env: environment,
    cwd: '/',
    // A Ctrl-C must not cut it off half way.
    detached: true,
    stdio: ['pipe', log.descriptor, log.descriptor],
  });
  const ended = new Promise<boolean>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
  // A program that was ended reads no more.
  child.stdin?.on('error', () => undefined).end(input);
  const { pid } = child;
  if (pid === undefined) return ended;
  onProcess?.(pid);
  return endedWith(signal, pid, ended);
}

/** Ends a program and what it has started in its session when the signal comes; throws its reason then. */
async function endedWith<Answer>(
  signal: AbortSignal | undefined,
  pid: number,
  ended: Promise<Answer>,
): Promise<Answer> {
  const giveUp = (): void => void process.kill(-pid, 'SIGTERM');
  signal?.addEventListener('abort', giveUp, { once: true });
  const answer = await ended.finally(() => signal?.removeEventListener('abort', giveUp));
  signal?.throwIfAborted();
  return answer;
}

/**
 * Starts the server on a free port of 127.0.0.1 with the given settings and returns when it answers. It runs in a
 * session of its own. Throws {@link EmbeddedPostgresFault}, or the signal's reason.
 */
export async function startServer(
  options: ServerOptions,
  settings: Readonly<Record<string, string>>,
): Promise<RunningServer> {
  for (let tries = 1; ; tries += 1) {
    const log = openServerLog(options.logFile);
    const server = await launch(options, settings, log).finally(() => log.close());
    if (server) return server;
    if (tries === 3 || !lostItsPort(log.said()))
      throw faultOf(log.said(), options.directory, options.logFile);
  }
}

async function launch(
  options: ServerOptions,
  settings: Readonly<Record<string, string>>,
  log: ServerLog,
): Promise<RunningServer | undefined> {
  const { binaries, account, directory } = options;
  const port = await freePort();
  const given = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    ...settings,
  };
  const flags = Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(binaries.postgres, ['-D', directory, ...flags], {
    ...account,
    env: environment,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.descriptor, log.descriptor],
  });
  child.unref();
  const stopped = new AbortController();
  child.once('error', () => stopped.abort()).once('exit', () => stopped.abort());
  const { pid } = child;
  if (pid === undefined || !(await comesUp(pid, options, stopped.signal))) {
    child.kill('SIGQUIT');
    return undefined;
  }
  return { pid, port, ended: endOf(stopped.signal) };
}

/** False where it ends or takes too long; throws the signal's reason once it is ended for it. */
async function comesUp(
  pid: number,
  { directory, signal, onProcess }: ServerOptions,
  stopped: AbortSignal,
): Promise<boolean> {
  onProcess?.(pid);
  const deadline = Date.now() + readyWithinMs;
  while (!isReady(directory, pid)) {
    if (stopped.aborted || Date.now() > deadline) return false;
    if (signal?.aborted) await stopServer(pid);
    signal?.throwIfAborted();
    await delay(20);
  }
  return true;
}

async function endOf(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** The pid file says so in its eighth line, as pg_ctl reads it too. */
function isReady(directory: string, pid: number): boolean {
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
