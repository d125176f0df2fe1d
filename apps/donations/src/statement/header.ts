import type { StatementProfile } from '#domain/statement/statement-profile.js';
import { refuseFile } from './file-faults.js';
import { headerRowsMax } from './file-limits.js';
import { textOf, type Cell, type TableRow } from './table.js';

/** A profile's header found in a table: which column is which. */
export interface Header {
  readonly profile: StatementProfile;
  /** Places of the columns, by what the profile uses them for: `date`, `debit` and so on. */
  readonly places: Readonly<Record<string, number>>;
  /** How many columns it names; behind them stands nothing. */
  readonly width: number;
}

/** A table whose header was found. */
export interface HeadedTable {
  readonly header: Header;
  /** The rows below it. */
  readonly rows: AsyncGenerator<TableRow>;
}

/** Looks among the first 50 rows of a table for the header of one of the profiles; the first that fits is taken. */
export async function findHeader(
  table: AsyncGenerator<TableRow>,
  profiles: readonly StatementProfile[],
): Promise<HeadedTable | undefined> {
  for (let seen = 0; seen < headerRowsMax; seen += 1) {
    const next = await table.next();
    if (next.done === true) return undefined;
    const header = profiles.map((profile) => headerIn(next.value, profile)).find((found) => found);
    if (header) return { header, rows: table };
  }
  return undefined;
}

function headerIn({ line, cells }: TableRow, profile: StatementProfile): Header | undefined {
  const names = cells.map(normalised);
  const wanted = Object.entries(profile.columns).map(
    ([use, column]: [string, string]) => [use, normalised(column)] as const,
  );
  if (!wanted.every(([, column]) => names.includes(column))) return undefined;
  for (const [use, column] of wanted)
    if (names.indexOf(column) !== names.lastIndexOf(column))
      refuseFile('statement/column-twice', { line, column: use });
  const places = Object.fromEntries(wanted.map(([use, column]) => [use, names.indexOf(column)]));
  return { profile, places, width: names.findLastIndex((name) => name !== '') + 1 };
}

/** A cell's text with single spaces and in lower case: how headers and footers are compared. */
export function normalised(cell: Cell | undefined): string {
  return textOf(cell).replaceAll(/\s+/g, ' ').toLowerCase();
}
