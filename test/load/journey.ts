import type { Asked } from './asked.js';
import { Donating, givers, type Giver } from './donating.js';
import { warmUpMsOf } from './donations.js';
import { closedLoop, paced } from './loads.js';
import type { Case, Measure } from './measure.js';
import { standings, type Standings } from './standings.js';
import { tell } from './told.js';
import { Walk } from './walk.js';
import { walked } from './walk-run.js';

/** The slowest of a hundred may take so long to its number, in milliseconds. */
const lagP99MsMax = { standalone: 500, distributed: 3_000 } as const;
const aims = {
  standalone: '1,500 donations/s, p99 lag ≤ 0.5 s (stretch 2,500/s)',
  distributed: 'a quarter of what the default run does, p99 lag ≤ 3 s',
} as const;
const trialMs = 10_000;
const trials = 5;

/**
 * The whole walk at a steady rate: what is asked for, or the highest at which the slowest of a hundred donations still has
 * its number within half a second (three with each service as a process of its own), as far as a few trials of ten seconds find it.
 */
export const journey: Measure = {
  name: 'journey',
  what: 'recorded, posted, numbered at a steady rate (--rate, or the highest that keeps its lag)',
  seconds: 60,
  runs: 3,
  async open(asked) {
    const started = await standings(asked);
    return {
      cases: givers.map((giver) => caseOf(started, giver, asked)),
      close: () => started.close(),
    };
  },
};

function caseOf(started: Standings, giver: Giver, asked: Asked): Case {
  const { clients, profile, seconds = journey.seconds } = asked;
  const found = new Map<string, number>();
  return {
    name: giver,
    aim: aims[asked.mode],
    async run() {
      const rate = asked.rate ?? found.get(giver) ?? (await foundRate(started, giver, asked));
      found.set(giver, rate);
      const standing = await started.start(profile);
      const donating = new Donating(standing.office, clients, giver);
      try {
        return await walked(standing, donating, {
          ...{ warmUpMs: warmUpMsOf(seconds), forMs: seconds * 1_000 },
          load: (office, forMs) => paced(rate, forMs, () => office.record()),
        });
      } finally {
        await donating.close();
        await standing.stop();
        standing.clear();
      }
    },
  };
}

/** Halves what lies between a rate that is kept and one that is not. */
async function foundRate(started: Standings, giver: Giver, { clients, mode }: Asked): Promise<number> {
  const standing = await started.start();
  const donating = new Donating(standing.office, clients, giver);
  const walk = new Walk(standing.database);
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
      if (lag <= lagP99MsMax[mode]) kept = rate;
      else missed = rate;
    }
    return kept || 1;
  } finally {
    await donating.close();
    await standing.stop();
    standing.clear();
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
