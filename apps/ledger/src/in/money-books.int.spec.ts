import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { donationsTopic } from '#contracts/donations.v1.js';
import { receiptsTopic } from '#contracts/receipts.v1.js';
import type { EntrySource } from '#domain/fund/entry.events.js';
import { localDate } from '#kernel/dates.js';
import type { MoneyJson } from '#kernel/money.js';
import type { Caller } from '#kernel/roles.js';
import { eventually } from '#testing/eventually.js';
import { aSource, vnd } from '#testing/fund-stories.js';
import { readWorkbook } from '#testing/read-workbook.js';
import { holding, serviceApp, type ServiceApp } from '#testing/service-app.js';
import { signedAs } from '#testing/signed-as.js';
import { fundIdOfCode } from '../fund-streams.js';
import { ledgerService } from '../ledger.module.js';
import type { MoneyBookView } from './money-books.http.js';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const fundId = fundIdOfCode('CB');
const viewer = holding('viewer', fundId);
const books = `/v1/funds/${fundId}`;
let service: ServiceApp;
let beforeRefund: string;
/** As beyond 2^53 as an amount may be in one donation of the story. */
const vast = '90071992547409930';

beforeAll(async () => {
  service = await serviceApp(ledgerService, donationsTopic);
  const body = {
    ...{ code: 'CB', level: 'province', name: { vi: 'Quỹ thử', en: 'Trial Fund' }, openedOn: '2024-01-01' },
    decision: { number: '1', date: '2023-12-20', issuer: 'UBND' },
    bankAccounts: [{ account: 'bank.vcb1' }],
    openingBalances: [{ account: 'cash', amount: vnd(1_000) }],
  };
  await service.send('POST', '/v1/funds', { as: holding('administrator', '*'), idempotencyKey: 'cb', body });
  const cash = (n: number, amount: number, receivedOn: string): EntrySource =>
    aSource(uuid(n), {
      ...{ method: 'cash', account: 'cash', amount: vnd(amount), receivedOn: localDate(receivedOn) },
    });
  await tell('DonationRecorded.v1', cash(1, 500, '2024-01-31'));
  await tell('DonationRecorded.v1', cash(2, 70, '2024-02-01'));
  await tell('DonationRecorded.v1', aSource(uuid(3), { amount: { amount: vast, currency: 'VND' } }));
  await tell('DonationRecorded.v1', cash(4, 9, '2024-01-15'));
  beforeRefund = await recordedAtOf(5);
  await eventually(() => expect(Date.now()).toBeGreaterThan(Date.parse(beforeRefund) + 1));
  const terms = {
    amount: vnd(200),
    left: vnd(300),
    full: false,
    paidFrom: 'cash',
    effectiveOn: '2024-02-29',
  };
  await tell('RefundApproved.v1', cash(1, 500, '2024-01-31'), { refundId: uuid(9), ...terms });
  await recordedAtOf(6);
  for (const [number, entryId, reissue] of [
    ['LS-2024-000001', `donation.${uuid(1)}`, false],
    ['LS-2024-000003', `refund.${uuid(9)}`, true],
    ['LS-2024-000002', `donation.${uuid(2)}`, false],
  ] as const) {
    const data = { fundId, donationId: uuid(1), number, entryId, reissue };
    await service.tell({ type: 'ReceiptIssued.v1', subject: uuid(1), key: fundId, data }, receiptsTopic);
  }
  await eventually(async () =>
    expect((await book('')).items[3]).toMatchObject({ receiptNumber: 'LS-2024-000002' }),
  );
});
afterAll(() => service.stop());

const tell = (type: string, source: EntrySource, more = {}): Promise<void> =>
  service.tell({ type, subject: source.donationId, key: fundId, data: { fundId, source, ...more } });

const recordedAtOf = (entryNumber: number): Promise<string> =>
  eventually(async () => {
    const { json } = await service.ask(`${books}/entries?limit=1`, viewer);
    const [newest] = json['items'] as { entryNumber: number; recordedAt: string }[];
    expect(newest?.entryNumber).toBe(entryNumber);
    return newest!.recordedAt;
  });

async function book(query: string, which = 'cash-book'): Promise<MoneyBookView> {
  const { status, json } = await service.ask(`${books}/${which}?${query}`, viewer);
  expect([status, json]).toMatchObject([200, {}]);
  return json as unknown as MoneyBookView;
}

async function download(path: string, as: Caller, language: string): Promise<Response> {
  const signed = await signedAs(as, service.services.platform);
  const headers = { ...signed, 'accept-language': language };
  return fetch(`${service.services.url}${books}/${path}`, { headers });
}

const lines = ({ items }: MoneyBookView) =>
  items.map(({ entryNumber, voucher, received, paid, balance }) => [
    ...[entryNumber, voucher, (received ?? paid)?.amount, balance.amount],
  ]);

describe('the cash book', () => {
  it('has every entry in order of its accounting date, with the balance after it', async () => {
    const shown = await book('');
    expect(lines(shown)).toEqual([
      [1, 'receipt', '1000', '1000'],
      [5, 'receipt', '9', '1009'],
      [2, 'receipt', '500', '1509'],
      [3, 'receipt', '70', '1579'],
      [6, 'payment', '200', '1379'],
    ]);
    expect(shown).toMatchObject({ opening: vnd(0), received: vnd(1579), paid: vnd(200), closing: vnd(1379) });
    expect(shown.items[1]).toMatchObject({ kind: 'donation', donationId: uuid(4), receivedOn: '2024-01-15' });
  });

  it('opens a period with what the one before it closed with, and closes as the balances say', async () => {
    const january = await book('from=2024-01-01&to=2024-01-31');
    const february = await book('from=2024-02-01&to=2024-02-29');
    expect(february.opening).toEqual(january.closing);
    for (const { to, closing } of [january, february]) {
      const { json } = await service.ask(`${books}/balances?by=account&asOf=${String(to)}`, viewer);
      const rows = json['balances'] as { account: string; balance: MoneyJson }[];
      expect(rows.find(({ account }) => account === 'cash')?.balance).toEqual(closing);
    }
    expect(february).toMatchObject({ opening: vnd(1509), received: vnd(70), paid: vnd(200) });
  });

  it('is as it was recorded at an instant, and names the position', async () => {
    const then = await book(`recordedAt=${beforeRefund}`);
    expect(then).toMatchObject({ closing: vnd(1579), paid: vnd(0), recordedAt: beforeRefund });
    const { json } = await service.ask(`/v1/entries/donation.${uuid(4)}`, viewer);
    expect(then.position).toBe(json['position']);
    const numbers = ({ items }: MoneyBookView) => items.map(({ receiptNumber }) => receiptNumber);
    expect(numbers(await book(''))).toEqual([null, null, 'LS-2024-000001', 'LS-2024-000002', null]);
    expect(numbers(then)).toEqual([null, null, null, null]);
  });

  it('goes on from page to page with the balance of the page before', async () => {
    const first = await book('limit=2&from=2024-01-02');
    const second = await book(`limit=2&from=2024-01-02&cursor=${String(first.next)}`);
    expect([...lines(first), ...lines(second)].map(([number, , , balance]) => [number, balance])).toEqual([
      [5, '1009'],
      [2, '1509'],
      [3, '1579'],
      [6, '1379'],
    ]);
    expect(second.next).toBeNull();
  });

  it('is a file for spreadsheets, its titles in the language of the reader', async () => {
    const csv = await download('cash-book?format=csv&from=2024-02-01&to=2024-02-29', viewer, 'vi');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const now = await book('');
    expect(csv.headers.get('content-disposition')).toBe(
      `attachment; filename="cash-book_CB_VND_2024-02-01_2024-02-29_at-${String(now.position)}.csv"`,
    );
    const bytes = Buffer.from(await csv.arrayBuffer());
    const [title = '', ...rows] = bytes.toString().split('\r\n');
    expect(title.startsWith('\ufeffSố bút toán,Ngày hạch toán,Ngày nhận,Thu/Chi,')).toBe(true);
    expect(rows).toEqual([
      ',,,,Số dư đầu kỳ,,,,,,,1509,VND',
      `3,2024-02-01,2024-02-01,Thu,Khoản ủng hộ,LS-2024-000002,donation.${uuid(2)},${uuid(2)},,70,,1579,VND`,
      `6,2024-02-29,2024-01-31,Chi,Hoàn trả,,refund.${uuid(9)},${uuid(1)},,,200,1379,VND`,
      ',,,,Cộng phát sinh và số dư cuối kỳ,,,,,70,200,1379,VND',
      '',
    ]);
  });
});

describe('the book of a bank account', () => {
  it('is exact beyond what a spreadsheet reckons with', async () => {
    const file = await download('bank-book?account=bank.vcb1&format=xlsx', viewer, 'en');
    const rows = await readWorkbook(Buffer.from(await file.arrayBuffer()));
    expect(rows[0]?.slice(9)).toEqual(['In', 'Out', 'Balance', 'Currency']);
    expect(rows[2]?.slice(9)).toEqual([vast, '', vast, 'VND']);
    expect(rows[1]?.[11]).toEqual({ number: '0' });
  });

  it.each([
    ['bank-book', 400, 'http/invalid'],
    ['bank-book?account=stock.milk', 400, 'http/invalid'],
    ['cash-book?from=2024-02-01&to=2024-01-01', 400, 'http/invalid'],
    ['cash-book?recordedAt=9000-01-01T00:00:00Z', 400, 'http/invalid'],
    ['cash-book?cursor=WyJ4IiwieSJd', 400, 'http/invalid'],
    ['cash-book?format=pdf', 400, 'http/invalid'],
  ])('is refused as %s', async (path, status, code) => {
    expect(await service.ask(`${books}/${path}`, viewer)).toMatchObject({ status, json: { code } });
  });
});

describe('registers of the books', () => {
  it.each(['auditor', 'viewer', 'accountant'] as const)(
    'are open to the %s of their fund alone',
    async (role) => {
      for (const path of [
        'cash-book',
        'bank-book?account=bank.vcb1',
        'balances?by=campaign',
        'trial-balance',
      ])
        for (const format of ['json', 'csv']) {
          const asked = `${path}${path.includes('?') ? '&' : '?'}format=${format}`;
          expect((await download(asked, holding(role, fundId), 'vi')).status).toBe(200);
          expect((await download(asked, holding(role, uuid(9)), 'vi')).status).toBe(403);
        }
    },
  );

  it('tell a trial balance with the official numbers of its date and its totals', async () => {
    const file = await download('trial-balance?format=csv&asOf=2024-03-31', viewer, 'en');
    const rows = (await file.text()).split('\r\n');
    expect(rows).toContain('1111,Cash in hand,cash,0,0,1579,200,1379,0,VND');
    const total = String(BigInt(vast) + 1_579n);
    expect(rows.at(-2)).toBe(
      `,Total,,0,0,${String(BigInt(total) + 200n)},${String(BigInt(total) + 200n)},${String(BigInt(total) - 200n)},${String(BigInt(total) - 200n)},VND`,
    );
  });
});
