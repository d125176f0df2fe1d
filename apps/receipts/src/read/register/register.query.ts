import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { unaccentedWords } from '#kernel/words.js';
import { READ_DATABASE } from '#platform/tokens.js';
import { rowOf, selectList } from '#read-models/stored-table.js';
import { donationReceipts } from '../donation-receipts/donation-receipts.projection.js';
import { register, type RegisterRow } from './register.projection.js';

/** The tables that a receipt is found in by its number. */
export const registerTables = [register.name, donationReceipts.name] as const;

/** A receipt with what the row of its donation knows of it. */
export interface RegisteredReceipt {
  readonly row: RegisterRow;
  readonly inForce: boolean;
  readonly voidCause: string | null;
  /** RFC 3339, UTC. */
  readonly voidedAt: string | null;
  /** The donation's receipt before this one, and after it. */
  readonly replaces: string | null;
  readonly replacedBy: string | null;
  /** `voiding` of the last voided receipt of the book that these tables had seen; 0 for none. */
  readonly voidingsSeen: number;
}

/** Which receipts are asked for; every filter that is given holds. */
export interface ReceiptFilter {
  readonly funds: readonly string[] | 'all';
  readonly year?: string | undefined;
  readonly status?: string | undefined;
  readonly mail?: string | undefined;
  readonly donation?: string | undefined;
  /** How the number begins, such as `LS-2025B`. */
  readonly number?: string | undefined;
  /** Words that all stand in public names on it, without accents and case. */
  readonly words?: string | undefined;
  /** Records of the vault, in one of which its payer's name stands. */
  readonly payerRecordIds?: readonly string[] | undefined;
}

/**
 * Where a receipt stands in lists: by when it was issued, and within one instant by its place in the book. Its number
 * cannot say that, since as a text `LS-2025-1000000` stands before `LS-2025-999999`; it parts books alone.
 */
export interface RegisterPlace {
  /** RFC 3339, UTC. */
  readonly issuedAt: string;
  readonly bookRevision: string;
  readonly number: string;
}

/** The register of receipts, as far as its tables stand. */
@Injectable()
export class RegisterQuery {
  constructor(@Inject(READ_DATABASE) private readonly database: DataSource) {}

  /** Receipts from the newest down, below `after` where it is given; one more than `limit` tells of a next page. */
  async page(
    filter: ReceiptFilter,
    after: RegisterPlace | undefined,
    limit: number,
  ): Promise<readonly RegisteredReceipt[]> {
    const { condition, parameters } = conditionOf(filter, after);
    return this.receiptsWhere(condition, parameters, limit + 1);
  }

  /** One receipt, or undefined. */
  async find(number: string): Promise<RegisteredReceipt | undefined> {
    return (await this.receiptsWhere('g.number = $1', [number], 1))[0];
  }

  /** Those of the numbers whose payer is known, has a contact that a mail may go to, and whose PDF does not exist yet. */
  async unrendered(numbers: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(
      await this.numbersWhere(
        `number = ANY($1) AND payer = 'named' AND pdf <> 'rendered' AND unhurried_since IS NULL`,
        [numbers],
      ),
    );
  }

  /** Receipts of known payers that are to be drawn although no mail waits for it, those issued first before the others. */
  async unhurried(limit: number): Promise<readonly string[]> {
    const order = `ORDER BY unhurried_since, book_revision LIMIT ${String(limit)}`;
    return this.numbersWhere(`unhurried_since IS NOT NULL ${order}`, []);
  }

  private async numbersWhere(condition: string, parameters: readonly unknown[]): Promise<readonly string[]> {
    const rows: readonly { readonly number: string }[] = await this.database.query(
      `SELECT number FROM receipts.register WHERE ${condition}`,
      [...parameters],
    );
    return rows.map(({ number }) => number);
  }

  private async receiptsWhere(
    condition: string,
    parameters: readonly unknown[],
    limit: number,
  ): Promise<readonly RegisteredReceipt[]> {
    const records: readonly (Readonly<Record<string, unknown>> & Chain)[] = await this.database.query(
      `SELECT r.*, d.numbers, d.void_causes, d.voided_at,
         (SELECT coalesce(max(v.voiding), 0) FROM receipts.donation_receipts v WHERE v.fund_id = r.fund_id::uuid) AS voidings_seen
       FROM (SELECT ${selectList(register)} FROM receipts.register g
             WHERE ${condition} ORDER BY g.issued_at DESC, g.book_revision DESC, g.number DESC LIMIT ${String(limit)}) r
       JOIN receipts.donation_receipts d ON d.donation_id = r.donation_id::uuid AND r.number = ANY(d.numbers)
       ORDER BY r.issued_at DESC, r.book_revision DESC, r.number DESC`,
      [...parameters],
    );
    return records.map(registered);
  }
}

// While one of the two tables is being swapped for a rebuilt one, it may be ahead of the other: what only one of them
// knows yet is left out before the page is cut, or the page would come up short.
const isChained =
  'EXISTS (SELECT FROM receipts.donation_receipts d WHERE d.donation_id = g.donation_id AND g.number = ANY(d.numbers))';
const inForce =
  'EXISTS (SELECT FROM receipts.donation_receipts d WHERE d.donation_id = g.donation_id AND d.in_force = g.number)';

function conditionOf(
  filter: ReceiptFilter,
  after: RegisterPlace | undefined,
): { readonly condition: string; readonly parameters: readonly unknown[] } {
  const parameters: unknown[] = [];
  const bound = (value: unknown): string => `$${String(parameters.push(value))}`;
  const conditions = [isChained];
  const also = (value: unknown, condition: (at: string) => string): void => {
    if (value !== undefined) conditions.push(condition(bound(value)));
  };
  also(filter.funds === 'all' ? undefined : filter.funds, (at) => `g.fund_id = ANY(${at}::uuid[])`);
  also(filter.year, (at) => `g.year = ${at}`);
  also(filter.status && filter.status === 'in-force', (at) => `${inForce} = ${at}`);
  also(filter.mail, (at) => `g.mail = ${at}`);
  also(filter.donation, (at) => `g.donation_id = ${at}::uuid`);
  also(filter.number && `${escaped(filter.number)}%`, (at) => `g.number LIKE ${at}`);
  also(filter.payerRecordIds, (at) => `g.payer_record_id = ANY(${at}::uuid[])`);
  also(filter.words && unaccentedWords(filter.words), (at) => `g.words @> ${at}::text[]`);
  if (after)
    conditions.push(
      `(g.issued_at, g.book_revision, g.number) < (${bound(after.issuedAt)}::timestamptz, ${bound(after.bookRevision)}::integer, ${bound(after.number)})`,
    );
  return { condition: conditions.join(' AND '), parameters };
}

function registered(record: Readonly<Record<string, unknown>> & Chain): RegisteredReceipt {
  const { numbers, void_causes: causes, voided_at: times, voidings_seen: seen, ...columns } = record;
  const row = rowOf(register, columns) as RegisterRow;
  const at = numbers.indexOf(row.number);
  return {
    row,
    // The one without a cause is the last, and in force.
    inForce: causes[at] === undefined,
    voidCause: causes[at] ?? null,
    voidedAt: times[at] ?? null,
    replaces: numbers[at - 1] ?? null,
    replacedBy: numbers[at + 1] ?? null,
    voidingsSeen: seen,
  };
}

/** The columns of the donation's row. */
interface Chain {
  readonly numbers: readonly string[];
  readonly void_causes: readonly string[];
  readonly voided_at: readonly string[];
  readonly voidings_seen: number;
}

/** `_` and `%` stand for themselves. */
function escaped(prefix: string): string {
  return prefix.replace(/[\\%_]/g, '\\$&');
}
