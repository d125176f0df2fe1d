import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#event-store/command-id.js';
import { openDonations, staff, type DonationsUnderTest } from '#testing/donations-service.js';
import { eventually } from '#testing/eventually.js';
import { madeStatement } from '#testing/made-statement.js';
import type { Answer } from '#testing/service-under-test.js';
import { readBankItem } from './bank-item-view.js';
import { DonationEntry } from './donation-entry.js';
import { ItemDonations } from './item-donations.js';
import { STREAMS, streamsOf, type Streams } from './streams.js';
import { StatementFiles } from '../statement/statement-files.js';

const fundId = newId();
const accountant = staff(newId(), { role: 'accountant', fundId });
const cashier = staff(newId(), { role: 'cashier', fundId });

let service: DonationsUnderTest;
beforeAll(async () => {
  service = await openDonations('2025-03-10T03:00:00Z');
  await service.fundOpened(fundId);
});
afterAll(() => service.close());

const vnd = (amount: number) => ({ amount: String(amount), currency: 'VND' });
let accounts = 0;
const freshAccount = (): string => `bank.${String(++accounts)}`;

function upload(account: string, text: string): Promise<Answer> {
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

const confirm = (statementId: string, body: object): Promise<Answer> =>
  service.post(`/v1/statements/${statementId}/confirmation`, { as: accountant, body });

const imported = (statementId: string) =>
  eventually(async () => {
    const { json } = await service.get(`/v1/statements/${statementId}`, accountant);
    expect(json).toMatchObject({ status: 'imported' });
    await service.caughtUp();
    return json['imported'];
  });

/** The ledger says that an entry moved bank accounts. */
async function entry(type: string, effectiveOn: string, moved: Record<string, number>, more: object = {}) {
  await service.say('ledger', type, {
    ...{ fundId, entryId: `entry.${newId()}`, entryNumber: 1, effectiveOn, kind: 'journal', ...more },
    postings: Object.entries(moved).map(([account, amount]) => ({
      ...{ account, purpose: 'unrestricted', amount: vnd(amount) },
    })),
  });
}

/** A cashier enters a donation by hand, and the ledger posts it. */
async function enteredByHand(account: string, amount: number, receivedOn: string): Promise<string> {
  const { json } = await service.post('/v1/donations', {
    as: cashier,
    body: {
      ...{ fundId, method: 'bank', account, amount: vnd(amount), receivedOn },
      ...{ donor: { kind: 'anonymous' }, purpose: 'unrestricted' },
    },
  });
  const donationId = String(json['donationId']);
  const [recorded] = await service.events(`donation-${donationId}`);
  const { source } = recorded!.data as { readonly source: object };
  await entry(
    'DonationPosted.v1',
    receivedOn,
    { [account]: amount, 'income.donation': -amount },
    { source, entryId: `donation.${donationId}`, postedPurpose: 'unrestricted' },
  );
  await service.caughtUp();
  return donationId;
}

describe('a statement that says what somebody entered by hand', () => {
  const text = madeStatement(1_000, [
    { moved: 20_000, on: '2025-03-03' },
    { moved: 50_000, on: '2025-03-06' },
  ]);

  it('names the donation and by how much the books would differ, and is confirmed by whoever names both', async () => {
    const account = freshAccount();
    await entry('EntryPosted.v1', '2025-03-01', { [account]: 1_000, 'equity.opening': -1_000 });
    const donationId = await enteredByHand(account, 50_000, '2025-03-05');
    const statementId = await uploaded(account, text, {
      ...{ bookBalance: vnd(1_000), closingDifference: vnd(50_000), doubts: ['entered-by-hand'] },
      entered: { count: 1, first: [{ line: 3, donationId, receivedOn: '2025-03-05', amount: vnd(50_000) }] },
      warnings: ['closing-differs', 'entered-by-hand'],
    });
    expect(await confirm(statementId, {})).toMatchObject({
      ...{ status: 409, json: { code: 'statement/doubts-unseen', details: { doubts: 'entered-by-hand' } } },
    });
    const doubts = ['entered-by-hand'];
    for (const sum of [undefined, vnd(-50_000), vnd(49_999)])
      expect(await confirm(statementId, { doubts, ...(sum && { closingDifference: sum }) })).toMatchObject({
        ...{ status: 409, json: { code: 'statement/closing-differs', details: { difference: '50000' } } },
      });
    const confirmed = await confirm(statementId, { doubts, closingDifference: vnd(50_000) });
    expect(confirmed).toMatchObject({ status: 201 });
    expect((await service.events(`statement-${statementId}`))[1]?.data).toMatchObject({
      ...{ doubts, closingDifference: vnd(50_000) },
    });
  });

  it('says nothing of other sums, other days, other accounts, and what was voided or read from a statement', async () => {
    const account = freshAccount();
    await enteredByHand(account, 20_001, '2025-02-20');
    await enteredByHand(account, 50_000, '2025-02-20');
    await enteredByHand(freshAccount(), 50_000, '2025-03-05');
    const statementId = await uploaded(
      account,
      madeStatement(70_001, [{ moved: 50_000, on: '2025-03-06' }]),
      {
        ...{ bookBalance: vnd(70_001), doubts: [], warnings: [] },
      },
    );
    const shown = await service.get(`/v1/statements/${statementId}`, accountant);
    expect(shown.json['preview']).not.toHaveProperty('entered');
    expect(await confirm(statementId, {})).toMatchObject({ status: 201 });
    await imported(statementId);
    const more = madeStatement(70_001, [
      { moved: 50_000, on: '2025-03-06' },
      { moved: 50_000, on: '2025-03-07', reference: 'another' },
    ]);
    expect((await upload(account, more)).json['preview']).not.toHaveProperty('entered');
  });
});

describe('a statement of an account that nobody has heard of', () => {
  it('is confirmed by whoever says that this was seen', async () => {
    const account = freshAccount();
    const { json } = await upload(account, madeStatement(0, [{ moved: 7 }]));
    expect(json).toMatchObject({ preview: { doubts: ['account-new'], warnings: ['account-new'] } });
    const statementId = String(json['statementId']);
    expect(await confirm(statementId, {})).toMatchObject({
      json: { code: 'statement/doubts-unseen', details: { doubts: 'account-new' } },
    });
    expect(await confirm(statementId, { doubts: ['account-new'] })).toMatchObject({ status: 201 });
    await imported(statementId);
    const next = await upload(account, madeStatement(0, [{ moved: 7 }, { moved: 8 }]));
    expect(next.json).toMatchObject({ preview: { doubts: [] } });
  });

  it('is not one that the books have without any money', async () => {
    const account = freshAccount();
    await service.say('ledger', 'AccountOpened.v1', { fundId, account });
    await uploaded(account, madeStatement(0, [{ moved: 5_811 }]), { doubts: [] });
  });
});

describe('the same statement under another account', () => {
  it('is told, with the other statement where that is of the same fund, until that one is discarded', async () => {
    const text = madeStatement(0, [{ moved: 4_711 }]);
    const [first, second] = [freshAccount(), freshAccount()];
    const statementId = String((await upload(first, text)).json['statementId']);
    await service.caughtUp();
    expect((await upload(first, text)).json).toMatchObject({ preview: { doubts: ['account-new'] } });
    const other = await upload(second, text);
    expect(other.json).toMatchObject({
      preview: { sameFile: { statementId, account: first }, doubts: ['account-new', 'same-file'] },
    });
    const packed = { type: 'application/gzip', bytes: gzipSync(text.replaceAll(',', ';')) };
    const asked = new URLSearchParams({ fundId, account: second }).toString();
    expect(
      (await service.post(`/v1/statements?${asked}`, { as: accountant, file: packed })).json,
    ).toMatchObject({
      preview: { sameFile: { statementId, account: first } },
    });
    const changed = await upload(second, text.replace('4711', '4712').replace('4711', '4712'));
    expect(changed.json).toMatchObject({ preview: { doubts: ['account-new'] } });
    const there = newId();
    await service.fundOpened(there);
    const query = new URLSearchParams({ fundId: there, account: first }).toString();
    const elsewhere = await service.post(`/v1/statements?${query}`, {
      as: staff(newId(), { role: 'accountant', fundId: there }),
      file: { type: 'text/csv', bytes: Buffer.from(text) },
    });
    expect(elsewhere.json).toMatchObject({ preview: { sameFile: {}, doubts: ['account-new', 'same-file'] } });
    expect(JSON.stringify(elsewhere.json)).not.toContain(statementId);
  });
});

describe('a statement that says the other half of an own transfer', () => {
  it('has it recorded as a bank item to be claimed, and not as a donation', async () => {
    const [from, to] = [freshAccount(), freshAccount()];
    const sent = String(
      (await upload(from, madeStatement(90_000, [{ moved: -30_000 }]))).json['statementId'],
    );
    await confirm(sent, { doubts: ['account-new'], openingEntry: vnd(90_000) });
    await imported(sent);
    const items = await service.get(`/v1/bank-items?fundId=${fundId}&statementId=${sent}`, accountant);
    const [{ bankItemId }] = items.json['items'] as unknown as [{ readonly bankItemId: string }];
    const said = await service.post(`/v1/bank-items/${bankItemId}/classifications`, {
      ...{ as: accountant, body: { as: 'own-transfer', account: to } },
    });
    const { classificationId } = said.json as unknown as { readonly classificationId: string };
    const classified = { bankItemId, classificationId, of: 'classification' };
    const entryId = `classification.${classificationId}`;
    await entry(
      'ClassificationPosted.v1',
      '2025-03-03',
      { [from]: 0, [to]: 30_000 },
      { ...classified, entryId },
    );
    const text = madeStatement(0, [
      { moved: 500 },
      { moved: 30_000 },
      { moved: 30_000, reference: 'a gift' },
    ]);
    const statementId = await uploaded(to, text, {
      ...{ bookBalance: vnd(0), willRecord: { donations: 2, debits: 0, unexplained: 1 } },
      otherHalves: { count: 1, first: [{ line: 3, entryId, amount: vnd(30_000) }] },
      ...{ warnings: ['own-transfers'], doubts: [] },
    });
    expect(await confirm(statementId, {})).toMatchObject({ status: 201 });
    expect(await imported(statementId)).toEqual({ donations: 2, debits: 0, unexplained: 1, known: 0 });
    const found = await service.get(`/v1/bank-items?fundId=${fundId}&statementId=${statementId}`, accountant);
    expect(found.json['items']).toMatchObject([{ kind: 'unexplained', amount: vnd(30_000), line: 3 }]);
    const [half] = found.json['items'] as unknown as [{ readonly bankItemId: string }];
    const claim = await service.post(`/v1/bank-items/${half.bankItemId}/classifications`, {
      ...{ as: accountant, body: { as: 'posted', entryId } },
    });
    expect(claim).toMatchObject({ status: 201 });
    await service.caughtUp();
    const again = await upload(to, `${text}2025-03-04,late,,0,30000,90500\n`);
    expect(again.json['preview']).toMatchObject({ known: 3, willRecord: { donations: 1, unexplained: 0 } });
  });
});

describe('what is said of a bank item', () => {
  const itemsOf = async (statementId: string) => {
    const path = `/v1/bank-items?fundId=${fundId}&statementId=${statementId}`;
    const { json } = await service.get(path, accountant);
    return (json['items'] as unknown as readonly { readonly bankItemId: string }[]).map(
      ({ bankItemId }) => bankItemId,
    );
  };
  const enter = async (account: string, text: string, opening: number): Promise<string> => {
    const statementId = String((await upload(account, text)).json['statementId']);
    const openingEntry = vnd(opening);
    expect(await confirm(statementId, { doubts: ['account-new'], openingEntry })).toMatchObject({
      status: 201,
    });
    await imported(statementId);
    return statementId;
  };
  const classify = (bankItemId: string, body: object): Promise<Answer> =>
    service.post(`/v1/bank-items/${bankItemId}/classifications`, { as: accountant, body });
  const mayBe = (entryIds: string) => ({
    ...{ status: 409, json: { code: 'bank-item/may-be-booked', details: { entryIds } } },
  });

  it('is refused where the donation of its other half stands, until that is said to be other money', async () => {
    const [from, to] = [freshAccount(), freshAccount()];
    const received = await enter(to, madeStatement(0, [{ moved: 61_000, on: '2025-03-05' }]), 0);
    const listed = await service.get(`/v1/donations?fundId=${fundId}&statementId=${received}`, accountant);
    const [{ donationId }] = listed.json['items'] as unknown as [{ readonly donationId: string }];
    const rows = [
      { moved: -61_000, on: '2025-03-04' },
      { moved: -61_000, on: '2025-02-27' },
    ];
    const [far = '', near = ''] = await itemsOf(await enter(from, madeStatement(200_000, rows), 200_000));
    const own = { as: 'own-transfer', account: to };
    expect(await classify(near, own)).toMatchObject(mayBe(`donation.${donationId}`));
    expect(await classify(far, own)).toMatchObject({ status: 201 });
    expect(await classify(near, { ...own, distinctFrom: `donation.${donationId}` })).toMatchObject({
      status: 201,
    });
  });

  it('is refused where an own transfer said it already, but for claiming that', async () => {
    const [from, to] = [freshAccount(), freshAccount()];
    const [arrived = ''] = await itemsOf(
      await enter(from, madeStatement(9_000, [{ moved: 1 }, { moved: 0, unexplained: 33_000 }]), 9_000),
    );
    const said = await classify(arrived, { as: 'own-transfer', account: to });
    await service.caughtUp();
    const entryId = `classification.${String(said.json['classificationId'])}`;
    const [left = ''] = await itemsOf(await enter(to, madeStatement(50_000, [{ moved: -33_000 }]), 50_000));
    for (const body of [{ as: 'own-transfer', account: from }, { as: 'cash-withdrawn' }])
      expect(await classify(left, body)).toMatchObject(mayBe(entryId));
    expect(await classify(left, { as: 'posted', entryId })).toMatchObject({ status: 201 });
  });

  it('is refused as a donation that somebody entered by hand, and becomes one once, by however many at once', async () => {
    const account = freshAccount();
    const text = madeStatement(1_000, [{ moved: 1 }, { moved: 0, unexplained: 72_000, on: '2025-03-04' }]);
    const [item = ''] = await itemsOf(await enter(account, text, 1_000));
    const donationId = await enteredByHand(account, 72_000, '2025-03-05');
    expect(await classify(item, { as: 'donation' })).toMatchObject(mayBe(`donation.${donationId}`));
    const classificationId = newId();
    const { bankItems } = service.app.get<Streams>(STREAMS);
    const context = {
      actor: 'staff:minh',
      commandId: classificationId,
      correlationId: classificationId,
    } as const;
    const classification = { as: 'donation', language: 'vi' } as const;
    const by = accountant.staffId;
    const said = { type: 'ClassifyBankItem', classificationId, classification, by } as const;
    const { events } = await bankItems.command(`bank-item-${item}`, said, context);
    const eventId = events[0]?.id ?? '';
    const another = new ItemDonations(streamsOf(service.store), service.app.get(DonationEntry));
    const all = [service.app.get(ItemDonations), another, another, service.app.get(ItemDonations)];
    await Promise.all(all.map((one) => one.record(`bank-item-${item}`, eventId)));
    expect((await service.events(`donation-${classificationId}`)).map(({ type }) => type)).toEqual([
      'DonationRecorded',
    ]);
    expect((await service.events(`bank-item-${item}`)).map(({ type }) => type)).toEqual([
      ...['BankItemRecorded', 'BankItemClassified'],
    ]);
  });
});

describe('the texts of a bank item', () => {
  it('are destroyed by an administrator, and what is written later is destroyed by the next erasure', async () => {
    const account = freshAccount();
    const text = madeStatement(9_000, [{ moved: -2_000, details: 'Mac Thi Du rut tien' }]);
    const statementId = String((await upload(account, text)).json['statementId']);
    await confirm(statementId, { doubts: ['account-new'], openingEntry: vnd(9_000) });
    await imported(statementId);
    const listed = await service.get(
      `/v1/bank-items?fundId=${fundId}&statementId=${statementId}`,
      accountant,
    );
    const [{ bankItemId }] = listed.json['items'] as unknown as [{ readonly bankItemId: string }];
    const shown = async () => (await service.get(`/v1/bank-items/${bankItemId}`, accountant)).json;
    expect(await shown()).toMatchObject({ memo: { text: 'Mac Thi Du rut tien' } });
    const administrator = staff(newId(), { role: 'administrator', fundId });
    const erase = (as = administrator) =>
      service.post(`/v1/bank-items/${bankItemId}/erasure`, { as, body: {} });
    expect(await erase(accountant)).toMatchObject({ status: 403 });
    expect(await erase()).toMatchObject({ status: 201, json: { bankItemId } });
    expect(await shown()).toMatchObject({ memo: null, status: 'open', amount: vnd(-2_000) });
    const body = { as: 'bank-fee', note: 'Theo lời Mạc Thị Dụ (giả định)' };
    await service.post(`/v1/bank-items/${bankItemId}/classifications`, { as: accountant, body });
    expect(await shown()).toMatchObject({ said: { note: body.note } });
    await erase();
    expect(await shown()).toMatchObject({ said: { note: null } });
    expect(
      await service.post(`/v1/bank-items/${newId()}/erasure`, { as: administrator, body: {} }),
    ).toMatchObject({
      ...{ status: 404, json: { code: 'bank-item/unknown' } },
    });
  });
});

describe('a row with an amount whose balance says more', () => {
  it('has what the bank wrote sealed once, with its donation', async () => {
    const details = 'Mac Thi Du ung ho';
    const text = madeStatement(0, [{ moved: 100 }, { moved: 400, unexplained: 30, details }]);
    const statementId = String((await upload(freshAccount(), text)).json['statementId']);
    await confirm(statementId, { doubts: ['account-new'] });
    expect(await imported(statementId)).toMatchObject({ donations: 2, unexplained: 1 });
    const query = `fundId=${fundId}&statementId=${statementId}`;
    const [item] = (await service.get(`/v1/bank-items?${query}`, accountant)).json['items'] as unknown as [
      { readonly bankItemId: string },
    ];
    expect(await service.get(`/v1/bank-items/${item.bankItemId}`, accountant)).toMatchObject({
      json: { amount: vnd(30), line: 3, memo: null },
    });
    const { events } = await readBankItem(service.store, item.bankItemId);
    expect(events[0]?.data).not.toHaveProperty('memoRecordId');
    const listed = (await service.get(`/v1/donations?${query}`, accountant)).json['items'];
    const [{ donationId }] = listed as unknown as [{ readonly donationId: string }];
    const [recorded] = await service.events(`donation-${donationId}`);
    expect(recorded?.data).toMatchObject({ source: { amount: vnd(400) }, memoRecordId: expect.anything() });
  });
});

describe('large files at once', () => {
  it('are read two at a time; another is told to come again', async () => {
    const files = service.app.get(StatementFiles);
    let open: () => void = () => undefined;
    const busy = new Promise<void>((resolve) => (open = resolve));
    const reading = [files.oneOfFew(() => busy), files.oneOfFew(() => busy)];
    const account = freshAccount();
    const turnedAway = await upload(account, madeStatement(0, [{ moved: 1 }]));
    expect(turnedAway).toMatchObject({ status: 503, json: { code: 'http/busy' } });
    open();
    await Promise.all(reading);
    expect(await upload(account, madeStatement(0, [{ moved: 1 }]))).toMatchObject({ status: 201 });
  });
});
