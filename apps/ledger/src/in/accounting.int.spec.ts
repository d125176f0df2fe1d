import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { donationsTopic } from '#contracts/donations.v1.js';
import type { Caller, Role } from '#kernel/roles.js';
import { eventually } from '#testing/eventually.js';
import { aSource, vnd } from '#testing/fund-stories.js';
import { holding, serviceApp, type Answer, type ServiceApp } from '#testing/service-app.js';
import { fundIdOfCode } from '../fund-streams.js';
import { ledgerService } from '../ledger.module.js';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const fundId = fundIdOfCode('KT');
const person = (n: number, role: Role, changes: Partial<Caller> = {}): Caller => ({
  staffId: uuid(n),
  secondFactor: true,
  grants: [{ role, fundId }],
  ...changes,
});
const minh = person(901, 'accountant');
const lan = person(902, 'approver');
const administrator = uuid(903);

let service: ServiceApp;

beforeAll(async () => {
  service = await serviceApp(ledgerService, donationsTopic);
  const opened = await post(
    '/v1/funds',
    'kt',
    {
      code: 'KT',
      level: 'province',
      name: { vi: 'Quỹ Kon Tum', en: 'Kon Tum Fund' },
      decision: { number: '12/QĐ-UBND', date: '2023-12-20', issuer: 'UBND tỉnh' },
      openedOn: '2024-01-01',
      bankAccounts: [{ account: 'bank.vcb1' }],
      openingBalances: [{ account: 'cash', amount: vnd(1_000_000) }],
    },
    holding('administrator', '*'),
  );
  expect(opened.status).toBe(201);
});

afterAll(() => service.stop());

function post(url: string, idempotencyKey: string, body?: object, as = minh): Promise<Answer> {
  return service.send('POST', url, { as, idempotencyKey, ...(body && { body }) });
}

const journal = (changes: object = {}): object => ({
  fundId,
  kind: 'manual',
  effectiveOn: '2024-09-10',
  text: 'Mua văn phòng phẩm (giả định)',
  postings: [
    { account: 'expense.management', amount: vnd(50_000) },
    { account: 'cash', amount: vnd(-50_000) },
  ],
  ...changes,
});

const shown = async (journalId: unknown, as = minh): Promise<Record<string, unknown>> =>
  (await service.send('GET', `/v1/journals/${String(journalId)}`, { as })).json;
const settled = (journalId: unknown, status: string): Promise<void> =>
  eventually(async () => expect(await shown(journalId)).toMatchObject({ status }));
const balanceOf = async (account: string): Promise<unknown> => {
  const { json } = await service.ask(`/v1/funds/${fundId}/balances?by=account`, minh);
  const all = json['balances'] as readonly { account: string; balance: { amount: string } }[];
  return all.find((one) => one.account === account)?.balance.amount;
};

describe('a journal', () => {
  it('is written by one person, agreed to by another and posted by its fund', async () => {
    const written = await post('/v1/journals', 'pens', journal());
    expect(written).toMatchObject({
      status: 201,
      json: { status: 'drafted', draftedBy: minh.staffId, text: 'Mua văn phòng phẩm (giả định)' },
    });
    const { journalId } = written.json;
    const approval = `/v1/journals/${String(journalId)}/approval`;
    const both = person(901, 'approver');
    expect(await post(approval, 'a0', undefined, both)).toMatchObject({
      status: 403,
      json: { code: 'journal/same-person' },
    });
    const agreed = await post(approval, 'a1', undefined, lan);
    expect(agreed).toMatchObject({ status: 200, json: { journalId, event: 'JournalApproved' } });
    await settled(journalId, 'posted');
    expect(await post(approval, 'a1', undefined, lan)).toEqual(agreed);
    expect(await post('/v1/journals', 'pens', journal())).toEqual(written);
    expect(await balanceOf('cash')).toBe('950000');
    const entry = await service.ask(`/v1/entries/journal.${String(journalId)}`, minh);
    expect(entry.json).toMatchObject({ kind: 'journal', effectiveOn: '2024-09-10' });
    const list = await service.ask(`/v1/journals?fund=${fundId}`, minh);
    expect(list.json['items']).toMatchObject([{ journalId, status: 'posted', decidedBy: lan.staffId }]);
  });

  it('has its texts destroyed by an administrator, once per command, and what is written later by the next', async () => {
    const { json } = await post('/v1/journals', 'erased', journal({ text: 'Trả chị Dụ (giả định)' }));
    const path = `/v1/journals/${String(json['journalId'])}`;
    const administrator = person(906, 'administrator');
    expect(await post(`${path}/erasure`, 'no')).toMatchObject({ status: 403 });
    for (let time = 0; time < 2; time += 1)
      expect(await post(`${path}/erasure`, 'gone', {}, administrator)).toMatchObject({ status: 200 });
    expect(await shown(json['journalId'], minh)).toMatchObject({ text: null, status: 'drafted' });
    const no = { reason: 'Chị Dụ đã nhận (giả định)' };
    expect(await post(`${path}/rejection`, 'no-gone', no, lan)).toMatchObject({ status: 200 });
    expect(await shown(json['journalId'], minh)).toMatchObject({ reason: no.reason });
    await post(`${path}/erasure`, 'gone', {}, administrator);
    expect(await shown(json['journalId'], minh)).toMatchObject({ reason: no.reason });
    await post(`${path}/erasure`, 'gone-again', {}, administrator);
    expect(await shown(json['journalId'], minh)).toMatchObject({ reason: null });
  });

  it('tells what it is about to who may read texts alone', async () => {
    const { json } = await post('/v1/journals', 'secret', journal({ text: 'Riêng tư' }));
    expect(await shown(json['journalId'], person(905, 'viewer'))).toMatchObject({ text: null });
    expect(await shown(json['journalId'], person(905, 'auditor'))).toMatchObject({ text: 'Riêng tư' });
    const rejection = `/v1/journals/${String(json['journalId'])}/rejection`;
    await post(rejection, 'r1', { reason: 'Sai tài khoản' }, lan);
    expect(await shown(json['journalId'])).toMatchObject({ status: 'rejected', reason: 'Sai tài khoản' });
  });

  it('is agreed to by nobody whom the same administrator made and who made its author', async () => {
    const author = { ...minh, enabledBy: [administrator] };
    const { json } = await post('/v1/journals', 'behind', journal(), author);
    const approval = `/v1/journals/${String(json['journalId'])}/approval`;
    const behind = person(903, 'approver');
    expect(await post(approval, 'b', undefined, behind)).toMatchObject({
      status: 403,
      json: { code: 'journal/approver-made-by-maker' },
    });
    const withdrawal = `/v1/journals/${String(json['journalId'])}/withdrawal`;
    expect(await post(withdrawal, 'w')).toMatchObject({ status: 200, json: { event: 'JournalWithdrawn' } });
  });

  it('that moves money between own accounts is posted by its author alone, and reversed by two', async () => {
    const postings = [
      { account: 'bank.vcb1', amount: vnd(200_000) },
      { account: 'cash', amount: vnd(-200_000) },
    ];
    const moved = await post('/v1/journals', 'move', journal({ kind: 'transfer', postings }));
    expect(moved.json).toMatchObject({ status: 'approved' });
    await settled(moved.json['journalId'], 'posted');
    expect(await balanceOf('bank.vcb1')).toBe('200000');
    const { postings: _none, ...plain } = journal({
      kind: 'reversal',
      reverses: `journal.${String(moved.json['journalId'])}`,
    }) as Record<string, unknown>;
    expect(
      await post('/v1/journals', 'back too early', { ...plain, effectiveOn: '2024-01-01' }),
    ).toMatchObject({ status: 422, json: { code: 'journal/reversal-before-entry' } });
    const reversal = await post('/v1/journals', 'back', plain);
    expect(reversal).toMatchObject({ status: 201, json: { status: 'drafted' } });
    await post(`/v1/journals/${String(reversal.json['journalId'])}/approval`, 'ok', undefined, lan);
    await settled(reversal.json['journalId'], 'posted');
    expect(await balanceOf('bank.vcb1')).toBe('0');
    expect(await post('/v1/journals', 'again', plain)).toMatchObject({
      status: 409,
      json: { code: 'fund/entry-reversed' },
    });
  });

  it.each<[string, number, object]>([
    [
      'journal/not-balanced',
      422,
      {
        postings: [
          { account: 'cash', amount: vnd(5) },
          { account: 'payable', amount: vnd(-4) },
        ],
      },
    ],
    ['journal/reversal-malformed', 422, { reverses: 'journal.1' }],
    ['journal/reversal-malformed', 422, { kind: 'reversal' }],
    ['fund/in-future', 422, { effectiveOn: '2199-01-01' }],
    [
      'fund/short',
      409,
      {
        postings: [
          { account: 'payable', amount: vnd(9e9) },
          { account: 'cash', amount: vnd(-9e9) },
        ],
      },
    ],
    ['fund/unknown', 404, { fundId: uuid(1) }],
  ])('is refused at once with %s', async (code, status, changes) => {
    const everywhere = { ...minh, grants: [{ role: 'accountant' as const, fundId: '*' }] };
    const answer = await post('/v1/journals', `bad ${JSON.stringify(changes)}`, journal(changes), everywhere);
    expect(answer).toMatchObject({ status, json: { code } });
  });

  it('reverses no entry of a document, and none that is not there', async () => {
    const { postings: _none, ...plain } = journal({ kind: 'reversal', reverses: 'journal.0' }) as Record<
      string,
      unknown
    >;
    expect(await post('/v1/journals', 'none', plain)).toMatchObject({
      status: 404,
      json: { code: 'ledger/entry-unknown' },
    });
    const source = aSource(uuid(11));
    await service.tell({
      type: 'DonationRecorded.v1',
      subject: source.donationId,
      key: fundId,
      data: { fundId, source },
    });
    const entryId = `donation.${source.donationId}`;
    await eventually(async () =>
      expect(await service.ask(`/v1/entries/${entryId}`, minh)).toMatchObject({ status: 200 }),
    );
    expect(await post('/v1/journals', 'doc', { ...plain, reverses: entryId })).toMatchObject({
      status: 422,
      json: { code: 'journal/entry-not-reversible' },
    });
  });

  it('is written and agreed to by who may, on the very fund', async () => {
    for (const outsider of [person(906, 'cashier'), person(906, 'accountant', { grants: [] })])
      expect(await post('/v1/journals', 'x', journal(), outsider)).toMatchObject({ status: 403 });
    const { json } = await post('/v1/journals', 'scoped', journal());
    const elsewhere = person(907, 'approver', { grants: [{ role: 'approver', fundId: uuid(9) }] });
    const approval = `/v1/journals/${String(json['journalId'])}/approval`;
    expect(await post(approval, 'y', undefined, elsewhere)).toMatchObject({ status: 403 });
    expect(await post(approval, 'y', undefined, { ...lan, secondFactor: false })).toMatchObject({
      status: 403,
      json: { code: 'access/second-factor-required' },
    });
    expect(await post(`/v1/journals/${uuid(1)}/approval`, 'z', undefined, lan)).toMatchObject({
      status: 404,
      json: { code: 'journal/unknown' },
    });
  });
});

describe('periods', () => {
  const periods = `/v1/funds/${fundId}/periods`;

  it('once closed send what arrives to the first open day, which keeps the day it was received on', async () => {
    const closed = await post(`${periods}/close`, 'march', { through: '2024-03-31' });
    expect(closed).toMatchObject({ status: 200, json: { event: 'PeriodClosed', reopeningId: null } });
    expect(await post(`${periods}/close`, 'march', { through: '2024-03-31' })).toEqual(closed);
    const source = aSource(uuid(12));
    await service.tell({
      type: 'DonationRecorded.v1',
      subject: source.donationId,
      key: fundId,
      data: { fundId, source },
    });
    await eventually(async () =>
      expect(await service.ask(`/v1/entries/donation.${source.donationId}`, minh)).toMatchObject({
        json: { effectiveOn: '2024-04-01', receivedOn: '2024-03-15' },
      }),
    );
    expect(await post('/v1/journals', 'late', journal({ effectiveOn: '2024-03-31' }))).toMatchObject({
      status: 409,
      json: { code: 'fund/period-closed' },
    });
    expect(await post(`${periods}/close`, 'february', { through: '2024-02-29' })).toMatchObject({
      status: 409,
      json: { code: 'fund/period-closed-before', details: { closedThrough: '2024-03-31' } },
    });
  });

  it('are opened again by two persons, with the reason sealed', async () => {
    const asked = await post(`${periods}/reopenings`, 'ask', {
      from: '2024-03-01',
      reason: 'Thiếu chứng từ',
    });
    const { reopeningId } = asked.json;
    expect(asked).toMatchObject({ status: 201, json: { event: 'ReopeningAsked' } });
    expect(await service.ask(periods, minh)).toMatchObject({
      json: { closedThrough: '2024-03-31', reopening: { reopeningId, reason: 'Thiếu chứng từ' } },
    });
    expect(await service.ask(periods, person(905, 'viewer'))).toMatchObject({
      json: { reopening: { reopeningId, reason: null } },
    });
    const approval = `${periods}/reopenings/${String(reopeningId)}/approval`;
    expect(await post(approval, 'own', undefined, person(901, 'approver'))).toMatchObject({
      status: 403,
      json: { code: 'fund/same-person' },
    });
    expect(await post(approval, 'yes', undefined, lan)).toMatchObject({ status: 200 });
    const { json } = await service.ask(periods, minh);
    expect(json).toMatchObject({
      closedThrough: '2024-02-29',
      reopening: null,
      items: [
        { kind: 'reopening', reopeningId, status: 'opened', day: '2024-03-01', decidedBy: lan.staffId },
        { kind: 'closing', day: '2024-03-31', askedBy: minh.staffId },
      ],
    });
  });

  it('stay closed where the second person says no or the first takes it back', async () => {
    const ask = async (key: string): Promise<string> => {
      const { json } = await post(`${periods}/reopenings`, key, { from: '2024-01-01', reason: 'x' });
      return `${periods}/reopenings/${String(json['reopeningId'])}`;
    };
    expect(await post(`${await ask('no')}/rejection`, 'no', { reason: 'y' }, lan)).toMatchObject({
      json: { event: 'ReopeningRejected' },
    });
    expect(await post(`${await ask('mine')}/withdrawal`, 'mine')).toMatchObject({
      json: { event: 'ReopeningWithdrawn' },
    });
    expect(await service.ask(`${periods}?limit=2`, minh)).toMatchObject({
      json: {
        closedThrough: '2024-02-29',
        items: [{ status: 'withdrawn' }, { status: 'rejected', reason: 'x', rejection: 'y' }],
      },
    });
    expect(await service.ask(`${periods}?limit=2`, person(905, 'viewer'))).toMatchObject({
      json: { items: [{}, { reason: null, rejection: null }] },
    });
  });

  it('have their reasons destroyed by an administrator, once per command', async () => {
    const { json } = await post(`${periods}/reopenings`, 'named', {
      from: '2024-01-01',
      reason: 'Chị Dụ sai',
    });
    const asked = `${periods}/reopenings/${String(json['reopeningId'])}`;
    const administrator = person(906, 'administrator');
    expect(await post(`${asked}/erasure`, 'no')).toMatchObject({ status: 403 });
    const gone = await post(`${asked}/erasure`, 'gone', {}, administrator);
    expect(gone).toMatchObject({ status: 200, json: { event: 'ReopeningTextsErased' } });
    const shown = async () => (await service.ask(`${periods}?limit=1`, minh)).json;
    expect(await shown()).toMatchObject({ reopening: { reason: null }, items: [{ reason: null }] });
    await post(`${asked}/rejection`, 'no-named', { reason: 'Chị Dụ đúng' }, lan);
    expect(await post(`${asked}/erasure`, 'gone', {}, administrator)).toEqual(gone);
    expect(await shown()).toMatchObject({ items: [{ status: 'rejected', rejection: 'Chị Dụ đúng' }] });
    await post(`${asked}/erasure`, 'gone again', {}, administrator);
    expect(await shown()).toMatchObject({ items: [{ status: 'rejected', rejection: null }] });
    const nobody = `${periods}/reopenings/${uuid(999)}/erasure`;
    expect(await post(nobody, 'nobody', {}, administrator)).toMatchObject({
      ...{ status: 404, json: { code: 'fund/reopening-unknown' } },
    });
  });
});

describe('counting the cash', () => {
  it('sets the sheet against the cash book as it stands', async () => {
    const url = `/v1/funds/${fundId}/cash-counts`;
    const body = { denominations: [{ value: '500000', pieces: 1 }] };
    const counted = await post(url, 'count', body, person(908, 'cashier'));
    expect(counted).toMatchObject({
      status: 201,
      json: { counted: vnd(500_000), book: vnd(950_000), difference: vnd(-450_000) },
    });
    expect(await post(url, 'count', body, person(908, 'cashier'))).toEqual(counted);
    expect((await service.ask(url, minh)).json['items']).toEqual([counted.json]);
    expect(await post(url, 'odd', { denominations: [{ value: '25000', pieces: 1 }] })).toMatchObject({
      status: 422,
      json: { code: 'fund/denomination-unknown', details: { value: '25000' } },
    });
    expect(await post(url, 'no', body, person(909, 'viewer'))).toMatchObject({ status: 403 });
  });
});
