import { setTimeout as delay } from 'node:timers/promises';
import { Api } from '#apps/standalone/src/demo/api.js';
import type { StatusView } from '#platform/operations/status-view.js';
import { Donating } from './donating.js';
import { filledStand, type Filled } from './filled.js';
import { walkInvariants } from './invariants.js';
import { paced } from './loads.js';
import type { Case, Measure } from './measure.js';
import { ProcessWatch } from './processes.js';
import type { Figure } from './statistics.js';
import { Walk } from './walk.js';

const donationsDefault = 100_000;
const rateDefault = 100;
const lookEveryMs = 20;

/** Every read model built anew, as a process does those that are asked for at once, while donations keep coming. */
export const rebuild: Measure = {
  name: 'rebuild',
  what: 'rebuild of all read models while donations come at --rate (100/s; --preload donations before, 100,000)',
  seconds: 1,
  runs: 3,
  async open({ preload = donationsDefault, clients, rate = rateDefault, profile }) {
    const filled = await filledStand(preload, clients, { profile });
    return { cases: [caseOf(filled, clients, rate)], close: () => filled.close() };
  },
};

function caseOf(filled: Filled, clients: number, rate: number): Case {
  let { count, sum } = filled.tallies.DonationRecorded;
  return {
    name: `all read models, ${String(rate)} donations/s meanwhile`,
    aim: '50,000 events/s (stretch 75,000/s)',
    async run() {
      const { stand } = filled;
      const donating = new Donating(stand.site, clients, 'anonymous');
      const watch = new ProcessWatch(stand.processes);
      const stopping = { now: false };
      const coming = (async () => {
        while (!stopping.now) await paced(rate, 1_000, () => donating.record());
      })();
      const built = await rebuiltAll(stand.site).finally(() => (stopping.now = true));
      const used = watch.end();
      await coming;
      count += donating.acknowledged;
      sum += donating.sum;
      await donating.close();
      const tallies = await new Walk(stand.database).ended();
      return {
        figures: [...built, ...used],
        invariants: await walkInvariants(stand.site, { count, sum }, tallies),
      };
    },
  };
}

/** Asks for every rebuild at once; they take their turns. */
async function rebuiltAll({ url, people }: Filled['stand']['site']): Promise<readonly Figure[]> {
  const api = new Api(url, () => Promise.resolve(people.administrator.secret));
  const status = () => api.get<StatusView>('/v1/admin/status');
  const names = (await status()).projections.map(({ name }) => name);
  const began = performance.now();
  for (const name of names) await api.post(`/v1/admin/rebuilds/${name}`);
  const events = new Map<string, number>();
  for (let under = names.length; under > 0;) {
    await delay(lookEveryMs);
    const { projections } = await status();
    for (const { name, rebuild: going, rebuildFault } of projections) {
      if (rebuildFault !== null) throw new Error(`${name}: ${rebuildFault}`);
      if (going) events.set(name, Math.max(events.get(name) ?? 0, going.events));
    }
    under = projections.filter(({ rebuild: going }) => going !== null).length;
  }
  const seconds = (performance.now() - began) / 1_000;
  const folded = [...events.values()].reduce((total, one) => total + one, 0);
  return [
    { name: 'read models', unit: 'tables', value: names.length },
    { name: 'all rebuilt after', unit: 's', value: seconds },
    { name: 'events folded', unit: 'events', value: folded },
    { name: 'folded', unit: 'events/s', value: folded / seconds },
  ];
}
