import { canonicalJson } from '#kernel/json.js';
import { unaccentedWords } from '#kernel/words.js';
import type { Projection } from '#read-models/projection.js';
import { fundIdOf } from '../../fund-streams.js';
import { kindOf, postedEntry, type PostedEntry } from '../posted-entry.js';

/** An entry as lists show it, with what it is found by. */
export type EntryRow = {
  readonly entry_id: string;
  readonly fund_id: string;
  readonly entry_number: number;
  readonly kind: string;
  readonly effective_on: string;
  readonly received_on: string | null;
  readonly recorded_at: string;
  readonly incarnation: number;
  readonly number: string;
  readonly donation_id: string | null;
  readonly reverses_entry_id: string | null;
  /** Entries that gave back or reversed this one, in order. */
  readonly reversed_by: readonly string[];
  /** Why it stands in suspense, where it does. */
  readonly diverted: string | null;
  readonly accounts: readonly string[];
  readonly purposes: readonly string[];
  /** Unaccented words of the public names in it: organisations and things, never persons. */
  readonly words: readonly string[];
  /** Its postings and stock moves as canonical JSON. */
  readonly lines: string;
};

/** Every entry of every fund. */
export const entries: Projection<EntryRow> = {
  name: 'ledger.entries',
  version: 1,
  key: 'entry_id',
  columns: {
    entry_id: 'text',
    fund_id: 'uuid',
    entry_number: 'integer',
    kind: 'text',
    effective_on: 'date',
    received_on: 'date',
    recorded_at: 'timestamptz',
    incarnation: 'integer',
    number: 'bigint',
    donation_id: 'uuid',
    reverses_entry_id: 'text',
    reversed_by: 'text[]',
    diverted: 'text',
    accounts: 'text[]',
    purposes: 'text[]',
    words: 'text[]',
    lines: 'text',
  },
  indexes: [
    { columns: ['fund_id', 'entry_number'] },
    { columns: ['fund_id', 'effective_on'] },
    { columns: ['fund_id', 'recorded_at', 'incarnation', 'number'] },
    { columns: ['donation_id'] },
    { columns: ['accounts'], serves: 'members' },
    { columns: ['purposes'], serves: 'members' },
    { columns: ['words'], serves: 'members' },
  ],
  streams: ['fund-'],
  keysOf(event) {
    const entry = postedEntry(event);
    if (!entry) return [];
    return 'reversesEntryId' in entry.data
      ? [entry.data.entryId, entry.data.reversesEntryId]
      : [entry.data.entryId];
  },
  project(row, event, key) {
    const entry = postedEntry(event);
    if (!entry) return row;
    if (key === entry.data.entryId) return rowOf(entry);
    return row && { ...row, reversed_by: [...row.reversed_by, entry.data.entryId] };
  },
};

function rowOf(entry: PostedEntry): EntryRow {
  const { data } = entry;
  const { postings, stock } = data;
  const accounts = [...postings.map(({ account }) => account), ...stock.map(({ item }) => `stock.${item}`)];
  return {
    entry_id: data.entryId,
    fund_id: fundIdOf(entry),
    entry_number: data.entryNumber,
    kind: kindOf(entry),
    effective_on: data.effectiveOn,
    recorded_at: entry.recordedAt,
    incarnation: entry.position.incarnation,
    number: String(entry.position.number),
    ...donationColumns(data),
    reverses_entry_id: 'reversesEntryId' in data ? data.reversesEntryId : null,
    reversed_by: [],
    accounts: [...new Set(accounts)],
    purposes: [...new Set([...postings, ...stock].map(({ purpose }) => purpose))],
    lines: canonicalJson({ postings, stock }),
  };
}

type DonationColumns = Pick<EntryRow, 'donation_id' | 'received_on' | 'diverted' | 'words'>;

function donationColumns(data: PostedEntry['data']): DonationColumns {
  if (!('source' in data)) return { donation_id: null, received_on: null, diverted: null, words: [] };
  const { donationId, receivedOn, donor, items } = data.source;
  const organisation = donor.kind === 'named' ? (donor.organisation ?? '') : '';
  return {
    donation_id: donationId,
    received_on: receivedOn,
    diverted: ('diverted' in data ? data.diverted : undefined) ?? null,
    words: unaccentedWords([organisation, ...items.map(({ name }) => name)].join(' ')),
  };
}
