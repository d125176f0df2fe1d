import { StatementWalk, type Recordable } from '#apps/donations/src/statement/statement-walk.js';
import type { BookedRow } from '#apps/donations/src/statement/statement-rows.js';
import type { ControlTotals } from '#domain/statement/control-totals.policy.js';
import { uuidV5 } from '#event-store/command-id.js';
import { localDate } from '#kernel/dates.js';

/** The account whose statements are imported; nobody gives by it otherwise. */
export const statementAccount = 'bank.statement';

/** What moved on the account, in the bank's order, and what its balance says beyond that. */
const movements = [
  { moved: 40 },
  { moved: -15 },
  { moved: 25, beyond: 5 },
  { moved: 10 },
  { moved: -30 },
  { moved: 60 },
  { moved: 0, beyond: -2 },
  { moved: 35 },
  { moved: -5 },
  { moved: 20 },
] as const satisfies readonly { readonly moved: number; readonly beyond?: number }[];

const opening = 1_000;

const rows: readonly BookedRow[] = movements.map((movement, index) => {
  const balance = movements.slice(0, index + 1).reduce((sum, one) => sum + changeOf(one), opening);
  const { moved } = movement;
  return {
    ...{ line: index + 2, date: localDate(index < 5 ? '2024-12-30' : '2024-12-31') },
    ...{ debit: BigInt(moved < 0 ? -moved : 0), credit: BigInt(moved > 0 ? moved : 0) },
    ...{ balance: BigInt(balance), reference: String(index), details: '', counterparty: '' },
  };
});

function changeOf(movement: { readonly moved: number; readonly beyond?: number }): number {
  return movement.moved + (movement.beyond ?? 0);
}

/** A file of the account's statement: what its rows become, and what they add up to. */
export interface ScheduledFile {
  readonly rows: readonly Recordable[];
  readonly totals: ControlTotals;
}

/** The file with `count` rows from the one at `from` on, fewer at the end; the same row is the same in every file. */
export function fileOf(fundId: string, from: number, count: number): ScheduledFile {
  const walk = new StatementWalk('VND', ({ reference }) => ({
    rowId: uuidV5(fundId, `row ${reference}`),
    unexplainedId: uuidV5(fundId, `beyond row ${reference}`),
  }));
  const recordable = rows.slice(from, from + count).flatMap((row) => walk.next(row));
  return { rows: recordable, totals: walk.totals() };
}
