import { setTimeout as delay } from 'node:timers/promises';
import { Site } from '../faults/site.js';
import type { Asked } from './asked.js';
import { Donating } from './donating.js';
import { paced } from './loads.js';
import type { Case, Measure } from './measure.js';
import { ProcessWatch } from './processes.js';
import { Stand } from './stand.js';
import { walked } from './walk-run.js';

/** Idling begins once what a start leaves behind is done, in milliseconds. */
const settlesMs = 10_000;
const rateDefault = 300;

/** What the default run takes with nothing to do, and under the journey. */
export const memory: Measure = {
  name: 'memory',
  what: 'memory, processor and statements with nothing to do; memory under the journey (--rate, 300/s)',
  seconds: 60,
  runs: 3,
  async open(asked) {
    const site = await Site.open();
    return { cases: [idle(site, asked), loaded(site, asked)], close: () => site.close() };
  },
};

function idle(site: Site, { seconds = memory.seconds }: Asked): Case {
  return {
    name: 'nothing to do',
    aim: 'services ≤ 250 MB and ≤ 2% of a core, ≤ 20 statements/s',
    async run() {
      const stand = await Stand.start(site, { countsStatements: true });
      try {
        await delay(settlesMs);
        const before = await stand.statements();
        const watch = new ProcessWatch(stand.processes);
        await delay(seconds * 1_000);
        const used = watch.end();
        const statements = (await stand.statements()) - before;
        return {
          figures: [{ name: 'statements', unit: '/s', value: statements / seconds }, ...used],
          invariants: [],
        };
      } finally {
        await stand.stop();
        stand.clear();
      }
    },
  };
}

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
