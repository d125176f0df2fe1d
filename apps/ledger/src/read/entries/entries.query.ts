import type { DataSource } from 'typeorm';
import { unaccentedWords } from '#kernel/words.js';
import { rowOf, selectList } from '#read-models/stored-table.js';
import { entries, type EntryRow } from './entries.projection.js';

/** Which entries of a fund are asked for; every filter that is given holds. */
export interface EntryFilter {
  readonly fundId: string;
  /** First and last accounting date. */
  readonly from?: string;
  readonly to?: string;
  readonly purpose?: string;
  readonly account?: string;
  readonly donation?: string;
  /** Words that all stand in the entry's public names, without accents and case. */
  readonly words?: string;
}

const select = `SELECT ${selectList(entries)} FROM ledger.entries`;

/** Entries from the newest number down, below `before` where it is given; one more than `limit` tells of a next page. */
export async function findEntries(
  database: DataSource,
  filter: EntryFilter,
  before: number | undefined,
  limit: number,
): Promise<readonly EntryRow[]> {
  const parameters: unknown[] = [];
  const bound = (value: unknown): string => `$${String(parameters.push(value))}`;
  const conditions = [`fund_id = ${bound(filter.fundId)}`];
  const also = (value: unknown, condition: (at: string) => string): void => {
    if (value !== undefined) conditions.push(condition(bound(value)));
  };
  also(before, (at) => `entry_number < ${at}`);
  also(filter.from, (at) => `effective_on >= ${at}`);
  also(filter.to, (at) => `effective_on <= ${at}`);
  also(filter.donation, (at) => `donation_id = ${at}`);
  also(filter.purpose, (at) => `purposes @> ARRAY[${at}::text]`);
  also(filter.account, (at) => `accounts @> ARRAY[${at}::text]`);
  also(filter.words && unaccentedWords(filter.words), (at) => `words @> ${at}::text[]`);
  const records: readonly Record<string, unknown>[] = await database.query(
    `${select} WHERE ${conditions.join(' AND ')} ORDER BY entry_number DESC LIMIT ${bound(limit + 1)}`,
    parameters,
  );
  return records.map((record) => rowOf(entries, record) as EntryRow);
}

/** One entry, or undefined. */
export async function findEntry(database: DataSource, entryId: string): Promise<EntryRow | undefined> {
  const records: readonly Record<string, unknown>[] = await database.query(`${select} WHERE entry_id = $1`, [
    entryId,
  ]);
  return records[0] && (rowOf(entries, records[0]) as EntryRow);
}
