import { exactDecimal } from './exact-decimal.js';
import { refuseFile } from './file-faults.js';
import { columnsMax, sheetLimits } from './file-limits.js';
import { withinLimits, type Cell, type TableRow } from './table.js';
import { openWorkbook, TextPieces, type Workbook } from './workbook.js';
import { readXml, type XmlEvents } from './xml-events.js';
import { entryBytes } from './zip-entries.js';

const cellReference = /^([A-Z]{1,3})[1-9]\d{0,6}$/;
const rowReference = /^[1-9]\d{0,6}$/;

/** The rows of a workbook's one visible sheet that are not blank. What the sheet says of its own size is passed over: nothing is held but the row being read. */
export async function* xlsxTable(file: Uint8Array): AsyncGenerator<TableRow> {
  const workbook = await openWorkbook(file);
  const rows = new SheetRows(workbook);
  yield* readXml(entryBytes(workbook.sheet), rows, () => rows.take());
}

class SheetRows implements XmlEvents {
  #rows: TableRow[] = [];
  #line = 0;
  #cells: Cell[] = [];
  #column = -1;
  #kind = '';
  #value = '';
  #inValue = false;
  readonly #pieces = new TextPieces();

  constructor(private readonly workbook: Workbook) {}

  take(): readonly TableRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    this.#pieces.open(name);
    if (name === 'row') this.#openRow(attributes.get('r'));
    else if (name === 'c') this.#openCell(attributes.get('r'), attributes.get('t') ?? 'n');
    else if (name === 'v') this.#inValue = true;
  }

  text(text: string): void {
    this.#pieces.add(text);
    if (this.#inValue) this.#value += text;
  }

  close(name: string): void {
    this.#pieces.close(name);
    if (name === 'v') this.#inValue = false;
    else if (name === 'c') this.#closeCell();
    else if (name === 'row') this.#closeRow();
  }

  #openRow(reference: string | undefined): void {
    const line = reference === undefined ? this.#line + 1 : rowNumber(reference);
    if (line <= this.#line) refuseFile('statement/workbook-damaged');
    if (line > sheetLimits.rows) refuseFile('statement/too-many-rows', { line, rowsMax: sheetLimits.rows });
    this.#line = line;
    this.#cells = [];
    this.#column = -1;
  }

  #openCell(reference: string | undefined, kind: string): void {
    const column = reference === undefined ? this.#column + 1 : columnNumber(reference);
    if (column <= this.#column) refuseFile('statement/workbook-damaged');
    if (column >= sheetLimits.columns)
      refuseFile('statement/too-many-columns', { line: this.#line, columnsMax });
    this.#column = column;
    this.#kind = kind;
    this.#value = '';
    this.#pieces.take();
  }

  #closeCell(): void {
    const cell = this.#cell();
    if (cell === '') return;
    if (this.#column >= columnsMax)
      refuseFile('statement/too-many-columns', { line: this.#line, columnsMax });
    while (this.#cells.length < this.#column) this.#cells.push('');
    this.#cells.push(cell);
  }

  #closeRow(): void {
    if (this.#cells.length > 0) this.#rows.push(withinLimits({ line: this.#line, cells: this.#cells }));
  }

  #cell(): Cell {
    const { sharedTexts, daysSince } = this.workbook;
    if (this.#kind === 'inlineStr') return this.#pieces.take();
    if (this.#value === '' || (this.#kind !== 's' && this.#kind !== 'n')) return this.#value;
    if (this.#kind === 's')
      return sharedTexts[Number(this.#value)] ?? refuseFile('statement/workbook-damaged');
    return { decimal: exactDecimal(this.#value) ?? refuseFile('statement/workbook-damaged'), daysSince };
  }
}

function rowNumber(reference: string): number {
  return rowReference.test(reference) ? Number(reference) : refuseFile('statement/workbook-damaged');
}

function columnNumber(reference: string): number {
  const [, letters] = cellReference.exec(reference) ?? [];
  if (letters === undefined) refuseFile('statement/workbook-damaged');
  return [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
