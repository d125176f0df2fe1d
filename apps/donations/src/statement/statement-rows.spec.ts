import { describe, expect, it } from '@jest/globals';
import type { StatementProfile } from '#domain/statement/statement-profile.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import { findHeader } from './header.js';
import { builtInProfiles } from './profiles.js';
import { statementRows } from './statement-rows.js';
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

describe('the rows of a statement', () => {
  it('are so many at most, and fewer where they have to be held', async () => {
    expect(await rowsBefore('oldest-first')).toEqual([50, { line: 52, rowsMax: 50 }]);
    expect(await rowsBefore('newest-first')).toEqual([0, { line: 22, rowsMax: 20 }]);
  });
});
