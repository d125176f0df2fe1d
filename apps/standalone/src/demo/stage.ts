import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lockDataDirectory, type DirectoryLock } from '#platform/embedded-postgres/data-directory-lock.js';
import { EmbeddedPostgresFault, faultOfNode } from '#platform/embedded-postgres/faults.js';
import type { Language } from '#platform/embedded-postgres/faults.js';
import { commandLineOf } from '#platform/embedded-postgres/processes.js';
import { readPidFile, stopServer } from '#platform/embedded-postgres/server.js';
import { explain } from '../explain.js';
import { runStandalone } from '../run.js';
import { keepMailAtHome } from './config.js';
import { DemoRefused } from './demo-refused.js';
import { firstAdministrator, hire, type People } from './people.js';
import { StoryClock } from './story-clock.js';

/** Where a demo keeps its data, told apart from a fund's by a file of its own. */
const marker = 'made-by-the-demo';

/** A running demo. */
export interface Stage {
  /** Where it can be reached from this machine. */
  readonly url: string;
  readonly clock: StoryClock;
  /** The data directory, for `mangnon replay`. */
  readonly dataDirectory: string;
  /** The people of the fund that the first administrator opens, hired from that day on. */
  cast(openFund: (administrator: People['administrator']) => Promise<string>, from: string): Promise<Cast>;
  /** Stops everything; the data stays until the next demo there. */
  close(): Promise<void>;
}

/** A fund and who plays in it. */
export interface Cast {
  readonly people: People;
  readonly fundId: string;
}

/**
 * Starts a standalone of its own on a free port, with fresh data in `directory`, its clock at the story's first morning.
 * What an earlier demo left there is thrown away. Throws {@link DemoRefused} where the folder is not a demo's or one is
 * running in it, and where this machine cannot run it.
 */
export async function openStage(directory: string, begin: string, language: Language): Promise<Stage> {
  const lock = await takeFolder(directory, language);
  const clock = new StoryClock(begin);
  const dataDirectory = join(directory, 'data');
  try {
    await clear(directory);
    keepMailAtHome();
    const config = {
      host: '127.0.0.1',
      port: 0,
      trustedProxies: [],
      dataDirectory,
      keysDirectory: join(directory, 'keys'),
      language,
    };
    const listener = { onNote: () => undefined, onTrouble: () => undefined };
    const standalone = await runStandalone(config, listener, clock);
    const { url, setUpPath } = standalone;
    return {
      url,
      clock,
      dataDirectory,
      cast: async (openFund, from) => {
        const administrator = await firstAdministrator(url, clock, setUpPath ?? '');
        const fundId = await openFund(administrator);
        return { people: await hire(administrator, url, clock, fundId, from), fundId };
      },
      close: () => standalone.stop().finally(() => lock.release()),
    };
  } catch (error) {
    lock.release();
    throw new DemoRefused(explain(error, language), { cause: error });
  }
}

/** For this process alone, and only where nobody else keeps anything. */
async function takeFolder(directory: string, language: Language): Promise<DirectoryLock> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o755 });
    const held = await readdir(directory);
    if (held.length > 0 && !held.includes(marker))
      throw new DemoRefused(
        `${directory} holds other files and was not made by the demo: choose another folder with --dir.`,
      );
    await writeFile(join(directory, marker), '');
    return await lockDataDirectory(directory);
  } catch (error) {
    throw refusalOf(directory, error, language);
  }
}

function refusalOf(directory: string, error: unknown, language: Language): unknown {
  if (error instanceof EmbeddedPostgresFault)
    return new DemoRefused(
      `A demo is running in ${directory} (process ${error.what}): stop it, or choose another folder with --dir.`,
      { cause: error },
    );
  const fault = faultOfNode(error, directory);
  return fault ? new DemoRefused(fault.sentence(language), { cause: error }) : error;
}

/** A demo that was killed has left its PostgreSQL behind. */
async function clear(directory: string): Promise<void> {
  const postgres = join(directory, 'data', 'postgres');
  const pid = Number.parseInt(readPidFile(postgres)[0] ?? '', 10);
  if (commandLineOf(pid)?.includes(`-D ${postgres} `)) await stopServer(pid);
  for (const name of ['data', 'keys']) await rm(join(directory, name), { recursive: true, force: true });
}
