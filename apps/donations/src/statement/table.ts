import { refuseFile } from './file-faults.js';
import { cellCharactersMax, columnsMax } from './file-limits.js';

/** A number of a workbook as an exact plain decimal; a date there is a count of days since 1900 or 1904. */
export interface NumberCell {
  readonly decimal: string;
  readonly daysSince: 1900 | 1904;
}

/** What stands in a cell; empty text where nothing does. */
export type Cell = string | NumberCell;

/** A row of a file with its line there, the first being 1. */
export interface TableRow {
  readonly line: number;
  readonly cells: readonly Cell[];
}

/** A cell as text, without space around it and in composed letters. */
export function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  return typeof cell === 'string' ? cell.normalize('NFC').trim() : cell.decimal;
}

/** Gives the row back; refuses more than 100 columns and a cell of more than 10,000 characters. */
export function withinLimits(row: TableRow): TableRow {
  const { line, cells } = row;
  if (cells.length > columnsMax) refuseFile('statement/too-many-columns', { line, columnsMax });
  if (cells.some((cell) => typeof cell === 'string' && cell.length > cellCharactersMax))
    refuseFile('statement/cell-too-long', { line, charactersMax: cellCharactersMax });
  return row;
}
