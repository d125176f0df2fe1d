import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { donationsTopic } from '#contracts/donations.v1.js';
import type { EntrySource } from '#domain/fund/entry.events.js';
import { formatPosition } from '#kernel/position.js';
import { eventually } from '#testing/eventually.js';
import { aSource, thingsSource, vnd } from '#testing/fund-stories.js';
import { holding, serviceApp, type Answer, type ServiceApp } from '#testing/service-app.js';
import { fundIdOfCode, streamOf } from '../fund-streams.js';
import { ledgerService } from '../ledger.module.js';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const chief = holding('administrator', '*');

let service: ServiceApp;

beforeAll(async () => {
  service = await serviceApp(ledgerService, donationsTopic);
});

afterAll(() => service.stop());

const ask = (url: string, as = chief): Promise<Answer> => service.ask(url, as);

function post(url: string, idempotencyKey: string, body?: object, as = chief): Promise<Answer> {
  return service.send('POST', url, { as, idempotencyKey, ...(body && { body }) });
}

const donatedTo = (purpose: string): EntrySource =>
  aSource(uuid(51), {
    purpose,
    donor: {
      kind: 'named',
      class: 'business',
      inProvince: true,
      subjectId: uuid(61),
      identityRecordId: uuid(62),
      organisation: 'Công ty Đường Sắt Hoa Đào',
    },
  });

describe('the books', () => {
  const fundId = fundIdOfCode('TQ');
  const viewer = holding('viewer', fundId);
  let heart: string;
  let beforeRefund: string;

  beforeAll(async () => {
    const opened = await post('/v1/funds', 'tq', {
      code: 'TQ',
      level: 'province',
      name: { vi: 'Quỹ Tuyên Quang', en: 'Tuyen Quang Fund' },
      decision: { number: '12/QĐ-UBND', date: '2023-12-20', issuer: 'UBND tỉnh' },
      openedOn: '2024-01-01',
      bankAccounts: [{ account: 'bank.vcb1' }],
      purposes: [{ code: 'HEART', name: { vi: 'Tim', en: 'Hearts' } }],
      openingBalances: [{ account: 'cash', amount: vnd(70) }],
    });
    heart = String((opened.json['purposes'] as { purpose: string }[])[0]?.purpose);
    await tell('DonationRecorded.v1', donatedTo(heart));
    await tell('DonationRecorded.v1', thingsSource(uuid(52), { purpose: uuid(404) }));
    beforeRefund = await recordedAtOf(3);
    await eventually(() => expect(Date.now()).toBeGreaterThan(Date.parse(beforeRefund) + 1));
    const terms = { amount: vnd(200_000), left: vnd(300_000), full: false, paidFrom: 'bank.vcb1' };
    const refund = { refundId: uuid(53), ...terms, effectiveOn: '2025-05-29' };
    await tell('RefundApproved.v1', donatedTo(heart), refund);
    await recordedAtOf(4);
  });

  const tell = (type: string, source: EntrySource, more = {}): Promise<void> =>
    service.tell({ type, subject: source.donationId, key: fundId, data: { fundId, source, ...more } });

  /** When the entry of this number was recorded, waited for: messages are answered in their own time. */
  const recordedAtOf = (entryNumber: number): Promise<string> =>
    eventually(async () => {
      const { json } = await ask(`/v1/funds/${fundId}/entries?limit=1`, viewer);
      const [newest] = json['items'] as { entryNumber: number; recordedAt: string }[];
      expect(newest?.entryNumber).toBe(entryNumber);
      return newest!.recordedAt;
    });

  it('tell balances by purpose, with the names of purposes', async () => {
    const { json } = await ask(`/v1/funds/${fundId}/balances`, viewer);
    expect(json).toMatchObject({ fundId, by: 'purpose', asOf: null, recordedAt: null });
    expect(json['position']).toBe(formatPosition((await service.services.platform.store.head())!.position));
    expect(json['balances']).toEqual(
      expect.arrayContaining([
        {
          purpose: heart,
          campaignId: null,
          code: 'HEART',
          name: { vi: 'Tim', en: 'Hearts' },
          opening: vnd(0),
          received: vnd(500_000),
          returned: vnd(200_000),
          moved: vnd(0),
          spent: vnd(0),
          other: vnd(0),
          available: vnd(300_000),
          stock: vnd(0),
        },
        expect.objectContaining({ purpose: 'suspense', received: vnd(2_500_000), stock: vnd(2_500_000) }),
        expect.objectContaining({ purpose: 'unrestricted', opening: vnd(70), available: vnd(70) }),
      ]),
    );
  });

  it('tell balances by account as recorded before the refund', async () => {
    const url = `/v1/funds/${fundId}/balances?by=account&recordedAt=${beforeRefund}`;
    const { json } = await ask(url, viewer);
    expect(json['balances']).toEqual(
      expect.arrayContaining([
        { account: 'bank.vcb1', debit: vnd(500_000), credit: vnd(0), balance: vnd(500_000) },
        { account: 'cash', debit: vnd(70), credit: vnd(0), balance: vnd(70) },
      ]),
    );
    expect(json['recordedAt']).toBe(beforeRefund);
    const entry = await ask(`/v1/entries/donation.${uuid(52)}`, viewer);
    expect(json['position']).toBe(entry.json['position']);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const future = await ask(`/v1/funds/${fundId}/balances?recordedAt=${tomorrow}`, viewer);
    expect(future).toMatchObject({ status: 422, json: { code: 'ledger/recorded-in-future' } });
  });

  it('balance, with official numbers that are yet to be confirmed', async () => {
    const { json } = await ask(`/v1/funds/${fundId}/trial-balance?from=2025-01-01`, viewer);
    expect(json['accountNumbers']).toBe('to be confirmed by the chief accountant');
    expect(json['totals']).toEqual([
      {
        openingDebit: vnd(3_000_070),
        openingCredit: vnd(3_000_070),
        debit: vnd(200_000),
        credit: vnd(200_000),
        closingDebit: vnd(2_800_070),
        closingCredit: vnd(2_800_070),
      },
    ]);
    expect(json['lines']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ account: 'cash', accountNo: '1111' }),
        expect.objectContaining({ account: 'bank.vcb1', accountNo: '1121' }),
        expect.objectContaining({ account: 'equity.opening', accountNo: null }),
      ]),
    );
  });

  it.each(['balances', 'trial-balance'])('of a fund that nobody opened are not there: %s', async (what) => {
    expect(await ask(`/v1/funds/${uuid(9)}/${what}`)).toMatchObject({
      status: 404,
      json: { code: 'fund/unknown' },
    });
  });

  it('list entries by page, the newest first, and link what was reversed', async () => {
    const first = await ask(`/v1/funds/${fundId}/entries?limit=2`, viewer);
    expect(first.json['items']).toMatchObject([
      { entryNumber: 4, kind: 'refund', reversesEntryId: `donation.${uuid(51)}`, effectiveOn: '2025-05-29' },
      { entryNumber: 3, kind: 'donation', diverted: 'purpose-unknown' },
    ]);
    const second = await ask(
      `/v1/funds/${fundId}/entries?limit=2&cursor=${String(first.json['next'])}`,
      viewer,
    );
    expect(second.json).toMatchObject({
      items: [
        { entryNumber: 2, entryId: `donation.${uuid(51)}`, reversedBy: [`refund.${uuid(53)}`] },
        { entryNumber: 1, kind: 'opening', receivedOn: null },
      ],
      next: null,
    });
  });

  it.each([
    ['q=cong%20ty%20duong%20sat', [4, 2]],
    ['q=CHAN', [3]],
    ['q=cong%20ty%20chan', []],
    [`donation=${uuid(51)}`, [4, 2]],
    ['purpose=suspense', [3]],
    ['account=stock.blanket', [3]],
    ['account=cash', [1]],
    ['from=2024-03-16&to=2025-12-31', [4]],
    ['from=2024-03-16&account=cash', []],
  ])('find entries by %s', async (query, numbers) => {
    const { json } = await ask(`/v1/funds/${fundId}/entries?${query}`, viewer);
    expect((json['items'] as { entryNumber: number }[]).map(({ entryNumber }) => entryNumber)).toEqual(
      numbers,
    );
  });

  it('show one entry with its lines to who may see its fund', async () => {
    const url = `/v1/entries/donation.${uuid(52)}`;
    expect(await ask(url, viewer)).toMatchObject({
      status: 200,
      json: {
        fundId,
        postings: [{ account: 'stock.milk', purpose: 'suspense' }, { account: 'suspense' }],
        stock: [{ item: 'milk', quantity: '12.5' }, { item: 'blanket' }],
      },
    });
    expect(await ask(url, holding('viewer', uuid(9)))).toMatchObject({ status: 403 });
    expect(await ask('/v1/entries/nothing', viewer)).toMatchObject({
      status: 404,
      json: { code: 'ledger/entry-unknown' },
    });
  });

  it.each(['/balances', '/trial-balance', '/entries', ''])('are closed to other funds: %s', async (what) => {
    expect(await ask(`/v1/funds/${fundId}${what}`, holding('auditor', uuid(9)))).toMatchObject({
      status: 403,
    });
  });

  it('refuse a cursor of another list', async () => {
    const cursor = Buffer.from(JSON.stringify(['abc'])).toString('base64url');
    expect(await ask(`/v1/funds/${fundId}/entries?cursor=${cursor}`, viewer)).toMatchObject({ status: 400 });
  });

  it('stay as they are in the stream of their fund', async () => {
    const types: string[] = [];
    for await (const page of service.services.platform.store.read(streamOf(fundId)))
      types.push(...page.map(({ type }) => type));
    expect(types.slice(-3)).toEqual(['DonationPosted', 'DonationPosted', 'RefundPosted']);
  });
});
