import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { EventStore } from '#event-store/event-store.js';
import { formatPosition } from '#kernel/position.js';
import { recordedBeforeOf, takenIn } from '#platform/as-recorded.js';
import type { Clock } from '#platform/clock.js';
import { CLOCK, EVENT_STORE, READ_DATABASE, READ_MODELS } from '#platform/tokens.js';
import type { ReadModels } from '#read-models/read-models.js';

/** Which part of a fund's register is asked for. */
export interface RegisterQuestion {
  readonly fundId: string;
  /** IANA name of the zone that days of issue are counted in. */
  readonly zone: string;
  /** First and last day of issue; from the beginning and to the end when absent. */
  readonly from?: string;
  readonly to?: string;
  readonly recordedAt?: string;
  /** Place in the book of the line after which to go on. */
  readonly after?: number;
  readonly limit: number;
}

/** A number of the book, as it was at the instant asked about. */
export interface RegisterLine {
  readonly number: string;
  readonly bookRevision: number;
  readonly issuedOn: string;
  readonly issuedAt: string;
  readonly donationId: string;
  readonly entryId: string;
  /** `named`, `anonymous` or `unidentified`. */
  readonly payer: string;
  readonly method: string;
  /** Null in kind. */
  readonly amount: { readonly amount: string; readonly currency: string } | null;
  readonly purpose: string;
  readonly voided: { readonly cause: string; readonly at: string } | null;
  readonly replaces: string | null;
  readonly replacedBy: string | null;
}

/** Lines in the order of the book, one more than the limit where there are more, and the position that they stand at. */
export interface RegisterAnswer {
  readonly position: string | null;
  readonly lines: readonly RegisterLine[];
}

const lines = `
SELECT r.number, r.book_revision, r.issued_at, (r.issued_at AT TIME ZONE $2)::date::text AS issued_on, r.donation_id,
  r.entry_id, r.payer, r.method, r.amount::text AS amount, r.currency, r.purpose, d.numbers, d.void_causes, d.voided_at
FROM receipts.register r
JOIN receipts.donation_receipts d ON d.donation_id = r.donation_id AND r.number = ANY(d.numbers)
WHERE r.fund_id = $1 AND ($3::date IS NULL OR (r.issued_at AT TIME ZONE $2)::date >= $3)
  AND ($4::date IS NULL OR (r.issued_at AT TIME ZONE $2)::date <= $4)
  AND ($5::timestamptz IS NULL OR r.issued_at < $5) AND ($6::integer IS NULL OR r.book_revision > $6)
ORDER BY r.book_revision LIMIT $7`;

const lastPosition = `
SELECT incarnation || '.' || number AS position FROM (
  SELECT incarnation, position_number AS number FROM receipts.register WHERE fund_id = $1 AND issued_at < $2
  UNION ALL
  SELECT split_part(v.position, '.', 1)::integer, split_part(v.position, '.', 2)::bigint
  FROM receipts.donation_receipts d CROSS JOIN LATERAL unnest(d.voided_at, d.voided_positions) AS v(at, position)
  WHERE d.fund_id = $1 AND v.at::timestamptz < $2) seen
ORDER BY incarnation DESC, number DESC LIMIT 1`;

interface LineRecord {
  readonly number: string;
  readonly book_revision: number;
  readonly issued_at: Date;
  readonly issued_on: string;
  readonly donation_id: string;
  readonly entry_id: string;
  readonly payer: string;
  readonly method: string;
  readonly amount: string | null;
  readonly currency: string | null;
  readonly purpose: string;
  readonly numbers: readonly string[];
  readonly void_causes: readonly string[];
  readonly voided_at: readonly string[];
}

/** The register of a fund's receipts in the order of their numbers, in two times. */
@Injectable()
export class ReceiptRegisterQuery {
  constructor(
    @Inject(READ_DATABASE) private readonly database: DataSource,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Every number given in the period, void or not, as it was recorded. Throws `http/busy` where the tables lag too far behind. */
  async answer(question: RegisterQuestion): Promise<RegisterAnswer> {
    const { readModels, store, clock } = this;
    await takenIn({ readModels, store, clock }, 'receipts', question.recordedAt);
    const { fundId, zone, from, to, after, limit } = question;
    const end = recordedBeforeOf(question.recordedAt);
    const parameters = [fundId, zone, from, to, end, after, limit + 1].map((one) => one ?? null);
    return this.database.transaction('REPEATABLE READ', async (snapshot) => {
      const records = await snapshot.query<readonly LineRecord[]>(lines, parameters);
      const seen =
        end === null
          ? undefined
          : await snapshot.query<readonly { position: string }[]>(lastPosition, [fundId, end]);
      return {
        position: seen ? (seen[0]?.position ?? null) : this.position(),
        lines: records.map((record) => lineOf(record, end)),
      };
    });
  }

  private position(): string | null {
    const position = this.readModels.position('receipts');
    return position ? formatPosition(position) : null;
  }
}

function lineOf(record: LineRecord, end: string | null): RegisterLine {
  const { number, amount, currency, numbers } = record;
  const at = numbers.indexOf(number);
  const voided = voidingOf(record, at, end);
  return {
    number,
    bookRevision: record.book_revision,
    issuedOn: record.issued_on,
    issuedAt: record.issued_at.toISOString(),
    donationId: record.donation_id,
    entryId: record.entry_id,
    payer: record.payer,
    method: record.method,
    amount: amount === null || currency === null ? null : { amount, currency },
    purpose: record.purpose,
    voided,
    replaces: numbers[at - 1] ?? null,
    // Its voiding and what replaces it are recorded together.
    replacedBy: (voided && numbers[at + 1]) ?? null,
  };
}

function voidingOf(
  { void_causes: causes, voided_at: times }: LineRecord,
  at: number,
  end: string | null,
): RegisterLine['voided'] {
  const [cause, time] = [causes[at], times[at]];
  if (cause === undefined || time === undefined) return null;
  return end === null || Date.parse(time) < Date.parse(end) ? { cause, at: time } : null;
}
