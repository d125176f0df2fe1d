import type { Language } from '../http/language.js';
import type { Column, Table } from './table.js';

// What a spreadsheet takes for the beginning of a formula, in the wide letters of Asian keyboards too.
const formulaLike = /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/u;
const needsQuotes = /[",\r\n]/;

/**
 * A register as CSV (RFC 4180) in UTF-8 with a byte order mark. A text that a spreadsheet would run as a formula begins with
 * an apostrophe; numbers stay as they are.
 */
export function csvOf<Row>({ columns, rows }: Table<Row>, language: Language): string {
  const heading = columns.map(({ title }) => quoted(defused(title[language])));
  const lines = rows.map((row) => columns.map((column) => cellOf(column, row, language)).join(','));
  return `\ufeff${[heading.join(','), ...lines].join('\r\n')}\r\n`;
}

function cellOf<Row>({ kind, of }: Column<Row>, row: Row, language: Language): string {
  const value = of(row, language) ?? '';
  return quoted(kind === 'number' ? value : defused(value));
}

function defused(text: string): string {
  return formulaLike.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
