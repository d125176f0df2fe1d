import type { DataSource } from 'typeorm';
import { dateInZone, type LocalDate } from '#kernel/dates.js';
import { recordedBeforeOf } from '#platform/as-recorded.js';
import {
  countingBefore,
  countingEver,
  countingThrough,
  recordedBefore,
  recordedEver,
  type PeriodRange,
} from './periods.js';

/** Which sums of a fund are asked for. */
export interface BalanceQuestion {
  readonly fundId: string;
  /** Only what counts up to this date; all when absent. */
  readonly asOf?: LocalDate;
  /** First day of the turnover; what counts before it is told apart as opening. All is turnover when absent. */
  readonly from?: LocalDate;
  /** Only what was recorded up to this instant, its whole millisecond included; all when absent. */
  readonly recordedAt?: string;
}

/** What was posted to an account for a purpose, in minor units; debits and credits are both positive. */
export interface AccountSums {
  readonly account: string;
  readonly purpose: string;
  readonly currency: string;
  /** Before the first day asked for. */
  readonly openingDebit: bigint;
  readonly openingCredit: bigint;
  /** Up to the last day asked for, the opening included. */
  readonly debit: bigint;
  readonly credit: bigint;
}

/** Sums and the one position that they stand at. */
export interface BalanceAnswer {
  /** `incarnation.number`: of the fund's last entry up to `recordedAt`, or where the sums stand now; null before the first. */
  readonly position: string | null;
  readonly sums: readonly AccountSums[];
}

// One statement is one snapshot: position and sums cannot differ. Of the day of `recordedAt` the lines themselves are read.
const statement = `
WITH cut AS (
  SELECT CASE WHEN $9::timestamptz IS NULL
    THEN (SELECT incarnation || '.' || number FROM ledger.read_model WHERE name = 'ledger.balances' AND slot = 'live')
    ELSE (SELECT incarnation || '.' || number FROM ledger.entries WHERE fund_id = $1 AND recorded_at < $9
          ORDER BY recorded_at DESC, incarnation DESC, number DESC LIMIT 1) END AS position),
recorded AS (SELECT * FROM unnest($2::text[], $3::date[], $4::date[]) AS r(grain, first, before)),
counted AS (SELECT * FROM unnest($5::text[], $6::date[], $7::date[], $8::boolean[]) AS e(grain, first, before, opening)),
lines AS (
  SELECT b.account, b.purpose, b.currency, e.opening, b.debit, b.credit
  FROM recorded r CROSS JOIN counted e JOIN ledger.balances b
    ON b.fund_id = $1 AND b.recorded_grain = r.grain AND b.effective_grain = e.grain
   AND b.recorded_from >= r.first AND b.recorded_from < r.before
   AND b.effective_from >= e.first AND b.effective_from < e.before
  UNION ALL
  SELECT p.account, p.purpose, p.currency, e.opening, greatest(p.amount, 0), greatest(-p.amount, 0)
  FROM ledger.postings p JOIN (SELECT opening, max(before) AS before FROM counted GROUP BY opening) e
    ON p.effective_on < e.before
  WHERE p.fund_id = $1 AND p.recorded_at >= $10 AND p.recorded_at < $9),
sums AS (
  SELECT account, purpose, currency,
    sum(debit) FILTER (WHERE opening) AS opening_debit, sum(credit) FILTER (WHERE opening) AS opening_credit,
    sum(debit) FILTER (WHERE NOT opening) AS debit, sum(credit) FILTER (WHERE NOT opening) AS credit
  FROM lines GROUP BY account, purpose, currency)
SELECT cut.position, s.account, s.purpose, s.currency,
  coalesce(s.opening_debit, 0)::text AS opening_debit, coalesce(s.opening_credit, 0)::text AS opening_credit,
  coalesce(s.debit, 0)::text AS debit, coalesce(s.credit, 0)::text AS credit
FROM cut LEFT JOIN sums s ON true
ORDER BY s.account, s.purpose, s.currency`;

interface SumsRecord {
  readonly position: string | null;
  readonly account: string | null;
  readonly purpose: string;
  readonly currency: string;
  readonly opening_debit: string;
  readonly opening_credit: string;
  readonly debit: string;
  readonly credit: string;
}

/** Sums of a fund's accounts by purpose and currency, as of a date and as recorded at an instant, in order of account. */
export async function sumsOf(
  database: Pick<DataSource, 'query'>,
  question: BalanceQuestion,
): Promise<BalanceAnswer> {
  const { fundId, recordedAt } = question;
  const counted = countedIn(question);
  const records: readonly SumsRecord[] = await database.query(statement, [
    fundId,
    ...columnsOf(recordedAt === undefined ? recordedEver : recordedBefore(dateInZone(recordedAt, 'UTC'))),
    ...columnsOf(counted),
    counted.map(({ opening }) => opening),
    ...partOfDay(recordedAt),
  ]);
  return {
    position: records[0]?.position ?? null,
    sums: records.flatMap((record) => (record.account === null ? [] : [sumsFrom(record, record.account)])),
  };
}

function countedIn({
  asOf,
  from,
}: BalanceQuestion): readonly (PeriodRange & { readonly opening: boolean })[] {
  const all = asOf === undefined ? countingEver : countingThrough(asOf);
  const before = from === undefined ? [] : countingBefore(from);
  return [
    ...all.map((range) => ({ ...range, opening: false })),
    ...before.map((range) => ({ ...range, opening: true })),
  ];
}

/** The end, exclusive, and the beginning of what is read line by line. */
function partOfDay(recordedAt: string | undefined): readonly [string | null, string | null] {
  if (recordedAt === undefined) return [null, null];
  return [recordedBeforeOf(recordedAt), `${dateInZone(recordedAt, 'UTC')}T00:00:00Z`];
}

function columnsOf(ranges: readonly PeriodRange[]): readonly (readonly string[])[] {
  return [
    ranges.map(({ grain }) => grain),
    ranges.map(({ from }) => from),
    ranges.map(({ before }) => before),
  ];
}

function sumsFrom(record: SumsRecord, account: string): AccountSums {
  return {
    account,
    purpose: record.purpose,
    currency: record.currency,
    openingDebit: BigInt(record.opening_debit),
    openingCredit: BigInt(record.opening_credit),
    debit: BigInt(record.debit),
    credit: BigInt(record.credit),
  };
}
