import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { builtInTemplate } from '#domain/receipt-book/receipt-template.policy.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { ParkedStreams } from '#platform/operations/parked-streams.js';
import { expectAlerts } from '#testing/alerts.js';
import { eventually } from '#testing/eventually.js';
import { fundId, ReceiptStory, staff } from '#testing/receipt-stories.js';
import { ReceiptsUnderTest } from '#testing/receipts-service.js';
import { newWorld, type World } from '#testing/service-under-test.js';

const first = 'LS-2025-000001';
let world: World;
let receipts: ReceiptsUnderTest;
let story: ReceiptStory;

beforeEach(async () => {
  world = newWorld('2025-03-01T02:00:00Z');
  receipts = await ReceiptsUnderTest.open(world);
  story = new ReceiptStory(receipts);
  await story.fundOpens();
});

afterEach(async () => {
  await receipts.close();
});

async function until(stream: string, type: string, count = 1): Promise<readonly RecordedEvent[]> {
  return eventually(async () => {
    const found = (await receipts.events(stream)).filter((event) => event.type === type);
    expect(found).toHaveLength(count);
    return found;
  });
}

interface Named {
  readonly donation: { readonly payer: Readonly<Record<string, string>> };
}
interface Posted {
  readonly donation: { readonly payer: unknown };
}
const issued = (count: number) => until(`receipt-book-${fundId}`, 'ReceiptIssued', count);
const accountant = staff('accountant');
const reissue = (number: string, body: object, key?: string) =>
  receipts.send('POST', `/v1/receipts/${number}/reissues`, accountant, body, key);
const get = (path: string) => receipts.send('GET', path, accountant);

describe('a reissue over HTTP', () => {
  it('voids the receipt and issues the next, with the corrected payer, once for one Idempotency-Key', async () => {
    const donor = await story.donor('Tên viết sai', 'thu@example.org');
    await story.posted(donor.source);
    await story.posted({ kind: 'anonymous' });
    await until(`receipt-${first}`, 'ReceiptSent');
    const body = { reason: 'Sai tên', payer: { name: 'Tên Viết Đúng', address: 'Xã Mẫu' } };
    const answer = await reissue(first, body, 'key-1');
    expect([answer.status, answer.json]).toMatchObject([
      201,
      { number: 'LS-2025-000003', replaces: first, fundId },
    ]);
    expect(await reissue(first, body, 'key-1')).toEqual(answer);
    await issued(3);

    const view = await get('/v1/receipts/LS-2025-000003');
    expect(view.json).toMatchObject({ status: 'in-force', replaces: first });
    const [rendered] = await until('receipt-LS-2025-000003', 'ReceiptRendered');
    expect(rendered?.data).toMatchObject({ replaces: first });
    await until('receipt-LS-2025-000003', 'ReceiptSent');
    const old = await get(`/v1/receipts/${first}`);
    expect(old.json).toMatchObject({
      status: 'void',
      voided: { cause: 'reissue' },
      replacedBy: 'LS-2025-000003',
    });
    expect((await get(`/v1/receipts/${first}/pdf`)).status).toBe(200);
  });

  it('names who it was corrected to also on the receipt of what a refund leaves', async () => {
    const source = await story.posted({ kind: 'anonymous' });
    await issued(1);
    const payer = { name: 'Người Đóng Góp Thật' };
    expect((await reissue(first, { reason: 'Người nộp muốn được nêu tên', payer })).status).toBe(201);
    const corrected = (await issued(2))[1]?.data as Posted;
    await story.refundedInPart(source, '200000');
    const refunded = (await issued(3))[2]?.data as Posted;
    expect(refunded).toMatchObject({ donation: { amount: { amount: '200000' } } });
    expect(corrected.donation.payer).toMatchObject({ kind: 'named' });
    expect(refunded.donation.payer).toEqual(corrected.donation.payer);
  });

  it('tells nobody of another person: keys of their own, and no mail but to their own address', async () => {
    const donor = await story.donor('Người Bị Ghi Nhầm', 'nham@example.org');
    await story.posted(donor.source);
    await until(`receipt-${first}`, 'ReceiptSent');
    const unknown = { name: 'Người Nộp Thật', otherPerson: true };
    expect((await reissue(first, { reason: 'Ghi nhầm người', payer: unknown })).status).toBe(201);
    const second = 'LS-2025-000002';
    await until(`receipt-${second}`, 'ReceiptRendered');
    const known = { ...unknown, email: 'that@example.org' };
    expect((await reissue(second, { reason: 'Có địa chỉ', payer: known })).status).toBe(201);
    await until('receipt-LS-2025-000003', 'ReceiptSent');
    const payers = (await issued(3)).map(({ data }) => (data as Named).donation.payer);
    expect(payers[1]).not.toHaveProperty('contactRecordId');
    for (const key of ['subjectId', 'contactSubjectId', 'identityRecordId'] as const)
      expect(new Set(payers.map((payer) => payer[key])).size).toBe(3);
    const types = (await receipts.events(`receipt-${second}`)).map(({ type }) => type);
    expect(types).not.toContain('ReceiptSent');
  });

  it('is refused for a void receipt, an unknown number, another role and another fund', async () => {
    const source = await story.posted({ kind: 'anonymous' });
    await issued(1);
    await story.voided(source);
    await until(`receipt-book-${fundId}`, 'ReceiptVoided');
    await receipts.caughtUp();
    expect((await reissue(first, { reason: 'x' })).json).toMatchObject({
      ...{ status: 409, code: 'receipt-book/receipt-void' },
    });
    expect((await reissue('LS-2025-000099', { reason: 'x' })).json).toMatchObject({
      ...{ status: 404, code: 'receipt/not-found' },
    });
    const path = `/v1/receipts/${first}/reissues`;
    expect((await receipts.send('POST', path, staff('cashier'), { reason: 'x' })).status).toBe(403);
    const elsewhere = { fundId: 'f0000000-0000-4000-8000-000000000002', roles: ['accountant'] } as const;
    expect((await receipts.send('POST', path, elsewhere, { reason: 'x' })).status).toBe(403);
    expect((await receipts.send('GET', `/v1/receipts/${first}`, elsewhere)).status).toBe(403);
    expect((await receipts.send('GET', `/v1/receipts/${first}/pdf`, staff('viewer'))).status).toBe(403);
    expect((await receipts.send('GET', '/v1/receipts', elsewhere)).json).toMatchObject({ items: [] });
  });

  it('writes no personal data into any event', async () => {
    const donor = await story.donor('Canary Thị Hoàng Yến', 'canary@example.org');
    await story.posted(donor.source);
    await until(`receipt-${first}`, 'ReceiptSent');
    const payer = { name: 'Canary Sửa Đổi', address: 'Canary Xã' };
    expect((await reissue(first, { reason: 'Canary lý do', payer })).status).toBe(201);
    await until('receipt-LS-2025-000002', 'ReceiptSent');
    const path = '/v1/receipts/LS-2025-000002/resends';
    await receipts.send('POST', path, accountant, { reason: 'canary', email: 'canary2@example.org' });
    await until('receipt-LS-2025-000002', 'ReceiptSent', 2);
    const own = [`receipt-book-${fundId}`, `receipt-${first}`, 'receipt-LS-2025-000002'];
    const events = (await Promise.all(own.map((stream) => receipts.events(stream)))).flat();
    expect(events.length).toBeGreaterThan(8);
    expect(JSON.stringify(events).toLowerCase()).not.toContain('canary');
  });
});

describe('the list of receipts', () => {
  it('is paged and filtered by year, status, donation, beginning of the number and words', async () => {
    const company = await story.donor('x');
    const organisation = {
      ...company.source,
      organisation: 'Công ty Sữa Thử Nghiệm',
    } as typeof company.source;
    const old = await story.posted(organisation);
    await issued(1);
    world.clock.advance(365 * 24 * 3_600_000);
    await story.posted({ kind: 'anonymous' });
    const voided = await story.posted({ kind: 'unidentified' });
    await story.voided(voided);
    await until(`receipt-book-${fundId}`, 'ReceiptVoided');
    await receipts.caughtUp();
    const numbers = async (query: string): Promise<readonly string[]> => {
      const { json } = await get(`/v1/receipts?${query}`);
      return (json as unknown as { items: { number: string }[] }).items.map(({ number }) => number);
    };
    const all = ['LS-2026-000002', 'LS-2026-000001', 'LS-2025-000001'];
    expect(await numbers(`fund=${fundId}`)).toEqual(all);
    expect(await numbers('year=2025')).toEqual(all.slice(2));
    expect(await numbers('status=void')).toEqual(all.slice(0, 1));
    expect(await numbers('status=in-force')).toEqual(all.slice(1));
    expect(await numbers(`donation=${old.donationId}`)).toEqual(all.slice(2));
    expect(await numbers('number=LS-2026')).toEqual(all.slice(0, 2));
    expect(await numbers('q=sua%20thu')).toEqual(all.slice(2));
    const page = await get('/v1/receipts?limit=2');
    const { next } = page.json as unknown as { next: string };
    expect(await numbers(`limit=2&cursor=${next}`)).toEqual(all.slice(2));
    expect((await get('/v1/receipts?number=ls_')).status).toBe(400);
  });

  it('is searched by words of the payer’s name without accents, as each receipt names them, within the fund', async () => {
    const search = async (words: string, as = staff('auditor'), of = fundId) => {
      const answer = await receipts.send('POST', '/v1/receipts/search', as, { fundId: of, words });
      const { items = [] } = answer.json as { readonly items?: readonly { readonly number: string }[] };
      return [answer.status, ...items.map(({ number }) => number)];
    };
    const donor = await story.donor('Đặng Thị Ước Mẫu');
    await story.posted(donor.source);
    await story.posted((await story.donor('Đặng Ngọc Lan')).source);
    await story.posted({ kind: 'anonymous' });
    await issued(3);
    const named = { reason: 'Viết sai tên', payer: { name: 'Đặng Thị Hương Mẫu' } };
    expect((await reissue(first, named)).status).toBe(201);
    await issued(4);
    await receipts.caughtUp();
    expect(await search('dang')).toEqual([200, 'LS-2025-000004', 'LS-2025-000002', first]);
    expect(await search('ƯỚC đặng')).toEqual([200, first]);
    expect(await search('huong')).toEqual([200, 'LS-2025-000004']);
    expect(await search('khong ai')).toEqual([200]);
    expect(await search('dang', staff('viewer'))).toEqual([403]);
    const elsewhere = { fundId: 'f0000000-0000-4000-8000-000000000002', roles: ['auditor'] } as const;
    expect(await search('dang', elsewhere)).toEqual([403]);
    expect(await search('dang', elsewhere, elsewhere.fundId)).toEqual([200]);
    await world.vault.room('donors').erase(donor.subjectId);
    expect(await search('uoc')).toEqual([200]);
  });
});

describe('the template of a fund', () => {
  const path = `/v1/funds/${fundId}/receipt-template`;

  it('is the built-in one until it is changed, by version, and shown by a preview', async () => {
    await until(`receipt-book-${fundId}`, 'ReceiptBookOpened');
    expect((await get(path)).json).toEqual({ version: 0, template: builtInTemplate });
    const template = { ...builtInTemplate, signers: [{ vi: 'Giám đốc Quỹ', en: 'Director' }] };
    const changed = await receipts.send('PUT', path, accountant, template);
    expect([changed.status, changed.json]).toEqual([200, { version: 1, template }]);
    expect((await get(path)).json).toEqual({ version: 1, template });
    const preview = await get(`${path}/preview`);
    expect([preview.type, preview.bytes.subarray(0, 5).toString()]).toEqual(['application/pdf', '%PDF-']);

    await story.posted({ kind: 'anonymous' });
    await issued(1);
    expect((await get(`/v1/receipts/${first}/pdf`)).status).toBe(200);
    const [rendered] = await until(`receipt-${first}`, 'ReceiptRendered');
    expect(rendered?.data).toMatchObject({ templateVersion: 1 });
  });

  it('is refused when it does not fit, and where there is no book', async () => {
    await until(`receipt-book-${fundId}`, 'ReceiptBookOpened');
    const tooMuch = { ...builtInTemplate, unit: { vi: 'x'.repeat(150), en: '' } };
    expect((await receipts.send('PUT', path, accountant, tooMuch)).json).toMatchObject({
      ...{ status: 422, code: 'receipt-book/template-invalid', details: { field: 'unit' } },
    });
    expect((await receipts.send('PUT', path, accountant, { ...builtInTemplate, script: 'x' })).status).toBe(
      400,
    );
    const other = 'f0000000-0000-4000-8000-000000000002';
    const elsewhere = { fundId: other, roles: ['accountant'] } as const;
    const refused = await receipts.send('GET', `/v1/funds/${other}/receipt-template`, elsewhere);
    expect(refused.json).toMatchObject({ status: 404, code: 'receipt-book/not-found' });
  });
});

describe('a message that cannot be answered', () => {
  expectAlerts(
    /^\[parked\] .*"why":"failed","group":"receipts"/,
    /^\[parked\] .*"why":"again","group":"receipts"/,
  );
  it('is parked with what follows of its donation, and holds up no other', async () => {
    await until(`receipt-book-${fundId}`, 'ReceiptBookOpened');
    const source = await story.posted({ kind: 'anonymous' });
    await issued(1);
    await receipts.say('RefundPosted.v1', { fundId, source, broken: true } as never);
    await story.voided(source);
    await story.posted({ kind: 'anonymous' });
    await issued(2);
    const parked = await until(`receipt-book-${fundId}`, 'MessageParked', 2);
    expect(parked).toHaveLength(2);
    const stillBroken = await receipts.app.get(ParkedStreams).replay(`receipt-book-${fundId}`);
    expect(stillBroken).toMatchObject({ replayed: 0, waiting: 2 });
  });
});
