import { StatementWalk, type Recordable } from '#apps/donations/src/statement/statement-walk.js';
import type { BookedRow } from '#apps/donations/src/statement/statement-rows.js';
import type { ControlTotals } from '#domain/statement/control-totals.policy.js';
import { uuidV5 } from '#event-store/command-id.js';
import { localDate } from '#kernel/dates.js';

/** The first account whose statements are imported; nobody gives by these otherwise. */
export const statementAccount = 'bank.statement';

/** The fund's other account: what the first pays there and gets from there are own transfers, should somebody say so. */
export const otherAccount = 'bank.other';

interface Movement {
  readonly moved: number;
  readonly beyond?: number;
}

/** What moved on the account, in the bank's order, and what its balance says beyond that. */
const movements: readonly Movement[] = [
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
];

/** The same of the other account. */
const otherMovements: readonly Movement[] = [
  { moved: 15 },
  // May be taken for the same money as the row before.
  { moved: 0, beyond: 15 },
  { moved: 30 },
  { moved: -60 },
  { moved: 5 },
  { moved: 7 },
  { moved: -20 },
];

const opening = 1_000;

const rowsOf: Readonly<Record<string, readonly BookedRow[]>> = {
  [statementAccount]: booked(movements),
  [otherAccount]: booked(otherMovements),
};

function booked(all: readonly Movement[]): readonly BookedRow[] {
  return all.map(({ moved }, index) => {
    const balance = all.slice(0, index + 1).reduce((sum, one) => sum + changeOf(one), opening);
    return {
      ...{ line: index + 2, date: localDate(index < 5 ? '2024-12-30' : '2024-12-31') },
      ...{ debit: BigInt(moved < 0 ? -moved : 0), credit: BigInt(moved > 0 ? moved : 0) },
      ...{ balance: BigInt(balance), reference: String(index), details: '', counterparty: '' },
    };
  });
}

function changeOf({ moved, beyond = 0 }: Movement): number {
  return moved + beyond;
}

/** A file of the account's statement: what its rows become, and what they add up to. */
export interface ScheduledFile {
  readonly rows: readonly Recordable[];
  readonly totals: ControlTotals;
}

/** The file with `count` rows from the one at `from` on, fewer at the end; the same row is the same in every file. */
export function fileOf(fundId: string, account: string, from: number, count: number): ScheduledFile {
  const walk = new StatementWalk('VND', ({ reference }) => ({
    rowId: uuidV5(fundId, `row ${reference} of ${account}`),
    unexplainedId: uuidV5(fundId, `beyond row ${reference} of ${account}`),
  }));
  const rows = rowsOf[account] ?? [];
  // At least one: no statement is empty.
  const first = Math.min(from, rows.length - 1);
  const recordable = rows.slice(first, first + count).flatMap((row) => walk.next(row));
  return { rows: recordable, totals: walk.totals() };
}
