import { balances, type BalanceRow } from '#apps/ledger/src/read/balances/balances.projection.js';
import { entries } from '#apps/ledger/src/read/entries/entries.projection.js';
import { postings } from '#apps/ledger/src/read/postings/postings.projection.js';
import { canonicalJson } from '#kernel/json.js';
import type { Database } from '#postgres/pool.js';
import type { EventProjection, Row } from '#read-models/projection.js';
import { storedRow } from '#read-models/row-values.js';
import type { Sql } from '#read-models/sql.js';
import { alignIndexes, loadRows, saveRows, tableName } from '#read-models/stored-table.js';
import type { Invariant } from '../faults/invariants.js';
import type { MadeDay, MadeEntries, MadeEntry } from './as-of-entries.js';
import { tell } from './told.js';

const rowsAtATime = 5_000;
const sampled = 1_000;

/** What was given on one account for one purpose, recorded on one day and counting on one: as one entry with their sum. */
export type Cell = MadeEntry;

/** The cells of some days of recording. */
export function cellsOf(made: MadeEntries, days: readonly MadeDay[] = made.days): readonly Cell[] {
  return days.flatMap((day) => {
    const cells = new Map<string, Cell>();
    for (const entry of made.of(day)) {
      const key = `${String(entry.effectiveDay)} ${entry.account} ${entry.purpose}`;
      const cell = cells.get(key);
      cells.set(key, cell ? { ...cell, amount: cell.amount + entry.amount } : entry);
    }
    return [...cells.values()];
  });
}

/**
 * Fills the tables that balances are read from, and says whether they are what the read models make of those entries.
 * Running sums: by the read model's own fold, over one entry a cell. Entries and their lines: in the database, and a
 * sample held against what the read models' folds make of it.
 */
export async function filled(
  database: Database,
  made: MadeEntries,
  cells: readonly Cell[],
): Promise<readonly Invariant[]> {
  const sql: Sql = async (text, values = []) =>
    (await database.query<Readonly<Record<string, unknown>>>(text, [...values])).rows;
  tell(`folding ${String(cells.length)} cells of ${String(made.count)} entries`);
  const rows = folded(cells, made);
  await inChunks(rows, (chunk) => saveRows(sql, shapeOf(balances), 'live', chunk));
  tell(`${String(rows.size)} rows of running sums; writing entries and their lines`);
  for (const shape of [shapeOf(entries), shapeOf(postings)]) {
    await alignIndexes(sql, { ...shape, indexes: [] }, 'live');
    await sql(...insertOf(shape, made));
    await alignIndexes(sql, shape, 'live');
  }
  for (const { name } of [balances, entries, postings]) await sql(`VACUUM (ANALYZE) ${name}`);
  await sql('CHECKPOINT');
  return [foldedAlike(made, rows), await writtenAlike(sql, made)];
}

/** The fold of every one that is given, in order. */
function folded(given: readonly MadeEntry[], made: MadeEntries): Map<string, BalanceRow> {
  const rows = new Map<string, BalanceRow>();
  for (const one of given) {
    const event = made.eventOf(one);
    for (const key of balances.keysOf(event)) {
      const row = balances.project(rows.get(key), event, key);
      if (row) rows.set(key, row);
    }
  }
  return rows;
}

async function inChunks(
  rows: ReadonlyMap<string, Row>,
  save: (chunk: ReadonlyMap<string, Row>) => Promise<void>,
): Promise<void> {
  const all = [...rows];
  for (let from = 0; from < all.length; from += rowsAtATime)
    await save(new Map(all.slice(from, from + rowsAtATime)));
}

/** The heaviest day, donation by donation, gives the rows that its cells gave. */
function foldedAlike(made: MadeEntries, rows: ReadonlyMap<string, BalanceRow>): Invariant {
  const day = made.days.reduce((most, one) => (one.count > most.count ? one : most));
  const single = folded([...made.of(day)], made);
  const ofDay = [...single].filter(([, row]) => row.recorded_grain === 'day');
  const broken = ofDay.flatMap(([key, row]) =>
    canonicalJson(row) === canonicalJson(rows.get(key) ?? null) ? [] : [key],
  );
  const rule = 'running sums are what the fold of each entry gives, on the heaviest day';
  return {
    rule,
    count: ofDay.length,
    broken: ofDay.length > 0 ? broken.slice(0, 5) : ['nothing was compared'],
  };
}

/** Some entries and their lines, as the read models make them. */
async function writtenAlike(sql: Sql, made: MadeEntries): Promise<Invariant> {
  const step = Math.max(1, Math.floor(made.days.length / Math.min(sampled, made.days.length)));
  const some = made.days.filter((_, nth) => nth % step === 0).flatMap((day) => [...made.of(day)].slice(-1));
  const broken: string[] = [];
  for (const shape of [shapeOf(entries), shapeOf(postings)]) {
    const wanted = new Map(
      some.flatMap((one) => {
        const event = made.eventOf(one);
        return shape.keysOf(event).flatMap((key) => {
          const row = shape.project(undefined, event, key);
          return row ? [[key, storedRow(shape, row)] as const] : [];
        });
      }),
    );
    const found = await loadRows(sql, shape, 'live', [...wanted.keys()]);
    for (const [key, row] of wanted)
      if (canonicalJson(row) !== canonicalJson(found.get(key) ?? null))
        broken.push(
          `${shape.name} ${key}: ${canonicalJson(found.get(key) ?? null)} is not ${canonicalJson(row)}`,
        );
  }
  const rule = 'entries and lines are what the read models make of them, in a sample';
  return {
    rule,
    count: some.length,
    broken: some.length > 0 ? broken.slice(0, 3) : ['nothing was compared'],
  };
}

/** A projection of rows of any kind: what writes and reads tables takes them all alike. */
function shapeOf(projection: object): EventProjection {
  return projection as EventProjection;
}

function insertOf(shape: EventProjection, made: MadeEntries): readonly [string, readonly unknown[]] {
  const { text, values } = made.sql;
  const columns = Object.entries(shape.name === entries.name ? entryColumns : lineColumns);
  const lines = shape.name === entries.name ? '' : 'CROSS JOIN (VALUES (0, 1), (1, -1)) l (line, sign)';
  const statement = `INSERT INTO ${tableName(shape, 'live')} (${columns.map(([name]) => name).join(', ')})
    SELECT ${columns.map(([, value]) => value).join(', ')} FROM (${text}) made ${lines}`;
  return [statement.replaceAll('@fund@', `'${made.fundId}'::uuid`), values];
}

const entryId = "'donation.' || id";
const json = `format('{"postings":[{"account":"%s","amount":{"amount":"%s","currency":"VND"},"purpose":"%s"},'
  || '{"account":"income.donation","amount":{"amount":"-%s","currency":"VND"},"purpose":"%s"}],"stock":[]}',
  account, amount, purpose, amount, purpose)`;

const entryColumns: Readonly<Record<string, string>> = {
  ...{ entry_id: entryId, fund_id: '@fund@', entry_number: 'nth::integer', kind: "'donation'" },
  ...{ effective_on: 'effective_on', received_on: 'effective_on', recorded_at: 'recorded_at' },
  ...{ incarnation: '1', number: 'nth', donation_id: 'id::uuid', reverses_entry_id: 'NULL' },
  ...{ reversed_by: "'{}'::text[]", diverted: 'NULL', accounts: "ARRAY[account, 'income.donation']" },
  ...{ purposes: 'ARRAY[purpose]', words: "'{}'::text[]", lines: json },
};

const lineColumns: Readonly<Record<string, string>> = {
  ...{ key: `${entryId} || '|' || line`, fund_id: '@fund@', purpose: 'purpose', currency: "'VND'" },
  ...{ account: "CASE line WHEN 0 THEN account ELSE 'income.donation' END", amount: 'sign * amount' },
  ...{ effective_on: 'effective_on', recorded_at: 'recorded_at' },
};
