import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faults as asked } from '#testing/run.config.js';
import { itOnSmallDisk, SmallDisk } from '#testing/small-disk.js';
import { Draws } from './draws.js';
import { invariantsOf, tableOf, type Invariant } from './invariants.js';
import type { Life } from './life.js';
import { Lives } from './lives.js';
import { diskFull, ofTheMachine } from './machine-strikes.js';
import { restored } from './restore-strike.js';
import { Site } from './site.js';
import type { Fault } from './fault.js';
import { atFailPoints } from './strikes.js';

/** What is drawn is the same in every run, unless somebody asks for other seeds. */
const seed = asked.seed ?? '2025';
/** Faults that every run of the suite plays; `npm run test:faults -- --long` plays all of them. */
const sample = [
  'kill -9 of the process at checkpoint-moved-donations-to-ledger:before',
  'kill -9 of the process at mail-taken:before',
  'kill -9 of the process at statement-row-recorded:after',
  'kill -9 of PostgreSQL under load',
  'kill -9 of one connection’s process of PostgreSQL under load',
];
const all = [...atFailPoints, ...ofTheMachine, restored];
const played = asked.isLong ? all : all.filter(({ name }) => sample.includes(name));
const minutes = 60_000;

let site: Site;
let lives: Lives;
beforeAll(async () => {
  site = await Site.open();
  lives = new Lives(site);
}, 4 * minutes);
afterAll(async () => {
  await lives.end();
  site.close();
});

const tell = (text: string): void => void process.stdout.write(`${text}\n`);

/** Lets the fault strike, waits until everything has come to its end, and looks. */
async function suffer(fault: Fault, parent?: string): Promise<void> {
  const { name, strike } = fault;
  const began = performance.now();
  const life = await lives.for(fault, new Draws(`${seed} ${name}`), parent);
  let broken: readonly Invariant[] | undefined;
  try {
    await strike(life);
    const events = await life.settled();
    const invariants = await invariantsOf(life, events);
    broken = invariants.filter((invariant) => invariant.broken.length > 0);
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    const counts = countsOf(life, events.length, invariants.length);
    tell(`${broken.length === 0 ? '✓' : '✗'} ${name} (seed ${seed}): ${counts}; ${seconds} s`);
    if (asked.isLong || broken.length > 0) tell(tableOf(invariants));
  } catch (error) {
    tell(`✗ ${name} (seed ${seed}); what the last process said:\n${life.terminal.output}`);
    // What it fails on is what counts, also where nothing can be looked at any more.
    await tellWhatStands(life).catch((cause: unknown) =>
      tell(`nothing could be looked at: ${String(cause)}`),
    );
    throw error;
  } finally {
    await lives.struck(life, broken?.length === 0);
  }
  expect(broken).toEqual([]);
}

function countsOf({ client, peer }: Life, events: number, invariants: number): string {
  const [acknowledged, unanswered] = [client.acknowledged.length, client.unanswered];
  const tries = `${String(acknowledged)} acknowledged, ${String(unanswered)} tries unanswered`;
  return `${String(invariants)} invariants; ${tries}, ${String(events)} events, ${String(peer.mails.length)} mails`;
}

/** Where a fault could not even be looked at to its end, as far as the process still runs. */
async function tellWhatStands(life: Life): Promise<void> {
  if (life.terminal.exit !== undefined) return;
  const invariants = await life.recorded().then((events) => invariantsOf(life, events));
  tell(tableOf(invariants));
}

describe('nothing is lost, doubled or out of order after', () => {
  it.each(played)('$name', (fault) => suffer(fault), 4 * minutes);

  if (asked.isLong)
    itOnSmallDisk(
      diskFull.name,
      async () => {
        const disk = SmallDisk.open('256m');
        try {
          await suffer(diskFull, disk.folder);
        } finally {
          disk.close();
        }
      },
      4 * minutes,
    );
});
