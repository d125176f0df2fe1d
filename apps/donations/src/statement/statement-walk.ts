import {
  assertBookingOrder,
  controlTotals,
  countRow,
  noRows,
  type ControlTotals,
  type RunningTotals,
} from '#domain/statement/control-totals.policy.js';
import type { Currency } from '#kernel/money.js';
import type { RowIdentity } from './row-identity.js';
import type { BookedRow } from './statement-rows.js';

/** What a row is recorded as, under an id that is the same whatever file it comes in. */
export interface Recordable {
  readonly id: string;
  /** The id that it may have been recorded under by an earlier release; undefined where there was no other. */
  readonly formerId?: string;
  readonly kind: 'donation' | 'debit' | 'unexplained';
  /** What it did to the account, in minor units. */
  readonly amount: bigint;
  readonly row: BookedRow;
  /** Of what a balance says beyond the movement of the same row: what the bank wrote is sealed with that, once. */
  readonly besideMovement?: true;
}

/** Goes over the rows of a statement once, in booking order: counts them and says what each is to be recorded as. */
export class StatementWalk {
  #totals: RunningTotals;

  constructor(
    currency: Currency,
    private readonly identityOf: (row: BookedRow) => RowIdentity,
  ) {
    this.#totals = noRows(currency);
  }

  /** What the next row is recorded as: its movement, and what its balance says beyond it. Refuses more breaks than may be. */
  next(row: BookedRow): readonly Recordable[] {
    const identity = this.identityOf(row);
    const breaks = this.#totals.breaks.length;
    this.#totals = countRow(this.#totals, row);
    const movement = row.credit - row.debit;
    const kind = movement > 0n ? ('donation' as const) : ('debit' as const);
    const { former } = identity;
    const formerRow = former && { formerId: former.rowId };
    const moved = movement === 0n ? [] : [{ id: identity.rowId, ...formerRow, kind, amount: movement, row }];
    const broken = this.#totals.breaks.at(breaks);
    if (!broken) return moved;
    const amount = BigInt(broken.difference.amount);
    const formerBreak = former && { formerId: former.unexplainedId };
    const beside = moved.length > 0 && { besideMovement: true as const };
    const unexplained = {
      id: identity.unexplainedId,
      ...formerBreak,
      kind: 'unexplained' as const,
      amount,
      row,
    };
    return [...moved, { ...unexplained, ...beside }];
  }

  /** What the rows so far add up to; refuses rows in the other order, and throws `InvariantViolation` where there was none. */
  totals(): ControlTotals {
    assertBookingOrder(this.#totals);
    return controlTotals(this.#totals);
  }
}

/** What some hundreds of rows are recorded as, at a time. */
export async function* inBatches(
  walk: StatementWalk,
  rows: AsyncIterable<BookedRow>,
  size = 500,
): AsyncGenerator<readonly Recordable[]> {
  let batch: Recordable[] = [];
  for await (const row of rows) {
    batch.push(...walk.next(row));
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
