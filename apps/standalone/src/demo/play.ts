import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { consoleLanguage } from '../config.js';
import type { DemoArguments } from './arguments.js';
import { DemoRefused } from './demo-refused.js';
import { password, type People } from './people.js';
import { statementReport, twoYearsReport } from './report.js';
import { openStage, type Stage } from './stage.js';
import { playStatement, statementBegins } from './statement-day.js';
import type { Credit } from './statement.js';
import { playTwoYears, storyBegins } from './two-years.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What a shell tells of a program that Ctrl-C broke off. */
const brokenOff = 130;

/**
 * Plays the credits of a statement, or two years without one, on a standalone of its own, prints what came of it and
 * stops all of it again; returns the exit code. Throws {@link DemoRefused} where it cannot, or the figures differ.
 */
export async function play(wanted: DemoArguments, credits: readonly Credit[] | undefined): Promise<number> {
  const interrupted = interruption();
  const begins = credits ? statementBegins : storyBegins;
  const stage = await openStage(wanted.directory, begins, consoleLanguage());
  try {
    const people = await Promise.race([playOn(stage, credits), interrupted]);
    if (!people) return brokenOff;
    if (wanted.keep) await lookedAt(stage, people, interrupted);
    else say(whereToLook(stage));
    return 0;
  } finally {
    await stage.close();
    say('Stopped.');
  }
}

/** Resolves at the first Ctrl-C, which then leaves time to stop what was started. */
function interruption(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve(undefined));
  });
}

async function playOn(stage: Stage, credits: readonly Credit[] | undefined): Promise<People> {
  const people = await (credits ? showStatement(stage, credits) : showTwoYears(stage));
  await replay(stage);
  return people;
}

async function showTwoYears(stage: Stage): Promise<People> {
  const { people, figures } = await playTwoYears(stage, (on, what) => say(`${on}  ${what}`));
  say(twoYearsReport(figures));
  return people;
}

async function showStatement(stage: Stage, credits: readonly Credit[]): Promise<People> {
  const { people, figures } = await playStatement(stage, credits);
  say(statementReport(figures));
  const { donations, entries, receipts, sum, received } = figures;
  if (donations !== entries || entries !== receipts || sum !== received)
    throw new DemoRefused('The figures differ: something was lost or doubled.');
  return people;
}

/** As an auditor would, by the command line. */
async function replay({ dataDirectory }: Stage): Promise<void> {
  say('\nmangnon replay:');
  const args = ['bin/mangnon.js', 'replay', '--data-dir', dataDirectory];
  const [code] = (await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit')) as [number | null];
  if (code !== 0) throw new DemoRefused('The replay found a difference: see above.');
}

function whereToLook({ dataDirectory }: Stage): string {
  return [
    '\nTo look around in it, pages and mails and all: npm run demo -- --keep',
    `To read every event: npx mangnon export events --data-dir ${dataDirectory}`,
  ].join('\n');
}

/** Keeps it running until Ctrl-C; Enter gives one-time codes, because no real authenticator app has the story's clock. */
async function lookedAt({ url }: Stage, people: People, interrupted: Promise<unknown>): Promise<void> {
  const { administrator, accountant, cashier, approver } = people;
  say(`\nStill running; Ctrl-C stops it. API pages: ${url}/docs, mailbox: ${url}/inbox`);
  const logins = [administrator, accountant, cashier, approver].map(({ login }) => login);
  say(`Sign in as ${logins.join(', ')} with the password "${password}".`);
  const asking = [administrator, approver];
  say(`${asking.map(({ login }) => login).join(' and ')} need a one-time code: press Enter for one.`);
  process.stdin.on('data', () => say(asking.map((person) => `${person.login}: ${person.code()}`).join('  ')));
  await interrupted;
  say('Stopping …');
}
