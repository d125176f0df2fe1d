import { parentPort, workerData } from 'node:worker_threads';
import writeWorkbook from 'write-excel-file/node';
import type { Sheet, SheetCell } from './workbook.js';

// XML has no place for most of these, and a workbook with one of them does not open.
const notInXml = /(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu;
const wholeNumbers = '#,##0';
const decimals = '#,##0.00';

/** The worker thread of `workbookOf`: writes the one sheet that it was started with, and ends. */
async function written({ name, heading, rows }: Sheet): Promise<Uint8Array> {
  const title = heading.map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
  const columns = heading.map((value) => ({ width: Math.min(40, Math.max(14, value.length + 2)) }));
  const file = writeWorkbook([title, ...rows.map((row) => row.map(cellOf))], {
    sheet: name,
    columns,
    stickyRowsCount: 1,
  });
  return file.toBuffer();
}

function cellOf(cell: SheetCell) {
  if (cell === null) return null;
  if (typeof cell === 'number')
    return { value: cell, type: Number, format: Number.isInteger(cell) ? wholeNumbers : decimals };
  return { value: cell.toWellFormed().replaceAll(notInXml, ''), type: String };
}

parentPort?.postMessage(await written(workerData as Sheet));
