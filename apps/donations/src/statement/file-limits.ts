/** The file as it is sent. */
export const fileBytesMax = 40_000_000;
/** All that it unpacks to. */
export const unpackedBytesMax = 200_000_000;
/** Texts that a workbook keeps apart from its cells; they are held in memory. */
export const sharedTextBytesMax = 64_000_000;
/** How many rows are read. */
export interface RowLimits {
  /** Rows below the header that are not blank. */
  readonly rowsMax: number;
  /** Rows that are held in memory because the newest stands first. */
  readonly reversedRowsMax: number;
}
/** What a file may have of rows. */
export const rowLimits: RowLimits = { rowsMax: 1_000_000, reversedRowsMax: 200_000 };
/** Lines of text, blank ones included; a workbook's rows are fewer by themselves. */
export const linesMax = 2_000_000;
/** The last row and the last column that a workbook may have. */
export const sheetLimits = { rows: 1_048_576, columns: 16_384 } as const;
/** Columns with something in them. */
export const columnsMax = 100;
/** UTF-16 code units of one cell. */
export const cellCharactersMax = 10_000;
/** One line of text, or one piece of a workbook between two tags. */
export const lineBytesMax = 4_000_000;
/** Rows from the top among which the header is looked for. */
export const headerRowsMax = 50;
