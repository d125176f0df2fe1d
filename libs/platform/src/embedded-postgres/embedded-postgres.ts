import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { findImpassable, serverAccount, type ServerAccount } from './account.js';
import { lockDataDirectory, type DirectoryLock } from './data-directory-lock.js';
import { EmbeddedPostgresFault, faultOfNode } from './faults.js';
import type { Note } from './notes.js';
import { commandLineOf, identityOf } from './processes.js';
import { ProcessBond } from './process-bond.js';
import { reachablePrograms } from './programs.js';
import {
  initialise,
  readPidFile,
  startServer,
  stopServer,
  superuser,
  type RunningServer,
  type ServerOptions,
} from './server.js';

/** A running embedded server that belongs to this process. */
export interface EmbeddedPostgres {
  /** Connects to the database of the events and the read models. */
  readonly url: string;
  /** Connects to the vault's database, which is another one on the same server. */
  readonly vaultUrl: string;
  readonly pid: number;
  /** Settles when the server has ended, also when nobody asked it to. */
  readonly ended: Promise<void>;
  /** Says that the data directory will be free in a moment: a next start then waits for it. */
  leave(): void;
  /** Ends the server and frees the data directory. May be called again. */
  stop(): Promise<void>;
}

/** How the embedded server is started. */
export interface EmbeddedPostgresOptions {
  /** Made when it does not exist; it survives restarts. */
  readonly dataDirectory: string;
  /** Is told what was done that somebody should know. */
  readonly report?: (note: Note) => void;
  /** Runs when the directory is ours and nothing has been started; what it throws is thrown on. */
  readonly beforeStart?: () => Promise<void>;
  /** Gives a start up that is under way: what was started is ended, and the signal's reason thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** Durable first, and moderate enough for two cores beside the services. */
const settings = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '100',
  shared_buffers: '256MB',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  // For passwords that people choose; ours was made with less.
  scram_iterations: '4096',
  // The log never holds statements or the values in a row: they may be personal data.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};
const databases = { events: 'mangnon', vault: 'mangnon_vault' };

/** Below this much free room nothing is started: PostgreSQL would stop half way. */
const freeBytesMin = 64 * 1024 * 1024;
const logBytesMax = 10 * 1024 * 1024;

/**
 * Starts the embedded PostgreSQL in the data directory and returns when it answers; recovers by itself from whatever
 * the last run left, and reports it. While it runs, `connection.json` (0600) holds both urls for the command line. It
 * ends with this process, however that ends but by SIGKILL. Throws {@link EmbeddedPostgresFault} or the signal's reason,
 * and then leaves nothing running.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(options.dataDirectory);
  const report = options.report ?? (() => undefined);
  const account = serverAccount();
  const { signal } = options;
  return asFaults(folder, async () => {
    prepareFolder(folder, account);
    const lock = await lockDataDirectory(folder, signal);
    const bond = new ProcessBond();
    try {
      await options.beforeStart?.();
      return await startIn({ folder, account, report, lock, bond, signal });
    } catch (error) {
      bond.end();
      lock.release();
      throw error;
    }
  });
}

interface Place {
  readonly folder: string;
  readonly account: ServerAccount | undefined;
  readonly report: (note: Note) => void;
  readonly lock: DirectoryLock;
  readonly bond: ProcessBond;
  readonly signal: AbortSignal | undefined;
}

async function startIn(place: Place): Promise<EmbeddedPostgres> {
  const { folder, account, report } = place;
  const programs = reachablePrograms(account, folder);
  if (programs.copiedTo) report({ code: 'copied-programs', what: programs.copiedTo });
  const directory = join(folder, 'postgres');
  const options = {
    binaries: programs.binaries,
    account,
    directory,
    logFile: freshLog(folder),
    signal: place.signal,
    onProcess: (pid: number) => place.bond.to(pid),
  };
  const made = await makeOnce(options, folder, programs.version);
  if (made) report({ code: 'made', what: folder });
  const left = await stopOrphan(directory);
  if (left?.code === 'stopped-orphan') report(left);
  const server = await startServer(options, settings);
  if (left?.code === 'recovered') report(left);
  try {
    return running(place, server);
  } catch (error) {
    await stopServer(server.pid);
    throw error;
  }
}

function prepareFolder(folder: string, account: ServerAccount | undefined): void {
  mkdirSync(folder, { recursive: true });
  const holdsOurs = existsSync(join(folder, 'postgres')) || existsSync(join(folder, 'lock'));
  const isOther = (name: string): boolean => !/^(lock|postgres|password|connection\.json)/.test(name);
  if (!holdsOurs && readdirSync(folder).some(isOther)) throw new EmbeddedPostgresFault('not-ours', folder);
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  // PostgreSQL's own user passes through; the files beside its directory are ours alone.
  chmodSync(folder, account ? 0o711 : 0o700);
  const impassable = account && findImpassable(folder, account);
  if (impassable !== undefined) throw new EmbeddedPostgresFault('not-passable', impassable);
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < freeBytesMin) throw new EmbeddedPostgresFault('disk-full', folder);
}

function freshLog(folder: string): string {
  const logFile = join(folder, 'postgres.log');
  if (existsSync(logFile) && statSync(logFile).size > logBytesMax) renameSync(logFile, `${logFile}.1`);
  return logFile;
}

/** A cluster is made aside and appears whole, so that a start killed half way is simply begun again. */
async function makeOnce(options: ServerOptions, folder: string, version: string): Promise<boolean> {
  const { directory } = options;
  if (existsSync(directory)) {
    const found = readFileSync(join(directory, 'PG_VERSION'), 'utf8').trim();
    if (found === version.split('.')[0]) return false;
    throw new EmbeddedPostgresFault('other-version', `PostgreSQL ${found}`);
  }
  const aside = `${directory}.new`;
  rmSync(aside, { recursive: true, force: true });
  const password = randomBytes(24).toString('base64url');
  await initialise({ ...options, directory: aside }, password, Object.values(databases));
  writeFileSync(join(folder, 'password'), password, { mode: 0o600 });
  renameSync(aside, directory);
  return true;
}

/** Ends a server that a killed run left behind; says whether there was one, or only its pid file. */
async function stopOrphan(directory: string): Promise<Note | undefined> {
  const pid = Number.parseInt(readPidFile(directory)[0] ?? '', 10);
  if (!Number.isInteger(pid)) return undefined;
  const what = String(pid);
  if (commandLineOf(pid)?.includes(`-D ${directory} `) !== true) {
    // PostgreSQL would take whoever has that number now for itself; its shared memory still tells a real one.
    if (identityOf(pid) !== undefined) rmSync(join(directory, 'postmaster.pid'));
    return { code: 'recovered', what };
  }
  await stopServer(pid);
  return { code: 'stopped-orphan', what };
}

function running({ folder, lock, bond }: Place, server: RunningServer): EmbeddedPostgres {
  const password = readFileSync(join(folder, 'password'), 'utf8');
  const at = `postgresql://${superuser}:${password}@127.0.0.1:${String(server.port)}`;
  const urls = { url: `${at}/${databases.events}`, vaultUrl: `${at}/${databases.vault}` };
  const connection = join(folder, 'connection.json');
  writeFileSync(`${connection}.new`, JSON.stringify(urls), { mode: 0o600 });
  renameSync(`${connection}.new`, connection);
  const end = async (): Promise<void> => {
    await stopServer(server.pid);
    bond.end();
    rmSync(connection, { force: true });
    lock.release();
  };
  let ending: Promise<void> | undefined;
  return {
    ...urls,
    pid: server.pid,
    ended: server.ended,
    leave: () => {
      if (!ending) lock.leave();
    },
    stop: () => (ending ??= end()),
  };
}

async function asFaults<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw faultOfNode(error, folder) ?? error;
  }
}
