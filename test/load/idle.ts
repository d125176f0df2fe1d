import { setTimeout as delay } from 'node:timers/promises';
import { Site } from '../faults/site.js';
import type { Asked } from './asked.js';
import type { Case, Measure } from './measure.js';
import { ProcessWatch } from './processes.js';
import { atMost } from './rules.js';
import { Stand } from './stand.js';

/** Idling begins once what a start leaves behind is done, in milliseconds. */
const settlesMs = 10_000;
const aims = { cores: 2, statements: 20 } as const;

/** What the default run takes with nothing to do; fails where it is more than it may be. */
export const idle: Measure = {
  name: 'idle',
  what: 'processor, statements and memory with nothing to do; fails above 2% of a core or 20 statements/s',
  seconds: 60,
  runs: 3,
  async open(asked) {
    const site = await Site.open();
    return { cases: [caseOf(site, asked)], close: () => site.close() };
  },
};

function caseOf(site: Site, { seconds = idle.seconds }: Asked): Case {
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
        const statements = ((await stand.statements()) - before) / seconds;
        const services = used.find(({ name }) => name === 'cpu services')?.value;
        return {
          figures: [{ name: 'statements', unit: '/s', value: statements }, ...used],
          invariants: [
            atMost('statements with nothing to do', statements, aims.statements, '/s'),
            // Linux alone tells.
            ...(services === undefined
              ? []
              : [atMost('processor with nothing to do', services, aims.cores, '% of a core')]),
          ],
        };
      } finally {
        await stand.stop();
        stand.clear();
      }
    },
  };
}
