import { describe, expect, it } from '@jest/globals';
import { readWorkbook } from '#testing/read-workbook.js';
import { fileName, fileOf } from './table-files.js';
import { number, tableRowsMax, text } from './table.js';
import { workbookOf } from './workbook.js';

type Row = readonly [string | null, string];
const table = (rows: readonly Row[]) => ({
  name: 'made-up',
  columns: [text<Row>('Tên', 'Name', ([name]) => name), number<Row>('Số', 'Number', ([, value]) => value)],
  rows,
});

describe('a register as a workbook', () => {
  it('reads back with texts as texts and amounts as numbers, exact at any size', async () => {
    const rows: readonly Row[] = [
      ['=1+1', '500000'],
      ['Chăn "ấm" & <mềm>\u0007', '-9007199254740991'],
      [null, '9007199254740993'],
      ['USD', '12.34'],
      ['USD', '99999999999999.99'],
    ];
    expect(await readWorkbook(await workbookOf(table(rows), 'vi'))).toEqual([
      ['Tên', 'Số'],
      ['=1+1', { number: '500000' }],
      ['Chăn "ấm" & <mềm>', { number: '-9007199254740991' }],
      ['', '9007199254740993'],
      ['USD', { number: '12.34' }],
      ['USD', '99999999999999.99'],
    ]);
  });

  it('is a file with a name that says what it stands at', async () => {
    const name = fileName('1.42', 'cash-book', 'LS', null, 'bank.Ơ"\r\n1');
    expect(name).toBe('cash-book_LS_bank.----1_at-1.42');
    const file = await fileOf({ ...table([['a', '1']]), name }, 'xlsx', 'en');
    expect(file.getHeaders()).toMatchObject({
      type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      disposition: 'attachment; filename="cash-book_LS_bank.----1_at-1.42.xlsx"',
    });
  });

  it('is refused beyond the rows of a file', async () => {
    const rows = Array.from({ length: tableRowsMax + 1 }, (): Row => ['a', '1']);
    await expect(fileOf(table(rows), 'csv', 'vi')).rejects.toMatchObject({
      code: 'http/register-too-long',
      parts: { details: { rowsMax: tableRowsMax } },
    });
  });
});
