import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { bank, FundAtWork } from '../journeys/fund-at-work.js';
import { AtTheCommandLine, booksOf } from '../journeys/importing.js';
import { fileReplayed, replayed } from '../journeys/auditing.js';

const published = fileURLToPath(new URL('../data/statement-2024-09.csv.gz', import.meta.url));

let work: FundAtWork;
let accountant: AtTheCommandLine;
beforeAll(async () => {
  work = await FundAtWork.open({ begin: '2024-10-01T08:00:00+07:00' });
  accountant = await AtTheCommandLine.of(work, work.people.accountant);
});
afterAll(async () => {
  await accountant.leave();
  await work.close();
});

describe('the statement of September 2024', () => {
  it('goes into the books whole, to the last đồng, and a second run adds nothing', async () => {
    const { exit, out } = await accountant.import(
      published,
      ...['--account', bank, '--yes', '--opening-entry', '--seen', 'account-new'],
    );
    expect(out).toMatch(/line 10,694 \(2024-09-10\): .*; 100,000 VND unexplained/);
    expect(exit).toBe(0);
    const books = {
      ...{ lastEntryNumber: 20_001, numbered: 19_999 },
      ...{ balance: 11_464_968_006n, suspense: 100_000n },
    };
    expect(await booksOf(work, bank)).toEqual(books);
    const again = await accountant.import(published, '--account', bank, '--yes');
    expect(again.out).toContain('Nothing is new');
    expect(await booksOf(work, bank)).toEqual(books);
    expect(await replayed(work)).toContain('donations.donation: 19,999 rows equal');
    expect(await fileReplayed(work)).toContain('donations.donation: 19,999 rows folded');
  }, 600_000);
});
