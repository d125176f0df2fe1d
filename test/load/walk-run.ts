import type { Donating } from './donating.js';
import { walkInvariants } from './invariants.js';
import type { Loaded } from './loads.js';
import type { Taken } from './measure.js';
import { ProcessWatch } from './processes.js';
import type { Figure } from './statistics.js';
import type { Office, Standing } from './standing.js';
import { Walk } from './walk.js';

/** How a walk is driven. */
export interface Drive {
  readonly warmUpMs: number;
  readonly forMs: number;
  /** People record donations for so long. */
  load(donating: Donating, forMs: number): Promise<Loaded>;
}

/** Lets people record donations after a warm-up, waits until all have their numbers, and looks. */
export async function walked(standing: Standing, donating: Donating, drive: Drive): Promise<Taken> {
  await donating.prepare();
  await drive.load(donating, drive.warmUpMs);
  const walk = new Walk(standing.database);
  const from = await walk.end();
  const watch = new ProcessWatch(standing.processes);
  const { seconds, latencies } = await drive.load(donating, drive.forMs);
  const used = watch.end();
  const to = await walk.end();
  const ended = performance.now();
  const tallies = await walk.ended();
  const numbered = await walk.between('ReceiptIssued', from, to);
  return {
    figures: [
      { name: 'recorded', unit: '/s', value: latencies.count / seconds },
      ...latencies.figures(),
      { name: 'numbered meanwhile', unit: '/s', value: numbered / seconds },
      ...(await walk.lags(from, to)).figures('lag'),
      ...perDonation(used, numbered / seconds),
      { name: 'last number after', unit: 's', value: (performance.now() - ended) / 1_000 },
      ...used,
    ],
    invariants: await invariantsOf(standing.office, donating, tallies),
  };
}

/** What a donation costs from being asked for to its number and its rows: what an otherwise busy machine changes least. */
function perDonation(used: readonly Figure[], numberedPerSecond: number): readonly Figure[] {
  return used
    .filter(({ name }) => name === 'cpu services' || name === 'cpu postgresql')
    .map(({ name, value }) => ({
      name: `${name} a donation`,
      unit: 'ms',
      value: (10 * value) / numberedPerSecond,
    }));
}

function invariantsOf(
  office: Office,
  { acknowledged, sum }: Donating,
  tallies: Awaited<ReturnType<Walk['ended']>>,
): Promise<Taken['invariants']> {
  return walkInvariants(office, { count: acknowledged, sum }, tallies);
}
