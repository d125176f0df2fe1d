import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { formatPosition } from '#kernel/position.js';
import { eventually } from '#testing/eventually.js';
import { readWorkbook } from '#testing/read-workbook.js';
import { fundId, ReceiptStory, staff } from '#testing/receipt-stories.js';
import { ReceiptsUnderTest } from '#testing/receipts-service.js';
import { SetClock } from '#testing/set-clock.js';
import { InMemoryVault } from '#vault/in-memory/in-memory-vault.js';
import type { ReceiptRegisterView } from './receipt-register.http.js';

const path = `/v1/funds/${fundId}/receipt-register`;
let receipts: ReceiptsUnderTest;
let clock: SetClock;

beforeAll(async () => {
  clock = new SetClock('2025-02-28T17:30:00Z');
  const store = new InMemoryEventStore(clock);
  receipts = await ReceiptsUnderTest.open({ store, vault: new InMemoryVault(), clock });
  const story = new ReceiptStory(receipts);
  await story.fundOpens();
  const named = await story.donor('=Nguyễn Thị Thử');
  const refunded = await story.posted(named.source);
  await numbers(1);
  clock.set('2025-03-02T02:00:00Z');
  const wrong = await story.posted({ kind: 'anonymous' }, { amount: { amount: '70', currency: 'VND' } });
  await numbers(2);
  clock.set('2025-03-03T02:00:00Z');
  await story.refundedInPart(refunded, '300000');
  await numbers(3);
  clock.set('2025-03-04T02:00:00Z');
  await story.voided(wrong);
  await eventually(async () => expect((await told('ReceiptVoided')).length).toBe(2));
  await receipts.caughtUp();
});
afterAll(() => receipts.close());

const told = async (type: string) =>
  (await receipts.events(`receipt-book-${fundId}`)).filter((event) => event.type === type);
const numbers = (count: number): Promise<void> =>
  eventually(async () => expect((await told('ReceiptIssued')).length).toBe(count));

async function shown(query = ''): Promise<ReceiptRegisterView> {
  const { status, json } = await receipts.send('GET', `${path}?${query}`, staff('viewer'));
  expect([status, json]).toMatchObject([200, {}]);
  return json as unknown as ReceiptRegisterView;
}
const inShort = ({ items }: ReceiptRegisterView) =>
  items.map(({ number, voided, replacedBy }) => [number.slice(-1), voided?.cause ?? null, replacedBy]);

describe('the register of receipts', () => {
  it('has every number in order, what became void, why and what came in its place', async () => {
    expect(inShort(await shown())).toEqual([
      ['1', 'refund', 'LS-2025-000003'],
      ['2', 'void', null],
      ['3', null, null],
    ]);
    expect((await shown()).items[2]).toMatchObject({ replaces: 'LS-2025-000001', payer: 'named' });
  });

  it('is as it was recorded at an instant, and names the position', async () => {
    const then = await shown('recordedAt=2025-03-03T12:00:00Z');
    expect(inShort(then)).toEqual([
      ['1', 'refund', 'LS-2025-000003'],
      ['2', null, null],
      ['3', null, null],
    ]);
    expect(then.position).toBe(formatPosition((await told('ReceiptIssued'))[2]!.position));
    const before = await shown('recordedAt=2025-03-02T12:00:00Z');
    expect(inShort(before)).toEqual([
      ['1', null, null],
      ['2', null, null],
    ]);
    const now = await shown('recordedAt=2025-03-04T02:00:00Z');
    expect(now.position).toBe(formatPosition((await told('ReceiptVoided'))[1]!.position));
  });

  it('counts days in the zone of the fund, and goes on from page to page', async () => {
    expect(inShort(await shown('from=2025-03-01&to=2025-03-01'))).toHaveLength(1);
    expect(inShort(await shown('to=2025-02-28'))).toEqual([]);
    const first = await shown('limit=2');
    expect(inShort(await shown(`limit=2&cursor=${String(first.next)}`))).toEqual([['3', null, null]]);
  });

  it('is a file without names of persons, in the language of the reader', async () => {
    const csv = await receipts.send('GET', `${path}?format=csv`, staff('auditor'));
    expect(csv.type).toBe('text/csv; charset=utf-8');
    const [title, first, second] = csv.text.split('\r\n');
    expect(title).toBe(
      '\ufeffNumber,Issued on,Status,Cause of voiding,Voided at,Replaces,Replaced by,Payer,Method,Amount,Currency,Donation,Entry',
    );
    expect(first).toMatch(
      /^LS-2025-000001,2025-03-01,Void,refund,2025-03-03T02:00:00.000Z,,LS-2025-000003,Named,Cash,500000,VND,/,
    );
    expect(second).toMatch(/^LS-2025-000002,2025-03-02,Void,void,/);
    expect(csv.text).not.toContain('Nguyễn');
    const { bytes } = await receipts.send('GET', `${path}?format=xlsx`, staff('auditor'));
    const rows = await readWorkbook(bytes);
    expect(rows.map(([number]) => number).slice(1)).toEqual(
      [1, 2, 3].map((n) => `LS-2025-00000${String(n)}`),
    );
    expect(rows[2]?.[9]).toEqual({ number: '70' });
  });

  it('is closed to other funds, and refuses times that make no sense', async () => {
    const elsewhere = { fundId: '00000000-0000-4000-8000-000000000009', roles: ['auditor'] as const };
    expect(await receipts.send('GET', path, elsewhere)).toMatchObject({ status: 403 });
    for (const query of [
      'from=2025-03-02&to=2025-03-01',
      'recordedAt=2026-01-01T00:00:00Z',
      'cursor=WyJ4Il0',
    ])
      expect(await receipts.send('GET', `${path}?${query}`, staff('viewer'))).toMatchObject({ status: 400 });
  });
});
