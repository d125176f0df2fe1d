import { Site } from '../faults/site.js';
import type { Asked } from './asked.js';
import { Donating, givers } from './donating.js';
import { closedLoop } from './loads.js';
import type { Case, Measure } from './measure.js';
import { Stand } from './stand.js';
import { walked } from './walk-run.js';

type Giver = (typeof givers)[number];

const aims: Readonly<Record<Giver, string>> = {
  anonymous: 'no aim: what is left without a donor',
  'known donor': '2,000/s, p99 ≤ 80 ms (stretch 3,000/s)',
  'new person': '1,500/s, p99 ≤ 80 ms',
};

/** Durable `POST /v1/donations`, as fast as the server answers, with the whole walk running behind. */
export const donations: Measure = {
  name: 'donations',
  what: 'POST /v1/donations with the whole walk running behind, by who gives',
  seconds: 60,
  runs: 3,
  async open(asked) {
    const site = await Site.open();
    return { cases: givers.map((giver) => caseOf(site, giver, asked)), close: () => site.close() };
  },
};

function caseOf(site: Site, giver: Giver, { clients, profile, seconds = donations.seconds }: Asked): Case {
  return {
    name: giver,
    aim: aims[giver],
    async run() {
      const stand = await Stand.start(site, { profile });
      const donating = new Donating(site, clients, giver);
      try {
        return await walked(stand, donating, {
          ...{ warmUpMs: warmUpMsOf(seconds), forMs: seconds * 1_000 },
          load: (office, forMs) => closedLoop(clients, forMs, () => office.record()),
        });
      } finally {
        await donating.close();
        await stand.stop();
        stand.clear();
      }
    },
  };
}

/** Long enough that the compiler of the server has seen everything. */
export function warmUpMsOf(seconds: number): number {
  return Math.min(10_000, 3_000 + seconds * 100);
}
