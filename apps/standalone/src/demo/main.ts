import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EmbeddedPostgresFault } from '#platform/embedded-postgres/faults.js';
import { consoleLanguage } from '../config.js';
import { inDong, type PurposeBalance } from './figures.js';
import { NotADemo, openStage, type Stage } from './stage.js';
import { playStatement, statementBegins } from './statement-day.js';
import { playTwoYears, storyBegins } from './two-years.js';
import { password } from './people.js';

const help = `Plays a fund with made-up people on a standalone of its own, beside whatever else runs.

  npm run demo                              two years of a provincial fund
  npm run demo -- --keep                    and leave it running to look at
  npm run demo -- --statement FILE          record every credit of a bank statement (CSV or CSV.gz) and replay
  npm run demo -- --dir FOLDER              where its data goes; ./.mangnon-demo when absent, fresh each run
`;

const language = consoleLanguage();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      keep: { type: 'boolean', default: false },
      statement: { type: 'string' },
      dir: { type: 'string', default: '.mangnon-demo' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    say(help);
    return;
  }
  const stage = await openStage(
    resolve(values.dir),
    values.statement ? statementBegins : storyBegins,
    language,
  );
  try {
    await (values.statement ? showStatement(stage, values.statement) : showTwoYears(stage));
    await replay(stage);
    if (values.keep) await untilInterrupted(stage);
  } finally {
    await stage.standalone.stop();
  }
}

async function showTwoYears(stage: Stage): Promise<void> {
  const { endOf2024, atTheEnd, receipts } = await playTwoYears(stage, (on, what) => say(`${on}  ${what}`));
  say('\nBalances by purpose as of 2024-12-31:');
  endOf2024.forEach(sayBalance);
  say('\nBalances by purpose at the end:');
  atTheEnd.forEach(sayBalance);
  say('\nReceipts:');
  for (const { number, status, amount, payer, replaces } of receipts) {
    const what = amount ? inDong(amount.amount) : 'in kind';
    const note = [status === 'void' ? 'void' : '', replaces === null ? '' : `in place of ${replaces}`].filter(
      Boolean,
    );
    say(`  ${number}  ${what.padStart(16)}  ${payer}${note.length > 0 ? ` (${note.join(', ')})` : ''}`);
  }
}

function sayBalance({ purpose, code, received, returned, available }: PurposeBalance): void {
  const figures = `received ${inDong(received.amount)}, returned ${inDong(returned.amount)}`;
  say(`  ${(code ?? purpose).padEnd(14)} ${inDong(available.amount).padStart(18)} available (${figures})`);
}

async function showStatement(stage: Stage, file: string): Promise<void> {
  const { donations, entries, receipts, sum, received } = await playStatement(stage, file);
  say(`\ndonations ${String(donations)} = entries ${String(entries)} = receipt numbers ${String(receipts)}`);
  say(`recorded ${inDong(String(sum))} = received in the books ${inDong(String(received))}`);
  if (donations !== entries || entries !== receipts || sum !== received)
    throw new Error('the figures differ');
}

/** As an auditor would, by the CLI. */
async function replay({ dataDirectory }: Stage): Promise<void> {
  say('\nmangnon replay:');
  const args = ['bin/mangnon.js', 'replay', '--data-dir', dataDirectory];
  const [code] = (await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit')) as [number | null];
  if (code !== 0) throw new Error('the replay differs');
}

async function untilInterrupted({ standalone: { url } }: Stage): Promise<void> {
  say(
    `\nStill running at ${url}/docs and ${url}/inbox; sign in as "quantri", "ketoan" or "giamdoc" with the password`,
  );
  say(`"${password}". Ctrl-C stops it.`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}

main().catch((error: unknown) => {
  const known = error instanceof NotADemo || error instanceof EmbeddedPostgresFault;
  process.stderr.write(
    `${error instanceof Error ? ((known ? undefined : error.stack) ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
});
