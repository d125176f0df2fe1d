import { Site } from '../faults/site.js';
import type { Asked } from './asked.js';
import { Donating } from './donating.js';
import { paced } from './loads.js';
import type { Case, Measure } from './measure.js';
import { Stand } from './stand.js';
import { walked } from './walk-run.js';

const rateDefault = 300;

/** What the default run takes under the journey. */
export const memory: Measure = {
  name: 'memory',
  what: 'memory under the journey (--rate, 300/s); `idle` tells it with nothing to do',
  seconds: 60,
  runs: 3,
  async open(asked) {
    const site = await Site.open();
    return { cases: [loaded(site, asked)], close: () => site.close() };
  },
};

function loaded(site: Site, { clients, rate = rateDefault, seconds = memory.seconds }: Asked): Case {
  return {
    name: `the journey at ${String(rate)}/s`,
    aim: 'services ≤ 600 MB',
    async run() {
      const stand = await Stand.start(site);
      const donating = new Donating(site, clients, 'anonymous');
      try {
        return await walked(stand, donating, {
          ...{ warmUpMs: 1_000, forMs: seconds * 1_000 },
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
