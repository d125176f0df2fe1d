import type { StatementRow } from '#domain/statement/control-totals.policy.js';
import type { Currency } from '#kernel/money.js';
import { digitsExact } from './exact-decimal.js';
import { refuseFile } from './file-faults.js';
import { rowLimits, type RowLimits } from './file-limits.js';
import { normalised, type HeadedTable, type Header } from './header.js';
import { textOf, type Cell, type TableRow } from './table.js';
import { writtenDate, writtenSum } from './written-values.js';

/** A row as the bank booked it. All texts are personal data and may be empty. */
export interface BookedRow extends StatementRow {
  readonly reference: string;
  /** The memo: a claim, not an identity. */
  readonly details: string;
  readonly counterparty: string;
}

/**
 * The rows of a table in the order in which the bank booked them. Refuses the first that does not read as the profile
 * says, a table without any, and more than a million (200,000 where the newest stands first).
 */
export async function* statementRows(
  table: HeadedTable,
  currency: Currency,
  { rowsMax, reversedRowsMax }: RowLimits = rowLimits,
): AsyncGenerator<BookedRow> {
  if (table.header.profile.order === 'oldest-first') yield* rowsAsTheyStand(table, currency, rowsMax);
  else yield* (await held(rowsAsTheyStand(table, currency, reversedRowsMax))).reverse();
}

async function held(rows: AsyncIterable<BookedRow>): Promise<BookedRow[]> {
  const all: BookedRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

async function* rowsAsTheyStand(
  { header, rows }: HeadedTable,
  currency: Currency,
  rowsMax: number,
): AsyncGenerator<BookedRow> {
  const reader = new RowReader(header, currency);
  let [count, ended] = [0, false];
  for await (const row of rows) {
    ended ||= isFooter(row, header);
    if (ended) assertNoRow(row, header);
    else {
      count += 1;
      if (count > rowsMax) refuseFile('statement/too-many-rows', { line: row.line, rowsMax });
      yield reader.read(row);
    }
  }
  if (count === 0) refuseFile('statement/no-rows');
}

function isFooter({ cells }: TableRow, { profile }: Header): boolean {
  const first = normalised(cells.find((cell) => cell !== ''));
  return profile.footers.some((footer) => first.startsWith(normalised(footer)));
}

/** Below the table stand sums and signatures; a row with a balance there would be lost. */
function assertNoRow({ line, cells }: TableRow, { places }: Header): void {
  const [date, balance] = ['date', 'balance'].map((use) => textOf(cells[places[use] ?? -1]));
  if (/^\d.*\d/.test(date ?? '') && balance !== '') refuseFile('statement/rows-after-footer', { line });
}

class RowReader {
  constructor(
    private readonly header: Header,
    private readonly currency: Currency,
  ) {}

  read(row: TableRow): BookedRow {
    const { line } = row;
    if (row.cells.slice(this.header.width).some((cell) => textOf(cell) !== ''))
      refuseFile('statement/more-cells-than-columns', { line, columns: this.header.width });
    const currency = this.#text(row, 'currency');
    if (currency !== '' && currency !== this.currency)
      refuseFile('statement/currency-differs', { line, column: 'currency', currency: this.currency });
    const place = { line, column: 'date' };
    const date = writtenDate(this.#cell(row, 'date'), this.header.profile.dateFormat, place);
    const movement = 'amount' in this.header.profile.columns ? this.#signed(row) : this.#twoSided(row);
    const balance = this.#sum(row, 'balance') ?? refuseFile('statement/balance-missing', { line });
    assertExact(this.#cell(row, 'reference'), line);
    const texts = {
      reference: this.#text(row, 'reference'),
      details: this.#text(row, 'details'),
      counterparty: this.#text(row, 'counterparty'),
    };
    return { line, date, ...movement, balance, ...texts };
  }

  #signed(row: TableRow): Pick<StatementRow, 'debit' | 'credit'> {
    const amount = this.#sum(row, 'amount') ?? 0n;
    return amount < 0n ? { debit: -amount, credit: 0n } : { debit: 0n, credit: amount };
  }

  #twoSided(row: TableRow): Pick<StatementRow, 'debit' | 'credit'> {
    const [debit, credit] = [this.#notNegative(row, 'debit'), this.#notNegative(row, 'credit')];
    if (debit > 0n && credit > 0n) refuseFile('statement/debit-and-credit', { line: row.line });
    return { debit, credit };
  }

  #notNegative(row: TableRow, column: string): bigint {
    const sum = this.#sum(row, column) ?? 0n;
    if (sum < 0n) refuseFile('statement/amount-negative', { line: row.line, column });
    return sum;
  }

  #sum(row: TableRow, column: string): bigint | undefined {
    const { decimal, thousands } = this.header.profile;
    const place = { line: row.line, column };
    return writtenSum(this.#cell(row, column), { decimal, thousands, currency: this.currency }, place);
  }

  #text(row: TableRow, column: string): string {
    return textOf(this.#cell(row, column));
  }

  #cell({ cells }: TableRow, column: string): Cell | undefined {
    const place = this.header.places[column];
    return place === undefined ? undefined : cells[place];
  }
}

/** A workbook keeps 15 digits of a number: a longer reference was cut when it was written, and is another row's as likely. */
function assertExact(reference: Cell | undefined, line: number): void {
  if (typeof reference !== 'object') return;
  const digits = reference.decimal.replace(/^-?0*\.?0*/, '').replace('.', '').length;
  const isWhole = !reference.decimal.includes('.');
  if (digits > digitsExact || (digits === digitsExact && !isWhole))
    refuseFile('statement/reference-rounded', { line, column: 'reference' });
}
