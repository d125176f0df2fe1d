import { xlsxTable } from '#apps/donations/src/statement/xlsx-table.js';

/** The rows of a workbook's one sheet as the reader of statements sees them: texts, and numbers as exact decimals. */
export async function readWorkbook(
  file: Uint8Array,
): Promise<readonly (readonly (string | { readonly number: string })[])[]> {
  const rows = [];
  for await (const { cells } of xlsxTable(file))
    rows.push(cells.map((cell) => (typeof cell === 'string' ? cell : { number: cell.decimal })));
  return rows;
}
