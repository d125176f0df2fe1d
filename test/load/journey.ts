import { Site } from '../faults/site.js';
import type { Asked } from './asked.js';
import { Donating, givers, type Giver } from './donating.js';
import { warmUpMsOf } from './donations.js';
import { closedLoop, paced } from './loads.js';
import type { Case, Measure } from './measure.js';
import { Stand } from './stand.js';
import { tell } from './told.js';
import { Walk } from './walk.js';
import { walked } from './walk-run.js';

/** The slowest of a hundred may take so long to its number, in milliseconds. */
const lagP99MsMax = 500;
const trialMs = 10_000;
const trials = 5;

/**
 * The whole walk at a steady rate: what is asked for, or the highest at which the slowest of a hundred donations still has
 * its number within half a second, as far as a few trials of ten seconds find it.
 */
export const journey: Measure = {
  name: 'journey',
  what: 'recorded, posted, numbered at a steady rate (--rate, or the highest that keeps its lag)',
  seconds: 60,
  runs: 3,
  async open(asked) {
    const site = await Site.open();
    return { cases: givers.map((giver) => caseOf(site, giver, asked)), close: () => site.close() };
  },
};

function caseOf(site: Site, giver: Giver, asked: Asked): Case {
  const { clients, profile, seconds = journey.seconds } = asked;
  const found = new Map<string, number>();
  return {
    name: giver,
    aim: '1,500 donations/s, p99 lag ≤ 0.5 s (stretch 2,500/s)',
    async run() {
      const rate = asked.rate ?? found.get(giver) ?? (await foundRate(site, giver, clients));
      found.set(giver, rate);
      const stand = await Stand.start(site, { profile });
      const donating = new Donating(site, clients, giver);
      try {
        return await walked(stand, donating, {
          ...{ warmUpMs: warmUpMsOf(seconds), forMs: seconds * 1_000 },
          load: (office, forMs) => paced(rate, forMs, () => office.record()),
        });
      } finally {
        await donating.close();
        await stand.stop();
        stand.clear();
      }
    },
  };
}

/** Halves what lies between a rate that is kept and one that is not. */
async function foundRate(site: Site, giver: Giver, clients: number): Promise<number> {
  const stand = await Stand.start(site);
  const donating = new Donating(site, clients, giver);
  const walk = new Walk(stand.database);
  try {
    await donating.prepare();
    const { seconds, latencies } = await closedLoop(clients, trialMs, () => donating.record());
    await walk.ended();
    let [kept, missed] = [0, Math.ceil((1.1 * latencies.count) / seconds)];
    for (let trial = 0; trial < trials; trial += 1) {
      // The first trial is near what is usually found.
      const rate = trial === 0 ? Math.round(missed * 0.75) : Math.round((kept + missed) / 2);
      const lag = await lagAt(rate, donating, walk);
      tell(`  trial at ${String(rate)}/s: lag p99 ${lag.toFixed(0)} ms`);
      if (lag <= lagP99MsMax) kept = rate;
      else missed = rate;
    }
    return kept || 1;
  } finally {
    await donating.close();
    await stand.stop();
    stand.clear();
  }
}

async function lagAt(rate: number, donating: Donating, walk: Walk): Promise<number> {
  const from = await walk.end();
  await paced(rate, trialMs, () => donating.record());
  const to = await walk.end();
  await walk.ended();
  const figures = (await walk.lags(from, to)).figures();
  return figures.find(({ name }) => name === 'p99')?.value ?? Infinity;
}
