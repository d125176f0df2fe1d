import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { BankItemView } from '#apps/donations/src/in/bank-item-view.js';
import type { ListedBankItem } from '#apps/donations/src/read/bank-item/bank-item.query.js';
import { eventually } from '#testing/eventually.js';
import { madeStatement } from '#testing/made-statement.js';
import { donationOf, receipted, refusal, walkMs } from './asking.js';
import { fileReplayed, replayed } from './auditing.js';
import { bank, FundAtWork, vnd } from './fund-at-work.js';
import { AtTheCommandLine, booksOf } from './importing.js';

const published = fileURLToPath(new URL('../data/statement-2024-09.csv.gz', import.meta.url));
const other = 'bank.1900000002';

let work: FundAtWork;
let accountant: AtTheCommandLine;
/** Lines of the published statement, the first being 1. */
let lines: readonly string[];
beforeAll(async () => {
  lines = gunzipSync(await readFile(published))
    .toString()
    .split('\n');
  const bankAccounts = [{ account: other }];
  work = await FundAtWork.open({ begin: '2024-10-01T08:00:00+07:00', fund: { bankAccounts } });
  accountant = await AtTheCommandLine.of(work, work.people.accountant);
});
afterAll(async () => {
  await accountant.leave();
  await work.close();
});

const cut = (from: number, to: number): string => [lines[0], ...lines.slice(from - 1, to), ''].join('\n');
const items = async (query = ''): Promise<readonly ListedBankItem[]> => {
  const path = `/v1/bank-items?fundId=${work.fundId}${query}`;
  return (await work.people.accountant.api.get<{ items: readonly ListedBankItem[] }>(path)).items;
};
const itemStands = (bankItemId: string, like: object): Promise<BankItemView> =>
  eventually(async () => {
    const item = await work.people.accountant.api.get<BankItemView>(`/v1/bank-items/${bankItemId}`);
    expect(item).toMatchObject(like);
    return item;
  }, walkMs);
const classify = async (bankItemId: string, body: object): Promise<string> => {
  const path = `/v1/bank-items/${bankItemId}/classifications`;
  const { api } = work.people.accountant;
  return (await api.post<{ readonly classificationId: string }>(path, body)).classificationId;
};

describe('a cut of the statement of September 2024', () => {
  it('is recorded by nobody who has not seen what it adds up to', async () => {
    const file = await accountant.file('cut.csv', cut(10_644, 10_744));
    const asked = await accountant.import(file, '--account', bank);
    expect(asked).toMatchObject({ exit: 4 });
    expect(asked.out).toMatch(/line 52 \(2024-09-10\): .*; 100,000 VND unexplained/);
    expect(asked.out).toContain('100 donations, 0 debits to classify, 1 unexplained sums');
    expect(await booksOf(work, bank)).toMatchObject({ lastEntryNumber: 0, numbered: 0 });
  });

  it('goes into the books with an opening entry, each credit with its receipt, what nobody can explain in suspense', async () => {
    const file = await accountant.file('cut.csv', cut(10_644, 10_744));
    const yes = ['--account', bank, '--yes', '--opening-entry'];
    const without = ['--account', bank, '--yes', '--seen', 'account-new'];
    for (const options of [yes, without])
      expect(await accountant.import(file, ...options)).toMatchObject({ exit: 4 });
    const { exit, out, progress } = await accountant.import(file, ...yes, '--seen', 'account-new');
    expect(progress).toMatch(/[█░]{30} recorded [\d,]+ of 101, in the books [\d,]+, numbered [\d,]+/);
    expect(out).toMatch(/^Done: 100 donations have their receipt numbers; 0 debits and 1 unexplained/m);
    expect(exit).toBe(0);
    const closing = BigInt(lines[10_743]?.split(',').at(-1) ?? '');
    expect(await booksOf(work, bank)).toEqual({
      ...{ lastEntryNumber: 102, numbered: 100 },
      ...{ balance: closing, suspense: 100_000n },
    });
  });

  it('adds nothing when it is sent again, and only what is new where another overlaps it', async () => {
    const again = await accountant.import(
      await accountant.file('again.csv', cut(10_644, 10_744)),
      '--account',
      bank,
    );
    expect(again).toMatchObject({ exit: 0 });
    expect(again.out).toContain('Nothing is new');
    const next = await accountant.file('next.csv', cut(10_700, 10_760));
    const { exit, out } = await accountant.import(next, '--account', bank, '--yes');
    expect(out).toMatch(/^Done: 16 donations .* 45 rows were there before\.$/m);
    expect(exit).toBe(0);
    const closing = BigInt(lines[10_759]?.split(',').at(-1) ?? '');
    expect(await booksOf(work, bank)).toMatchObject({ numbered: 116, balance: closing });
  });

  it('has its unexplained money decided on: a donation, which gets a receipt, and voided is open again', async () => {
    const [found] = await items('&kind=unexplained');
    const { bankItemId = '' } = found ?? {};
    await itemStands(bankItemId, { status: 'open', memo: { reference: '651290814' } });
    const donationId = await classify(bankItemId, { as: 'donation', note: 'Theo giấy báo có (giả định)' });
    await itemStands(bankItemId, { status: 'posted', said: { note: 'Theo giấy báo có (giả định)' } });
    await receipted(work, donationId, { status: 'in-force', amount: vnd(100_000) });
    expect(await donationOf(work, donationId)).toMatchObject({ bankItemId, donor: { kind: 'unidentified' } });
    expect(await booksOf(work, bank)).toMatchObject({ suspense: 0n });
    const undo = work.people.accountant.api.post(
      `/v1/bank-items/${bankItemId}/classifications/${donationId}/undoing`,
      { reason: 'Nhầm (giả định)' },
    );
    await expect(undo).rejects.toEqual(refusal(409, 'bank-item/void-the-donation'));
    const asked = await work.people.accountant.api.post<{ readonly id: string }>(
      `/v1/donations/${donationId}/void`,
      { reason: 'Nhầm (giả định)' },
    );
    await work.people.approver.api.post(`/v1/donations/${donationId}/void/${asked.id}/approval`);
    await itemStands(bankItemId, { status: 'open', settled: [{ outcome: 'undone' }] });
    expect(await booksOf(work, bank)).toMatchObject({ suspense: 100_000n });
  });
});

describe('a statement that was sent and is not wanted', () => {
  it('is discarded at the command line, once', async () => {
    const text = madeStatement(0, [{ moved: 5, on: '2024-09-20' }]);
    const statementId = await accountant.send(work.fundId, 'bank.1900000009', text);
    const discarded = await accountant.discard(statementId);
    expect(discarded).toMatchObject({ exit: 0 });
    expect(discarded.out).toContain('The statement is discarded');
    const again = await accountant.discard(statementId);
    expect(again).toMatchObject({ exit: 4 });
    expect(again.out).toContain('statement/discarded');
  });
});

describe('money that went out', () => {
  let fee: string;
  let printing: string;

  it('is recorded to be classified, and lessens no purpose before that', async () => {
    const rows = [
      { moved: 900_000, on: '2024-09-20', details: 'LE THI DU ung ho' },
      { moved: -11_000, on: '2024-09-21', details: 'Phi thang' },
      { moved: -200_000, on: '2024-09-22', details: 'In to roi' },
    ];
    const file = await accountant.file('other.csv', madeStatement(0, rows));
    expect(await accountant.import(file, '--account', other, '--yes')).toMatchObject({ exit: 0 });
    const found = await items(`&kind=debit&account=${other}&status=open`);
    expect(found.map(({ amount, line }) => [amount, line])).toEqual([
      [vnd(-200_000), 4],
      [vnd(-11_000), 3],
    ]);
    [printing = '', fee = ''] = found.map(({ bankItemId }) => bankItemId);
    expect((await booksOf(work, other)).balance).toBe(689_000n);
  });

  it('was a fee of the bank, or something else after all', async () => {
    const said = await classify(fee, { as: 'cash-withdrawn' });
    await itemStands(fee, { status: 'posted' });
    await work.people.accountant.api.post(`/v1/bank-items/${fee}/classifications/${said}/undoing`, {
      reason: 'Là phí (giả định)',
    });
    await itemStands(fee, { status: 'open', settled: [{ outcome: 'undone' }] });
    await classify(fee, { as: 'bank-fee' });
    await itemStands(fee, { status: 'posted', said: { classification: { purpose: 'unrestricted' } } });
    await eventually(async () => {
      const listed = await items(`&status=posted&account=${other}`);
      expect(listed).toMatchObject([{ bankItemId: fee, said: { as: 'bank-fee' } }]);
    }, walkMs);
    expect((await booksOf(work, other)).balance).toBe(689_000n);
  });

  it('goes to an account of somebody’s choice only when a second person agrees', async () => {
    const wrong = await classify(printing, { as: 'other', account: 'expense.other' });
    const withdrawal = `/v1/bank-items/${printing}/classifications/${wrong}/withdrawal`;
    await work.people.accountant.api.post(withdrawal, { reason: 'Nhầm tài khoản (giả định)' });
    await itemStands(printing, { status: 'open', settled: [{ outcome: 'rejected' }] });
    const said = await classify(printing, { as: 'other', account: 'expense.management' });
    const approval = `/v1/bank-items/${printing}/classifications/${said}/approval`;
    await expect(work.people.accountant.api.post(approval)).rejects.toEqual(refusal(403, 'access/forbidden'));
    await work.people.approver.api.post(approval);
    const { status } = await eventually(async () => {
      const item = await work.people.accountant.api.get<BankItemView>(`/v1/bank-items/${printing}`);
      expect(['posted', 'open']).toContain(item.status);
      return item;
    }, walkMs);
    expect(status).toBe('posted');
  });

  it('is in the books as every event says', async () => {
    expect(await replayed(work)).toContain('donations.bank_item: 3 rows equal');
    expect(await fileReplayed(work)).toContain('donations.donation: 118 rows folded');
  });
});
