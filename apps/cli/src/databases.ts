import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  EventStoreSilent,
  openEventLog,
  openKurrentDbLog,
  type EventLog,
} from '#platform/archive/event-log.js';
import { startEmbeddedPostgres } from '#platform/embedded-postgres/embedded-postgres.js';
import { noteSentence } from '#platform/embedded-postgres/notes.js';
import {
  connectionOfDirectory,
  connectionOfEnvironment,
  dataDirectory,
  type Connection,
  type Environment,
} from './config.js';
import { CliFault } from './fault.js';
import type { Terminal } from './terminal.js';

/** The databases of a run, opened for reading. */
export interface Databases extends Connection {
  readonly log: EventLog;
  /** Waits for what is being read. */
  close(): Promise<void>;
  /** Ends a PostgreSQL that was started for it, whatever is being read. */
  abandon(): Promise<void>;
}

/**
 * Opens the databases: those that the environment names, else those of the default process that is running, else, where
 * it is not running, by starting its PostgreSQL for as long as the command takes. Throws {@link CliFault}, `EmbeddedPostgresFault`,
 * or the signal's reason while that PostgreSQL starts.
 */
export async function openDatabases(
  environment: Environment,
  terminal: Terminal,
  { givenDirectory, signal }: { readonly givenDirectory: string | undefined; readonly signal: AbortSignal },
): Promise<Databases> {
  const named = givenDirectory === undefined ? connectionOfEnvironment(environment) : undefined;
  if (named) return (await opened(named)) ?? unreachable('MANGNON_DATABASE_URL');
  const directory = dataDirectory(environment, givenDirectory);
  const running = await connectionOfDirectory(directory);
  const found = running && (await opened(running));
  if (found) return found;
  if (!existsSync(join(directory, 'postgres'))) throw noData(directory);
  return await started(directory, terminal, signal);
}

async function started(directory: string, terminal: Terminal, signal: AbortSignal): Promise<Databases> {
  const report = (note: Parameters<typeof noteSentence>[0]): void =>
    terminal.note({ vi: noteSentence(note, 'vi'), en: noteSentence(note, 'en') });
  const postgres = await startEmbeddedPostgres({ dataDirectory: directory, report, signal });
  const databases = await opened(postgres);
  if (!databases) {
    await postgres.stop();
    return unreachable(directory);
  }
  const close = async (): Promise<void> => {
    await databases.close();
    await postgres.stop();
  };
  return { ...databases, close, abandon: () => postgres.stop() };
}

/** Undefined where the databases do not answer; throws {@link CliFault} where KurrentDB does not. */
async function opened(connection: Connection): Promise<Databases | undefined> {
  const log = await logOf(connection);
  try {
    await log.database.query('SELECT 1');
    return { ...connection, log, close: () => log.close(), abandon: () => Promise.resolve() };
  } catch {
    await log.close();
    return undefined;
  }
}

async function logOf({ url, eventStore }: Connection): Promise<EventLog> {
  if (!eventStore) return openEventLog(url);
  try {
    return await openKurrentDbLog(url, eventStore);
  } catch (error) {
    if (error instanceof RangeError)
      throw new CliFault('usage', {
        vi: `EVENTSTORE_URL: ${error.message}`,
        en: `EVENTSTORE_URL: ${error.message}`,
      });
    if (!(error instanceof EventStoreSilent)) throw error;
    throw new CliFault('unreachable', {
      vi: `Kho sự kiện không trả lời (EVENTSTORE_URL): ${error.message}`,
      en: `The event store does not answer (EVENTSTORE_URL): ${error.message}`,
    });
  }
}

function unreachable(what: string): never {
  throw new CliFault('unreachable', {
    vi: `Không kết nối được cơ sở dữ liệu (${what}).`,
    en: `The database does not answer (${what}).`,
  });
}

function noData(directory: string): CliFault {
  return new CliFault('unreachable', {
    vi: `Không có dữ liệu của Măng Non trong ${directory}: hãy chỉ thư mục bằng --data-dir hoặc MANGNON_DATA_DIR, hoặc đặt MANGNON_DATABASE_URL.`,
    en: `There is no data of Măng Non in ${directory}: name the folder with --data-dir or MANGNON_DATA_DIR, or set MANGNON_DATABASE_URL.`,
  });
}
