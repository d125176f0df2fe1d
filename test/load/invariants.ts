import { balancesOf } from '#apps/standalone/src/demo/figures.js';
import { Api } from '#apps/standalone/src/demo/api.js';
import { eventually } from '#testing/eventually.js';
import type { Invariant } from '../faults/invariants.js';
import type { Office } from './standing.js';
import type { Tallies, Tally } from './walk.js';

/** How long the read models may take to show what stands in the log, in milliseconds. */
const shownWithinMs = 120_000;

/**
 * What must hold once the walk has ended: everything that was acknowledged is recorded, posted and numbered, nothing else
 * is, and all of them say the same sum, as the balances of the fund do.
 */
export async function walkInvariants(
  office: Office,
  acknowledged: Tally,
  { DonationRecorded, DonationPosted, ReceiptIssued }: Tallies,
): Promise<readonly Invariant[]> {
  return [
    equal('acknowledged = donations', acknowledged, DonationRecorded),
    equal('donations = entries', DonationRecorded, DonationPosted),
    equal('entries = receipts', DonationPosted, ReceiptIssued),
    await shown(office, acknowledged),
  ];
}

function equal(rule: string, one: Tally, other: Tally): Invariant {
  const isEqual = one.count === other.count && one.sum === other.sum;
  const [left, right] = [one, other].map(({ count, sum }) => `${String(count)} with ${String(sum)} VND`);
  return {
    rule: `${rule}, to the đồng`,
    count: one.count,
    broken: isEqual ? [] : [`${String(left)}, but ${String(right)}`],
  };
}

async function shown({ url, people, fundId }: Office, { count, sum }: Tally): Promise<Invariant> {
  const api = new Api(url, () => Promise.resolve(people.accountant.secret));
  const look = async (): Promise<void> => {
    const balances = await balancesOf(api, fundId);
    const received = balances.reduce((total, one) => total + BigInt(one.received.amount), 0n);
    if (received !== sum) throw new Error(`${String(received)} VND received, ${String(sum)} acknowledged`);
  };
  const broken = await eventually(look, { withinMs: shownWithinMs, everyMs: 250 }).then(
    () => [],
    (error: unknown) => [String(error)],
  );
  return { rule: 'acknowledged = received by the balances, to the đồng', count, broken };
}
