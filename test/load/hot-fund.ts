import { Api } from '#apps/standalone/src/demo/api.js';
import { Site } from '../faults/site.js';
import type { Asked } from './asked.js';
import { Donating } from './donating.js';
import { walkInvariants } from './invariants.js';
import { closedLoop } from './loads.js';
import type { Measure, Taken } from './measure.js';
import { Stand } from './stand.js';
import type { Figure } from './statistics.js';
import { tell } from './told.js';
import { Walk } from './walk.js';

const donationsDefault = 1_000_000;
const warmUpMs = 5_000;
const tenths = 10;
const commands = 5;

/** Donations to one fund, tenth by tenth, each to its last number; then the first commands of people after a restart. */
export const hotFund: Measure = {
  name: 'hot-fund',
  what: 'one fund with many donations (--events, 1,000,000): last tenth against first, first command after a restart',
  seconds: 1,
  runs: 1,
  async open(asked) {
    const site = await Site.open();
    const { events: count = donationsDefault } = asked;
    const aim = 'last tenth ≥ 90% of the first; first command after a restart ≤ 1 s';
    const one = { name: `${String(count)} donations`, aim, run: () => run(site, count, asked) };
    return { cases: [one], close: () => site.close() };
  },
};

async function run(site: Site, count: number, { clients, profile }: Asked): Promise<Taken> {
  const stand = await Stand.start(site, { profile });
  const donating = new Donating(site, clients, 'anonymous');
  let standing = stand;
  try {
    await closedLoop(clients, warmUpMs, () => donating.record());
    const walk = new Walk(stand.database);
    await walk.ended();
    const sizeBefore = await sizeOf(stand);
    const rates = await ratesOf(donating, walk, Math.ceil(count / tenths), clients);
    const tallies = await walk.ended();
    const kilobytes = ((await sizeOf(stand)) - sizeBefore) / 1_024 / (tenths * Math.ceil(count / tenths));
    const { acknowledged, sum } = donating;
    const invariants = await walkInvariants(site, { count: acknowledged, sum }, tallies);
    await stand.stop();
    standing = await Stand.on(site, stand.folder);
    const first = await commanded(site);
    const disk = { name: 'disk a donation', unit: 'kB', value: kilobytes };
    return { figures: [...figuresOf(rates), ...first, disk], invariants };
  } finally {
    await donating.close();
    await standing.stop();
    stand.clear();
  }
}

/** Donations a second of each tenth, from its first request to its last number. */
async function ratesOf(
  donating: Donating,
  walk: Walk,
  count: number,
  clients: number,
): Promise<readonly number[]> {
  const rates: number[] = [];
  for (let tenth = 1; tenth <= tenths; tenth += 1) {
    const began = performance.now();
    let left = count;
    const client = async (): Promise<void> => {
      for (; left > 0;) {
        left -= 1;
        await donating.record();
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    await walk.ended();
    rates.push((1_000 * count) / (performance.now() - began));
    tell(`  tenth ${String(tenth)}: ${rates.at(-1)!.toFixed(0)}/s`);
  }
  return rates;
}

/** Log, read models and all else of the database, indexes too; without the write-ahead log. */
async function sizeOf({ database }: Stand): Promise<number> {
  const { rows } = await database.query<{ readonly bytes: string }>(
    'SELECT sum(pg_database_size(oid)) AS bytes FROM pg_database',
  );
  return Number(rows[0]?.bytes ?? 0);
}

function figuresOf(rates: readonly number[]): readonly Figure[] {
  const [first = NaN, last = NaN] = [rates[0], rates.at(-1)];
  return [
    { name: 'first tenth', unit: '/s', value: first },
    { name: 'last tenth', unit: '/s', value: last },
    { name: 'slowest tenth', unit: '/s', value: Math.min(...rates) },
    { name: 'last of first tenth', unit: '%', value: (100 * last) / first },
  ];
}

/** Commands to the fund itself, of which the first finds nothing in memory. */
async function commanded({ url, people, fundId }: Site): Promise<readonly Figure[]> {
  const api = new Api(url, () => Promise.resolve(people.accountant.secret));
  const took: number[] = [];
  for (let nth = 0; nth < commands; nth += 1) {
    const name = { vi: `Mục đích ${String(nth)}`, en: `Purpose ${String(nth)}` };
    const began = performance.now();
    await api.post(`/v1/funds/${fundId}/purposes`, { code: `BENCH${String(nth)}`, name });
    took.push(performance.now() - began);
  }
  return [
    { name: 'first command', unit: 'ms', value: took[0] ?? NaN },
    { name: 'command after it', unit: 'ms', value: took.at(-1) ?? NaN },
  ];
}
