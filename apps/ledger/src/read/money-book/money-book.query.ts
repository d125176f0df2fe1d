import type { DataSource } from 'typeorm';
import type { LocalDate } from '#kernel/dates.js';
import { recordedBeforeOf } from '#platform/as-recorded.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { sumsOf, type AccountSums, type BalanceQuestion } from '../balances/balances.query.js';

/** Which part of an account's book is asked for. */
export interface MoneyBookQuestion {
  readonly fundId: string;
  /** `cash` or `bank.<account>`. */
  readonly account: string;
  readonly currency: string;
  /** First and last accounting date; from the beginning and to the end when absent. */
  readonly from?: LocalDate;
  readonly to?: LocalDate;
  readonly recordedAt?: string;
  /** The line after which to go on. */
  readonly after?: MoneyBookPlace;
  readonly limit: number;
}

/** Where a line stands in the book. */
export interface MoneyBookPlace {
  readonly effectiveOn: string;
  readonly entryNumber: number;
}

/** An entry that moved the account; an amount below zero went out. */
export interface MoneyBookLine {
  readonly entryId: string;
  readonly entryNumber: number;
  readonly kind: string;
  readonly effectiveOn: string;
  readonly receivedOn: string | null;
  readonly donationId: string | null;
  /**
   * Of the receipt that was first given for it, as far as receipts have told when it is asked, even with `recordedAt`: null
   * may become a number later; a number stays.
   */
  readonly receiptNumber: string | null;
  readonly moved: bigint;
  /** What is there after it. */
  readonly balance: bigint;
}

/** An account's book: opening + received − paid = closing, in minor units. */
export interface MoneyBook {
  readonly position: string | null;
  readonly opening: bigint;
  readonly received: bigint;
  readonly paid: bigint;
  readonly closing: bigint;
  /** In order of accounting date and entry number; one more than the limit tells of more. */
  readonly lines: readonly MoneyBookLine[];
}

// An entry that moves money from purpose to purpose leaves the account as it is: it has no line in this book.
const statement = `
WITH moves AS (
  SELECT e.entry_id, e.entry_number, e.kind, e.effective_on, e.received_on, e.donation_id,
    sum((line->'amount'->>'amount')::numeric) AS moved
  FROM ledger.entries e CROSS JOIN LATERAL jsonb_array_elements(e.lines::jsonb->'postings') line
  WHERE e.fund_id = $1 AND e.accounts @> ARRAY[$2::text]
    AND line->>'account' = $2 AND line->'amount'->>'currency' = $3
    AND ($4::date IS NULL OR e.effective_on >= $4) AND ($5::date IS NULL OR e.effective_on <= $5)
    AND ($6::timestamptz IS NULL OR e.recorded_at < $6)
  GROUP BY e.entry_id HAVING sum((line->'amount'->>'amount')::numeric) <> 0),
book AS (
  SELECT *, sum(moved) OVER (ORDER BY effective_on, entry_number) AS balance FROM moves),
totals AS (
  SELECT coalesce(sum(moved) FILTER (WHERE moved > 0), 0)::text AS received,
    coalesce(-sum(moved) FILTER (WHERE moved < 0), 0)::text AS paid FROM moves)
SELECT totals.received, totals.paid, b.entry_id, b.entry_number, b.kind, b.effective_on::text AS effective_on,
  b.received_on::text AS received_on, b.donation_id, r.number AS receipt_number, b.moved::text AS moved,
  b.balance::text AS balance
FROM totals LEFT JOIN LATERAL (
  SELECT * FROM book WHERE $7::date IS NULL OR (effective_on, entry_number) > ($7::date, $8::integer)
  ORDER BY effective_on, entry_number LIMIT $9) b ON true
LEFT JOIN ledger.receipt_numbers r ON r.entry_id = b.entry_id AND ($6::timestamptz IS NULL OR r.issued_at < $6)
ORDER BY b.effective_on, b.entry_number`;

interface LineRecord {
  readonly received: string;
  readonly paid: string;
  readonly entry_id: string | null;
  readonly entry_number: number;
  readonly kind: string;
  readonly effective_on: string;
  readonly received_on: string | null;
  readonly donation_id: string | null;
  readonly receipt_number: string | null;
  readonly moved: string;
  readonly balance: string;
}

/**
 * The book of an account of money in a period: its balance before, every entry that moved it, and its balance after, which
 * is what the balances say. Throws `http/busy` in the moment in which one of the tables is being replaced.
 */
export async function moneyBookOf(database: DataSource, question: MoneyBookQuestion): Promise<MoneyBook> {
  const { account, currency } = question;
  const { answer, records } = await database.transaction('REPEATABLE READ', async (snapshot) => ({
    answer: await sumsOf(snapshot, balanceQuestion(question)),
    records: await snapshot.query<readonly LineRecord[]>(statement, parametersOf(question)),
  }));
  const sums = answer.sums.filter((sum) => sum.account === account && sum.currency === currency);
  const opening = total(sums, (sum) => sum.openingDebit - sum.openingCredit);
  const closing = total(sums, (sum) => sum.debit - sum.credit);
  const received = BigInt(records[0]?.received ?? 0);
  const paid = BigInt(records[0]?.paid ?? 0);
  if (opening + received - paid !== closing)
    throw new RequestFault('http/busy', { headers: { 'Retry-After': '5' } });
  const lines = records.flatMap((record) =>
    record.entry_id === null ? [] : [lineOf(record, record.entry_id, opening)],
  );
  return { position: answer.position, opening, received, paid, closing, lines };
}

function parametersOf(question: MoneyBookQuestion): unknown[] {
  const { fundId, account, currency, from, to, recordedAt, after, limit } = question;
  const period = [from, to, recordedBeforeOf(recordedAt)];
  const parameters = [
    fundId,
    account,
    currency,
    ...period,
    after?.effectiveOn,
    after?.entryNumber,
    limit + 1,
  ];
  return parameters.map((parameter) => parameter ?? null);
}

function balanceQuestion({ fundId, from, to, recordedAt }: MoneyBookQuestion): BalanceQuestion {
  return {
    fundId,
    ...(to === undefined ? {} : { asOf: to }),
    ...(from === undefined ? {} : { from }),
    ...(recordedAt === undefined ? {} : { recordedAt }),
  };
}

function total(sums: readonly AccountSums[], of: (sum: AccountSums) => bigint): bigint {
  return sums.reduce((sum, one) => sum + of(one), 0n);
}

function lineOf(record: LineRecord, entryId: string, opening: bigint): MoneyBookLine {
  return {
    entryId,
    entryNumber: record.entry_number,
    kind: record.kind,
    effectiveOn: record.effective_on,
    receivedOn: record.received_on,
    donationId: record.donation_id,
    receiptNumber: record.receipt_number,
    moved: BigInt(record.moved),
    balance: opening + BigInt(record.balance),
  };
}
