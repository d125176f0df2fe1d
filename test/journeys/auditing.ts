import { runCli } from '#apps/cli/src/run.js';
import type { FundAtWork } from './fund-at-work.js';

/** What the command line answered. */
export interface CliAnswer {
  readonly code: number;
  readonly output: string;
}

/** Runs `mangnon` against databases, in English. */
export async function mangnon(
  { database, vault }: Pick<FundAtWork, 'database' | 'vault'>,
  ...argv: readonly string[]
): Promise<CliAnswer> {
  let output = '';
  const say = (text: string): void => {
    output += text;
  };
  const code = await runCli(argv, {
    streams: { out: say, err: say, isScreen: false },
    environment: { LANG: 'C', MANGNON_DATABASE_URL: database.url, MANGNON_VAULT_URL: vault.url },
    pour: async (texts) => {
      for await (const text of texts) say(text);
    },
    ask: () => Promise.resolve(undefined),
    readInput: () => Promise.resolve(''),
  });
  return { code, output };
}

/** As an auditor would: folds every event and compares. Throws with what the command line said where something differs. */
export async function replayed(databases: Pick<FundAtWork, 'database' | 'vault'>): Promise<string> {
  const { code, output } = await mangnon(databases, 'replay');
  if (code !== 0) throw new Error(`mangnon replay ended with ${String(code)}:\n${output}`);
  return output;
}
