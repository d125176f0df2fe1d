import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Language } from '#platform/embedded-postgres/faults.js';
import { runStandalone, type Standalone } from '../run.js';
import { firstAdministrator, hire, type People } from './people.js';
import { StoryClock } from './story-clock.js';

/** Where a demo keeps its data, told apart from a fund's by a file of its own. */
const marker = 'made-by-the-demo';

/** A running demo and who plays in it. */
export interface Stage {
  readonly standalone: Standalone;
  readonly clock: StoryClock;
  readonly directory: string;
  /** The data directory itself, for `mangnon replay`. */
  readonly dataDirectory: string;
}

/** The folder belongs to somebody else and is not thrown away. */
export class NotADemo extends Error {
  override readonly name = 'NotADemo';

  constructor(readonly directory: string) {
    super(`${directory} was not made by the demo; choose another folder`);
  }
}

/**
 * Starts a standalone of its own on a free port, with fresh data in `directory`, its clock at the story's first morning.
 * What an earlier demo left there is thrown away; throws {@link NotADemo} where it is not a demo's.
 */
export async function openStage(directory: string, begin: string, language: Language): Promise<Stage> {
  await clear(directory);
  const dataDirectory = join(directory, 'data');
  const clock = new StoryClock(begin);
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
  return { standalone, clock, directory, dataDirectory };
}

/** The people of the fund `fundId`, hired by the first administrator. */
export async function castOf(
  { standalone: { url, setUpPath }, clock }: Stage,
  openFund: (administrator: People['administrator']) => Promise<string>,
  from: string,
): Promise<{ readonly people: People; readonly fundId: string }> {
  const administrator = await firstAdministrator(url, clock, setUpPath ?? '');
  const fundId = await openFund(administrator);
  return { people: await hire(administrator, url, clock, fundId, from), fundId };
}

async function clear(directory: string): Promise<void> {
  const path = resolve(directory);
  if (await exists(path)) {
    if (!(await exists(join(path, marker)))) throw new NotADemo(path);
    await rm(path, { recursive: true });
  }
  await mkdir(path, { recursive: true, mode: 0o755 });
  await writeFile(join(path, marker), '');
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
