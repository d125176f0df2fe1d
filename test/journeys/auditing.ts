import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '#apps/cli/src/run.js';
import type { FundAtWork } from './fund-at-work.js';

/** What the command line answered. */
interface CliAnswer {
  readonly code: number;
  readonly output: string;
}

/** Where what is audited lies. */
interface Audited {
  readonly database: { readonly url: string };
  readonly vault: { readonly url: string };
}

/** Runs `mangnon` in English. */
async function mangnon(
  environment: Readonly<Record<string, string>>,
  ...argv: readonly string[]
): Promise<CliAnswer> {
  let output = '';
  const say = (text: string): void => {
    output += text;
  };
  const code = await runCli(argv, {
    streams: { out: say, err: say, isScreen: false },
    environment: { LANG: 'C', ...environment },
    pour: async (texts) => {
      for await (const text of texts) say(text);
    },
    ask: () => Promise.resolve(undefined),
    readInput: () => Promise.resolve(''),
  });
  return { code, output };
}

/** As an auditor would: folds every event and compares. Throws with what the command line said where something differs. */
export async function replayed({ database, vault }: Audited): Promise<string> {
  const environment = { MANGNON_DATABASE_URL: database.url, MANGNON_VAULT_URL: vault.url };
  return allHeld(await mangnon(environment, 'replay'));
}

/** As an auditor would elsewhere: exports every event and folds the file, with no database. Throws like {@link replayed}. */
export async function fileReplayed({ database }: Pick<FundAtWork, 'database'>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mangnon-export-'));
  const file = join(folder, 'events.jsonl');
  try {
    allHeld(await mangnon({ MANGNON_DATABASE_URL: database.url }, 'export', 'events', '--to', file));
    return allHeld(await mangnon({}, 'replay', '--from', file));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The same over the data directory of a default run, running or not. */
export async function directoryReplayed(dataDirectory: string): Promise<string> {
  return allHeld(await mangnon({}, 'replay', '--data-dir', dataDirectory));
}

function allHeld({ code, output }: CliAnswer): string {
  if (code !== 0) throw new Error(`mangnon ended with ${String(code)}:\n${output}`);
  return output;
}
