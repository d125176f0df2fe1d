import { refuseFile } from './file-faults.js';
import { cellCharactersMax, columnsMax, linesMax } from './file-limits.js';
import { withinLimits, type TableRow } from './table.js';

const quote = '"';

/**
 * The rows of CSV text (RFC 4180) that are not blank, each with the line on which it begins; lines may end in any way, and
 * a quote within an unquoted cell is text. The pieces end where lines end. Refuses quotes that do not close, or close
 * within a cell, and whatever is beyond the limits of a row as soon as it is.
 *
 * Our own reading instead of csv-parse's, which takes a second for a megabyte of one line, finds out the million columns
 * only after it has made them, and takes the first line's ending for that of all.
 */
export async function* csvTable(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<TableRow> {
  const record = new CsvRecord(delimiter);
  let line = 0;
  for await (const piece of text)
    for (const written of linesOf(piece)) {
      line += 1;
      if (line > linesMax) refuseFile('statement/too-many-rows', { line, linesMax });
      const row = record.read(written, line);
      if (row?.cells.some((cell) => cell !== '')) yield withinLimits(row);
    }
  record.end();
}

function linesOf(piece: string): readonly string[] {
  const lines = piece.split(/\r\n|\n|\r/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** The record being read, line by line. */
class CsvRecord {
  #cells: string[] = [];
  #line = 0;
  /** What of a quoted cell was read on the lines before; undefined between records. */
  #quoted: string | undefined;

  constructor(private readonly delimiter: string) {}

  /** The record that ends with this line; undefined where a quoted cell goes on. */
  read(written: string, line: number): TableRow | undefined {
    if (this.#quoted === undefined) {
      this.#line = line;
      this.#cells = [];
    }
    let at: number | undefined = 0;
    while (at !== undefined) {
      at =
        this.#quoted !== undefined || written[at] === quote
          ? this.#readQuoted(written, at)
          : this.#readPlain(written, at);
      if (this.#cells.length > columnsMax)
        refuseFile('statement/too-many-columns', { line: this.#line, columnsMax });
    }
    return this.#quoted === undefined ? { line: this.#line, cells: this.#cells } : undefined;
  }

  /** Throws where the text ends within quotes. */
  end(): void {
    if (this.#quoted !== undefined) refuseFile('statement/csv-malformed', { line: this.#line });
  }

  /** Where the next cell begins; undefined at the end of the line. */
  #readPlain(written: string, at: number): number | undefined {
    const end = written.indexOf(this.delimiter, at);
    this.#cells.push(end < 0 ? written.slice(at) : written.slice(at, end));
    return end < 0 ? undefined : end + 1;
  }

  #readQuoted(written: string, from: number): number | undefined {
    let at = this.#quoted === undefined ? from + 1 : from;
    let cell = this.#quoted ?? '';
    for (;;) {
      const end = written.indexOf(quote, at);
      cell += end < 0 ? `${written.slice(at)}\n` : written.slice(at, end);
      if (cell.length > cellCharactersMax)
        refuseFile('statement/cell-too-long', { line: this.#line, charactersMax: cellCharactersMax });
      if (end < 0) {
        this.#quoted = cell;
        return undefined;
      }
      if (written[end + 1] !== quote) return this.#closed(cell, written, end + 1);
      cell += quote;
      at = end + 2;
    }
  }

  #closed(cell: string, written: string, behind: number): number | undefined {
    this.#quoted = undefined;
    this.#cells.push(cell);
    if (behind === written.length) return undefined;
    if (written[behind] !== this.delimiter) refuseFile('statement/csv-malformed', { line: this.#line });
    return behind + 1;
  }
}
