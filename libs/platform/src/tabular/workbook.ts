import type { Language } from '../http/language.js';
import { startWorkbookWorker } from './start-workbook-worker.js';
import type { Column, Table } from './table.js';

/** A cell on its way into the worker; null is empty. */
export type SheetCell = string | number | null;

/** The one sheet of a workbook. */
export interface Sheet {
  readonly name: string;
  readonly heading: readonly string[];
  readonly rows: readonly (readonly SheetCell[])[];
}

/** Most memory of the thread that writes: 50,000 rows of eleven cells take 170 MB of it. */
const workerMegabytesMax = 512;
/** A decimal of so many figures is the same in a spreadsheet, which reckons in binary. */
const exactFiguresMax = 15;

/**
 * A register as a workbook (XLSX) whose heading stays in sight. Amounts are numbers where a spreadsheet holds them exactly
 * (up to 2^53), and texts beyond. Written in a thread of its own, since 20,000 rows take more than a second.
 */
export async function workbookOf<Row>(table: Table<Row>, language: Language): Promise<Uint8Array> {
  const { name, columns, rows } = table;
  const sheet: Sheet = {
    // Excel takes no longer name.
    name: name.slice(0, 31),
    heading: columns.map(({ title }) => title[language]),
    rows: rows.map((row) => columns.map((column) => cellOf(column, row, language))),
  };
  const worker = startWorkbookWorker({
    workerData: sheet,
    resourceLimits: { maxOldGenerationSizeMb: workerMegabytesMax },
  });
  return new Promise((done, failed) => {
    worker.once('message', done);
    worker.once('error', failed);
    worker.once('exit', () => failed(new Error('the thread that writes workbooks ended without one')));
  });
}

function cellOf<Row>({ kind, of }: Column<Row>, row: Row, language: Language): SheetCell {
  const value = of(row, language);
  return value !== null && kind === 'number' ? exactNumber(value) : value;
}

function exactNumber(text: string): SheetCell {
  const value = Number(text);
  const figures = text.replace(/^-/, '').replace('.', '').replace(/^0+/, '');
  const isExact = text.includes('.') ? figures.length <= exactFiguresMax : Number.isSafeInteger(value);
  return isExact ? value : text;
}
