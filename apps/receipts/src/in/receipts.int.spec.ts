import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ReceiptIssued } from '#domain/receipt-book/receipt-book.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { INBOX_DOOR } from '#platform/tokens.js';
import type { InboxDoor } from '#contracts/inbox-door.js';
import { expectAlerts } from '#testing/alerts.js';
import { eventually } from '#testing/eventually.js';
import { fundId, ReceiptStory, staff } from '#testing/receipt-stories.js';
import { ReceiptsUnderTest } from '#testing/receipts-service.js';
import { newWorld, type World } from '#testing/service-under-test.js';
import { DrawingFailed, PdfPress } from '../render/pdf-press.js';

let world: World;
let receipts: ReceiptsUnderTest;
let story: ReceiptStory;

async function start(): Promise<void> {
  receipts = await ReceiptsUnderTest.open(world);
  story = new ReceiptStory(receipts);
}

beforeEach(async () => {
  world = newWorld('2025-03-01T02:00:00Z');
  await start();
});

afterEach(async () => {
  await receipts.close();
});

async function issued(count: number): Promise<readonly RecordedEvent<ReceiptIssued>[]> {
  return eventually(async () => {
    const book = await receipts.events(`receipt-book-${fundId}`);
    const found = book.filter((event) => event.type === 'ReceiptIssued') as RecordedEvent<ReceiptIssued>[];
    expect(found).toHaveLength(count);
    return found;
  });
}

/** Waits until this stands in the receipt's stream. */
async function until(number: string, type: string): Promise<RecordedEvent> {
  return eventually(async () => {
    const event = (await receipts.events(`receipt-${number}`)).find((one) => one.type === type);
    if (!event) throw new Error(`${number} has no ${type}`);
    return event;
  });
}

const get = (path: string) => receipts.send('GET', path, staff('accountant'));
const shown = async (number: string) => {
  await receipts.caughtUp();
  return (await get(`/v1/receipts/${number}`)).json;
};

describe('a posted donation', () => {
  it('gets its number, its PDF and its mail, and they can be looked at', async () => {
    await story.fundOpens();
    const donor = await story.donor('Nguyễn Văn Thử', 'thu@example.org');
    const { donationId } = await story.posted(donor.source);
    const [first] = await issued(1);
    expect(first?.data.number).toBe('LS-2025-000001');
    const sent = await until('LS-2025-000001', 'ReceiptSent');
    const [rendered] = await receipts.events('receipt-LS-2025-000001');
    expect(rendered).toMatchObject({
      type: 'ReceiptRendered',
      cause: { kind: 'message', eventId: first?.id },
      correlationId: first?.correlationId,
    });
    expect(sent.data).toMatchObject({ messageId: 'LS-2025-000001.0@mangnon.localhost', resend: false });
    expect(await shown('LS-2025-000001')).toMatchObject({
      ...{ number: 'LS-2025-000001', fundId, donationId, status: 'in-force', voided: null },
      pdf: { state: 'rendered' },
      mail: { state: 'sent', status: null },
    });

    const pdf = await get('/v1/receipts/LS-2025-000001/pdf');
    expect(pdf.type).toBe('application/pdf');
    const inbox = receipts.app.get<InboxDoor>(INBOX_DOOR);
    const { items } = await inbox.list({ limit: 10 }, 'staff-1');
    const [listed] = items;
    expect(items).toMatchObject([
      {
        to: 'thu@example.org',
        subject: 'Biên lai số LS-2025-000001 - Quỹ Bảo trợ trẻ em tỉnh Lạng Sơn',
        date: '2025-03-01T02:00:00.000Z',
      },
    ]);
    const reads = receipts.world.vault.room('donors').log.filter(({ recordId }) => recordId === listed!.id);
    expect(reads).toMatchObject([{ actor: 'staff:staff-1' }]);
    const mail = await inbox.find(listed!.id, 'staff-1');
    expect(Buffer.from(mail!.attachments[0]!.bytes)).toEqual(pdf.bytes);
    expect(await inbox.find('not-there', 'staff-1')).toBeUndefined();
  });

  it('gets one number however often the ledger tells of it', async () => {
    await story.fundOpens();
    await story.posted({ kind: 'anonymous' });
    await issued(1);
    await receipts.again(fundId);
    await story.posted({ kind: 'anonymous' });
    expect((await issued(2)).map(({ data }) => data.number)).toEqual(['LS-2025-000001', 'LS-2025-000002']);
  });

  it('of nobody known has a number, no mail, and a PDF when first asked for', async () => {
    await story.fundOpens();
    await story.posted({ kind: 'anonymous' });
    await issued(1);
    const known = await story.donor('Lê Thị Mẫu');
    await story.posted(known.source);
    await until('LS-2025-000002', 'ReceiptRendered');
    expect(await receipts.events('receipt-LS-2025-000001')).toEqual([]);
    const first = await get('/v1/receipts/LS-2025-000001/pdf');
    expect(first.status).toBe(200);
    expect((await get('/v1/receipts/LS-2025-000001/pdf')).bytes).toEqual(first.bytes);
    const types = (await receipts.events('receipt-LS-2025-000001')).map(({ type }) => type);
    expect(types).toEqual(['PdfRequested', 'ReceiptRendered']);
  });

  it('that is void has no receipt in force and is not mailed any more', async () => {
    await story.fundOpens();
    const source = await story.posted({ kind: 'anonymous' });
    await issued(1);
    await story.voided(source);
    await eventually(async () => {
      expect(await shown('LS-2025-000001')).toMatchObject({ status: 'void', voided: { cause: 'void' } });
    });
  });

  it('refunded in part has its receipt void and another for what is left, which names the first', async () => {
    await story.fundOpens();
    const donor = await story.donor('Vi Văn Thử', 'vi@example.org');
    const source = await story.posted(donor.source);
    await until('LS-2025-000001', 'ReceiptSent');
    world.clock.advance(365 * 24 * 3_600_000);
    await story.refundedInPart(source, '200000');
    const rendered = await until('LS-2026-000001', 'ReceiptRendered');
    expect(rendered.data).toMatchObject({ replaces: 'LS-2025-000001' });
    expect(await shown('LS-2025-000001')).toMatchObject({ status: 'void', replacedBy: 'LS-2026-000001' });
    expect(await shown('LS-2026-000001')).toMatchObject({
      ...{ status: 'in-force', replaces: 'LS-2025-000001', amount: { amount: '200000' } },
    });
  });
});

describe('a PDF that cannot be drawn', () => {
  expectAlerts(/^\[receipts\] LS-2025-000001 is not rendered: DrawingFailed: InvariantViolation/);

  it('holds up no other, is told to who asks for it, and is tried again an hour later', async () => {
    await story.fundOpens();
    const donor = await story.donor('Nông Văn Mẫu', 'mau@example.org');
    await story.posted(donor.source, { amount: { amount: '-1', currency: 'VND' } });
    await story.posted(donor.source);
    await until('LS-2025-000002', 'ReceiptSent');
    const failed = await until('LS-2025-000001', 'ReceiptRenderingFailed');
    expect(failed.data).toMatchObject({ reason: 'InvariantViolation' });
    const asked = await get('/v1/receipts/LS-2025-000001/pdf');
    expect([asked.status, asked.json]).toMatchObject([503, { code: 'receipt/cannot-be-drawn' }]);
    world.clock.advance(61 * 60_000);
    await eventually(async () => {
      const types = (await receipts.events('receipt-LS-2025-000001')).map(({ type }) => type);
      expect(types.filter((type) => type === 'ReceiptRenderingFailed').length).toBeGreaterThanOrEqual(3);
    });
  });
});

describe('a PDF that is never done', () => {
  expectAlerts(/^\[receipts\] LS-2025-000001 is not rendered: DrawingFailed: given up/);

  it('keeps no number back', async () => {
    let giveUp: (why: Error) => void = () => undefined;
    const never = new Promise<never>((_done, failed) => (giveUp = failed));
    const drawing = jest.spyOn(receipts.app.get(PdfPress), 'draw').mockReturnValue(never);
    await story.fundOpens();
    const donor = await story.donor('Nông Văn Mẫu', 'mau@example.org');
    try {
      for (let nth = 0; nth < 3; nth += 1) await story.posted(donor.source);
      expect((await issued(3)).at(-1)?.data.number).toBe('LS-2025-000003');
      await eventually(() => expect(drawing).toHaveBeenCalledTimes(1));
      expect(await receipts.events('receipt-LS-2025-000001')).toEqual([]);
    } finally {
      giveUp(new DrawingFailed('given up'));
    }
  });
});

describe('after a restore', () => {
  it('numbers go on in a lettered series, also for what was posted before it', async () => {
    await story.fundOpens();
    await story.posted({ kind: 'anonymous' });
    await issued(1);
    const kept = await world.store.head();
    await story.posted({ kind: 'anonymous' });
    const [, lost] = await issued(2);
    const posted = (await receipts.events(`fund-${fundId}`)).at(-1);
    await receipts.close();

    const store = world.store.restored(kept);
    expect(lost?.data.number).toBe('LS-2025-000002');
    world = { ...world, store };
    await start();
    await receipts.say('DonationPosted.v1', posted?.data as never);
    const numbers = (await issued(2)).map(({ data }) => data.number);
    expect(numbers).toEqual(['LS-2025-000001', 'LS-2025B-000001']);
  });

  it('a donation posted before and not numbered in time gets a lettered number too', async () => {
    await story.fundOpens();
    await eventually(async () => expect(await receipts.events(`receipt-book-${fundId}`)).toHaveLength(1));
    await story.posted({ kind: 'anonymous' });
    await issued(1);
    const [, posted] = await receipts.events(`fund-${fundId}`);
    await receipts.close();
    const { cursor, position, id: eventId } = posted!;
    world = { ...world, store: world.store.restored({ cursor, position, eventId }) };
    await start();
    const numbers = (await issued(1)).map(({ data }) => data.number);
    expect(numbers).toEqual(['LS-2025B-000001']);
  });
});
