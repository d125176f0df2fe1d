import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { StatementProfile } from '#domain/statement/statement-profile.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import { madeWorkbook } from '#testing/made-workbook.js';
import { findHeader } from './header.js';
import { builtInProfiles } from './profiles.js';
import { readStatement } from './read-statement.js';
import { rowIdentities } from './row-identity.js';
import { statementRows, type BookedRow } from './statement-rows.js';
import type { TableRow } from './table.js';

const header = ['date', 'reference', 'details', 'debit', 'credit', 'balance'];
const [plain] = builtInProfiles;

/** How many rows come before the refusal, of a table that never ends, and its details. */
async function rowsBefore(order: StatementProfile['order']): Promise<readonly [number, unknown]> {
  const table = (async function* (): AsyncGenerator<TableRow> {
    yield { line: 1, cells: header };
    const cells = ['2024-09-10', '', '', '', '1', '1'];
    for (let line = 2; ; line += 1) yield { line, cells };
  })();
  const headed = await findHeader(table, [{ ...plain!, order }]);
  let count = 0;
  try {
    for await (const row of statementRows(headed!, 'VND', { rowsMax: 50, reversedRowsMax: 20 }))
      count += row.line > 0 ? 1 : 0;
  } catch (error) {
    if (isDomainRefusal(error) && error.code === 'statement/too-many-rows') return [count, error.details];
    throw error;
  }
  return [count, {}];
}

/** The rows of a workbook whose one row has this reference as a number. */
async function withReference(written: string): Promise<readonly BookedRow[]> {
  const text = (words: readonly string[]) =>
    words.map((word) => `<c t="inlineStr"><is><t>${word}</t></is></c>`).join('');
  const cells = `<c t="inlineStr"><is><t>2024-09-10</t></is></c><c><v>${written}</v></c><c/><c/><c><v>5</v></c><c><v>5</v></c>`;
  const file = madeWorkbook({ rows: `<row>${text(header)}</row><row>${cells}</row>` });
  return rowsOf(file);
}

async function rowsOf(file: Uint8Array): Promise<readonly BookedRow[]> {
  const rows: BookedRow[] = [];
  for await (const row of (await readStatement(file, builtInProfiles, 'VND')).rows) rows.push(row);
  return rows;
}

const idsOf = (rows: readonly BookedRow[]): readonly string[] =>
  rows.map(
    (row) =>
      rowIdentities((text) => createHash('sha256').update(text).digest('hex'), {
        fundId: 'f1',
        account: 'bank.1',
      })(row).rowId,
  );

describe('a reference that a workbook keeps as a number', () => {
  it.each([
    ['5013.1028', '5013.10280'],
    ['5013.1028299999998', '5013.10283'],
    ['123', '000123'],
    ['1.23456789012345E+14', '123456789012345'],
  ])('%s is the row that a CSV file has with %s', async (number, text) => {
    const csv = Buffer.from(`${header.join()}\n2024-09-10,${text},,0,5,5\n`);
    expect(idsOf(await withReference(number))).toEqual(idsOf(await rowsOf(csv)));
  });

  it.each(['1234567890123456', '1.2E+20', '12345678.9012345'])(
    'is refused where it may have been cut: %s',
    async (number) => {
      const details = { line: 2, column: 'reference' };
      await expect(withReference(number)).rejects.toMatchObject({
        code: 'statement/reference-rounded',
        details,
      });
    },
  );
});

describe('the rows of a statement', () => {
  it('are so many at most, and fewer where they have to be held', async () => {
    expect(await rowsBefore('oldest-first')).toEqual([50, { line: 52, rowsMax: 50 }]);
    expect(await rowsBefore('newest-first')).toEqual([0, { line: 22, rowsMax: 20 }]);
  });
});
