import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#event-store/command-id.js';
import { openDonations, staff, type DonationsUnderTest } from '#testing/donations-service.js';
import { appendNext, newEvent } from '#testing/events.js';
import { eventually } from '#testing/eventually.js';
import { madeStatement, type MadeRow } from '#testing/made-statement.js';
import type { Answer } from '#testing/service-under-test.js';

const fundId = newId();
const accountant = staff(newId(), { role: 'accountant', fundId });

let service: DonationsUnderTest;
beforeAll(async () => {
  service = await openDonations('2025-03-31T03:00:00Z');
  await service.fundOpened(fundId);
});
afterAll(() => service.close());

const vnd = (amount: number) => ({ amount: String(amount), currency: 'VND' });
let accounts = 0;
const freshAccount = (): string => `bank.${String(++accounts)}`;

async function upload(account: string, text: string): Promise<Answer> {
  const query = new URLSearchParams({ fundId, account }).toString();
  const file = { type: 'text/csv', bytes: Buffer.from(text) };
  return service.post(`/v1/statements?${query}`, { as: accountant, file });
}

/** Sends it until its preview says this: what others say takes its time. */
const uploaded = (account: string, text: string, preview: object): Promise<string> =>
  eventually(async () => {
    const { json } = await upload(account, text);
    expect(json).toMatchObject({ preview });
    return String(json['statementId']);
  });

/** Confirms it; its rows are recorded, and bank items of it listed from the last line up. */
async function entered(statementId: string, body: object): Promise<readonly string[]> {
  const path = `/v1/statements/${statementId}/confirmation`;
  expect(await service.post(path, { as: accountant, body })).toMatchObject({ status: 201 });
  await eventually(async () => {
    const { json } = await service.get(`/v1/statements/${statementId}`, accountant);
    expect(json).toMatchObject({ status: 'imported' });
  });
  await service.caughtUp();
  const listed = `/v1/bank-items?fundId=${fundId}&statementId=${statementId}`;
  const { json } = await service.get(listed, accountant);
  return (json['items'] as unknown as { readonly bankItemId: string }[]).map(({ bankItemId }) => bankItemId);
}

const opened = async (account: string, text: string, opening: number): Promise<readonly string[]> =>
  entered(String((await upload(account, text)).json['statementId']), {
    ...{ doubts: ['account-new'], openingEntry: vnd(opening) },
  });

const classify = (bankItemId: string, body: object): Promise<Answer> =>
  service.post(`/v1/bank-items/${bankItemId}/classifications`, { as: accountant, body });

/** The ledger says that an entry moved bank accounts. */
const told = (type: string, effectiveOn: string, moved: Record<string, number>, more: object = {}) =>
  service.say('ledger', type, {
    ...{ fundId, entryId: `entry.${newId()}`, entryNumber: 1, effectiveOn, ...more },
    postings: Object.entries(moved).map(([account, amount]) => ({
      ...{ account, purpose: 'unrestricted', amount: vnd(amount) },
    })),
  });

/** A journal of a person, by its entry id. */
async function journal(effectiveOn: string, moved: Record<string, number>): Promise<string> {
  const journalId = newId();
  await told('JournalPosted.v1', effectiveOn, moved, { journalId, entryId: `journal.${journalId}` });
  return `journal.${journalId}`;
}

/** No two files are the same. */
let references = 0;
const made = (balance: number, rows: readonly MadeRow[]): string =>
  madeStatement(
    balance,
    rows.map((row) => ({ reference: `ref ${String(++references)}`, ...row })),
  );

const opening = (account: string, amount: number) =>
  told('EntryPosted.v1', '2025-02-01', { [account]: amount, 'equity.opening': -amount }, { kind: 'opening' });

describe('an own transfer that is said of both its items at once', () => {
  it('counts once', async () => {
    const [from, to] = [freshAccount(), freshAccount()];
    const [sent = ''] = await opened(from, made(90_000, [{ moved: -30_000 }]), 90_000);
    const arrival = made(1_000, [{ moved: 1 }, { moved: 0, unexplained: 30_000 }]);
    const [received = ''] = await opened(to, arrival, 1_000);
    const answers = await Promise.all([
      classify(sent, { as: 'own-transfer', account: to }),
      classify(received, { as: 'own-transfer', account: from }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)?.json).toMatchObject({
      code: 'bank-item/may-be-booked',
    });
  });

  it('is not said while rows of the other account are being recorded', async () => {
    const [from, to, statementId] = [freshAccount(), freshAccount(), newId()];
    const [sent = ''] = await opened(from, made(90_000, [{ moved: -30_000 }]), 90_000);
    const happened = (type: string, data: object) =>
      appendNext(
        service.store,
        `statement-${statementId}`,
        newEvent(type, { statementId, fundId, account: to, ...data }),
      );
    const none = vnd(0);
    await happened('StatementUploaded', {
      ...{ currency: 'VND', profile: { name: 'plain' }, uploadedBy: newId() },
      file: { fileRecordId: newId(), digest: statementId, bytes: 1 },
      totals: {
        ...{ rows: 1, opening: none, closing: none, credits: none, debits: none, breaks: [] },
        ...{ firstOn: '2025-03-01', lastOn: '2025-03-01' },
      },
    });
    await happened('StatementConfirmed', { confirmedBy: newId() });
    expect(await classify(sent, { as: 'own-transfer', account: to })).toMatchObject({
      ...{ status: 409, json: { code: 'bank-item/statement-under-way', details: { statementId } } },
    });
    expect(await classify(sent, { as: 'bank-fee' })).toMatchObject({ status: 201 });
  });
});

describe('an own transfer that is being undone', () => {
  it('stands until the ledger has answered, and then is looked for no more', async () => {
    const [from, to] = [freshAccount(), freshAccount()];
    await opening(to, 1_000);
    const [sent = ''] = await opened(from, made(90_000, [{ moved: -30_000 }]), 90_000);
    const said = await classify(sent, { as: 'own-transfer', account: to });
    const { classificationId } = said.json as unknown as { readonly classificationId: string };
    const answered = (of: string, moved: number) =>
      told(
        'ClassificationPosted.v1',
        '2025-03-03',
        { [to]: moved },
        { entryId: `${of}.${classificationId}`, bankItemId: sent, classificationId, of },
      );
    await answered('classification', 30_000);
    const arrival = made(1_000, [{ moved: 30_000 }]);
    const asDonation = { donations: 1, debits: 0, unexplained: 0 };
    const asItem = { donations: 0, debits: 0, unexplained: 1 };
    const atOpening = { bookBalance: vnd(1_000), openingDifference: vnd(0) };
    await uploaded(to, arrival, { ...atOpening, willRecord: asItem });
    const undo = await service.post(`/v1/bank-items/${sent}/classifications/${classificationId}/undoing`, {
      ...{ as: accountant, body: { reason: 'Nhầm tài khoản (giả định)' } },
    });
    expect(undo).toMatchObject({ status: 201, json: { event: 'ClassificationUndone' } });
    await service.caughtUp();
    expect((await upload(to, arrival)).json).toMatchObject({ preview: { ...atOpening, willRecord: asItem } });
    await answered('undoing', -30_000);
    await uploaded(to, arrival, { ...atOpening, willRecord: asDonation });
  });
});

describe('a refund or journal that was entered before the statement that says it', () => {
  it('disturbs neither opening nor closing, and makes no donation of what it brought', async () => {
    const account = freshAccount();
    await opening(account, 100_000);
    const paid = await journal('2025-03-02', { [account]: -40_000, cash: 40_000 });
    const interest = await journal('2025-03-05', { [account]: 700, 'income.interest': -700 });
    const text = made(100_000, [
      { moved: 5_000, on: '2025-03-03' },
      { moved: -40_000, on: '2025-03-03' },
      { moved: 700, on: '2025-03-06' },
    ]);
    const statementId = await uploaded(account, text, {
      ...{ bookBalance: vnd(100_000), openingDifference: vnd(0), warnings: ['own-transfers'] },
      willRecord: { donations: 1, debits: 1, unexplained: 1 },
      otherHalves: {
        first: [
          { line: 3, entryId: paid, amount: vnd(-40_000) },
          { line: 4, entryId: interest, amount: vnd(700) },
        ],
      },
    });
    const [, debit = ''] = await entered(statementId, {});
    expect(await service.get(`/v1/bank-items/${debit}`, accountant)).toMatchObject({
      json: { kind: 'debit' },
    });
    expect(await classify(debit, { as: 'bank-fee' })).toMatchObject({
      ...{ status: 409, json: { code: 'bank-item/may-be-booked', details: { entryIds: paid } } },
    });
    expect(await classify(debit, { as: 'posted', entryId: paid })).toMatchObject({ status: 201 });
  });

  it('is told by the item that waits to be classified, and by no further row', async () => {
    const account = freshAccount();
    await opening(account, 100_000);
    const first = made(100_000, [{ moved: -40_000, on: '2025-03-03' }]);
    const statementId = await uploaded(account, first, { bookBalance: vnd(100_000) });
    const [item = ''] = await entered(statementId, {});
    await told(
      'EntryPosted.v1',
      '2025-03-03',
      { [account]: -40_000, suspense: 40_000 },
      {
        ...{ kind: 'bank-item', subject: item },
      },
    );
    await told(
      'RefundPosted.v1',
      '2025-03-04',
      { [account]: -40_000, 'income.donation': 40_000 },
      {
        ...{ entryId: `refund.${newId()}`, reversesEntryId: `donation.${newId()}` },
      },
    );
    const next = made(60_000, [{ moved: -40_000, on: '2025-03-07' }]);
    await uploaded(account, next, { bookBalance: vnd(60_000), openingDifference: vnd(0) });
    const { json } = await upload(account, next);
    expect(json['preview']).not.toHaveProperty('otherHalves');
  });

  it('counts on the day of the item that claims it, and one that was reversed not at all', async () => {
    const account = freshAccount();
    await opening(account, 100_000);
    const entryId = await journal('2025-03-06', { [account]: -40_000, cash: 40_000 });
    const text = made(100_000, [{ moved: -40_000, on: '2025-03-03' }]);
    const statementId = await uploaded(account, text, { otherHalves: { count: 1 } });
    const [item = ''] = await entered(statementId, {});
    await told(
      'EntryPosted.v1',
      '2025-03-03',
      { [account]: -40_000, suspense: 40_000 },
      { kind: 'bank-item' },
    );
    const said = await classify(item, { as: 'posted', entryId });
    const { classificationId } = said.json as unknown as { readonly classificationId: string };
    const classified = { bankItemId: item, classificationId, of: 'classification' };
    await told('ClassificationPosted.v1', '2025-03-03', { [account]: 40_000, suspense: -40_000 }, classified);
    const wrong = await journal('2025-03-03', { [account]: -9, cash: 9 });
    await told(
      'JournalPosted.v1',
      '2025-03-03',
      { [account]: 9, cash: -9 },
      {
        ...{ journalId: newId(), reversesEntryId: wrong },
      },
    );
    const next = made(60_000, [{ moved: -9, on: '2025-03-04' }]);
    await uploaded(account, next, { bookBalance: vnd(60_000), openingDifference: vnd(0), warnings: [] });
  });
});

describe('many donations of the same sum', () => {
  it('are looked at as far as a person can name them', async () => {
    const [from, to] = [freshAccount(), freshAccount()];
    const gifts = Array.from({ length: 25 }, () => ({ moved: 30_000 }));
    await opened(to, made(1_000, gifts), 1_000);
    const [sent = ''] = await opened(from, made(90_000, [{ moved: -30_000 }]), 90_000);
    const own = { as: 'own-transfer', account: to };
    const { entryIds } = (await classify(sent, own)).json['details'] as unknown as {
      readonly entryIds: string;
    };
    expect(entryIds.split(' ')).toHaveLength(20);
    expect(await classify(sent, { ...own, distinctFrom: entryIds })).toMatchObject({ status: 201 });
  });
});

describe('the same statement under another account', () => {
  it('is told by the bytes of the file where that was uploaded before its rows were told apart', async () => {
    const text = madeStatement(0, [{ moved: 4_713 }]);
    const [first, second] = [freshAccount(), freshAccount()];
    const { json } = await upload(second, text);
    const [kept] = await service.events(`statement-${String(json['statementId'])}`);
    const { file, ...rest } = kept!.data as { readonly file: { readonly digest: string } };
    const statementId = newId();
    const old = { fileRecordId: newId(), digest: file.digest, bytes: text.length };
    const data = { ...rest, statementId, account: first, file: old };
    await appendNext(service.store, `statement-${statementId}`, newEvent('StatementUploaded', data));
    await service.caughtUp();
    expect((await upload(second, text)).json).toMatchObject({
      preview: { sameFile: { statementId, account: first } },
    });
    const other = await upload(second, text.replaceAll(',', ';'));
    expect(other.json).toMatchObject({ preview: { doubts: ['account-new'] } });
  });
});
