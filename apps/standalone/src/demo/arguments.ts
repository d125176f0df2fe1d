import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DemoRefused } from './demo-refused.js';

/** What `npm run demo -- --help` prints. */
export const help = `Plays a fund with made-up people on a standalone of its own, beside whatever else runs.

  npm run demo                        two years of a provincial fund, and a replay of all that happened
  npm run demo -- --statement FILE    records every credit of a bank statement (CSV or CSV.gz), and replays
  npm run demo -- --keep              leaves it running to look at, until Ctrl-C
  npm run demo -- --dir FOLDER        where its data goes, made anew each time; .mangnon-demo when absent
  npm run demo -- --help              prints this
`;

/** What somebody wants to see. */
export interface DemoArguments {
  readonly help: boolean;
  readonly keep: boolean;
  /** Absolute path of a bank statement; the two years are played without one. */
  readonly statement: string | undefined;
  /** Absolute path of the folder of the demo's data. */
  readonly directory: string;
}

/** Reads what stands behind `npm run demo --`. Throws {@link DemoRefused} for what the help does not name. */
export function readArguments(given: readonly string[]): DemoArguments {
  const { help: asked, keep, statement, dir } = parsed(given);
  if (statement === '' || dir === '') throw refused('A file or folder without a name was given');
  return {
    help: asked,
    keep,
    statement: statement === undefined ? undefined : resolve(statement),
    directory: resolve(dir),
  };
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        keep: { type: 'boolean', default: false },
        statement: { type: 'string' },
        dir: { type: 'string', default: '.mangnon-demo' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    // Node says in its first sentence what is wrong, and how shells work in those behind it.
    const { message } = error as Error;
    throw refused(message.split(/\. |\n/, 1)[0] ?? message);
  }
}

function refused(what: string): DemoRefused {
  return new DemoRefused(`${what.replace(/\.$/, '')}: see npm run demo -- --help.`);
}
