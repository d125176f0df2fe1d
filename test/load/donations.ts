import type { Asked } from './asked.js';
import { Donating, givers } from './donating.js';
import { closedLoop } from './loads.js';
import type { Case, Measure } from './measure.js';
import { standings, type Standings } from './standings.js';
import { walked } from './walk-run.js';

type Giver = (typeof givers)[number];

const aims: Readonly<Record<Giver, string>> = {
  anonymous: 'no aim: what is left without a donor',
  'known donor': '2,000/s, p99 ≤ 80 ms (stretch 3,000/s)',
  'new person': '1,500/s, p99 ≤ 80 ms',
};

/** What is aimed at where each service is a process of its own. */
const distributedAim = 'a quarter of what the default run does';

/** Durable `POST /v1/donations`, as fast as the server answers, with the whole walk running behind. */
export const donations: Measure = {
  name: 'donations',
  what: 'POST /v1/donations with the whole walk running behind, by who gives',
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
  const { clients, profile, seconds = donations.seconds } = asked;
  return {
    name: giver,
    aim: asked.mode === 'distributed' ? distributedAim : aims[giver],
    async run() {
      const standing = await started.start(profile);
      const donating = new Donating(standing.office, clients, giver);
      try {
        return await walked(standing, donating, {
          ...{ warmUpMs: warmUpMsOf(seconds), forMs: seconds * 1_000 },
          load: (office, forMs) => closedLoop(clients, forMs, () => office.record()),
        });
      } finally {
        await donating.close();
        await standing.stop();
        standing.clear();
      }
    },
  };
}

/** Long enough that the compiler of the server has seen everything. */
export function warmUpMsOf(seconds: number): number {
  return Math.min(10_000, 3_000 + seconds * 100);
}
