import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HistoryEntry } from '#apps/donations/src/in/history-view.js';
import type { EventStore } from '#event-store/event-store.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { EVENT_STORE } from '#platform/tokens.js';
import { eventually } from '#testing/eventually.js';
import { approve, askToUndo, historyOf, pdfOf, receipted, record, walkMs } from './asking.js';
import { FundAtWork, vnd } from './fund-at-work.js';

let work: FundAtWork;
beforeAll(async () => {
  work = await FundAtWork.open();
});
afterAll(() => work.close());

const named = {
  kind: 'named',
  details: {
    class: 'individual',
    inProvince: true,
    name: 'Bà Khe Thí Dụ',
    address: 'Xã Mẫu',
    email: 'khe@example.org',
  },
};

/** Every event of any stream that is about the donation, in the order of the store. */
async function recordedOf(donationId: string): Promise<readonly RecordedEvent[]> {
  const store = work.running.app.get<EventStore>(EVENT_STORE, { strict: false });
  const reading = new AbortController();
  const found: RecordedEvent[] = [];
  for await (const batch of store.subscribe({ consumer: 'journey', signal: reading.signal })) {
    found.push(...batch.events.filter((event) => isAbout(event, donationId)));
    if (batch.caughtUp) reading.abort();
  }
  return found;
}

function isAbout({ stream, data }: RecordedEvent, donationId: string): boolean {
  const { donation, source, donationId: id } = data as Readonly<Record<string, { donationId?: string }>>;
  const ids = [donation?.donationId, source?.donationId, id];
  return stream === `donation-${donationId}` || (ids as readonly unknown[]).includes(donationId);
}

/** The history once it tells all that stands in the store, and so much. */
function whole(donationId: string, count: number): Promise<readonly HistoryEntry[]> {
  return eventually(async () => {
    const [events, history] = [await recordedOf(donationId), await historyOf(work, donationId)];
    expect(history.map(({ eventId }) => eventId)).toEqual(events.map(({ id }) => id));
    expect(history).toHaveLength(count);
    return history;
  }, walkMs);
}

describe('the history of a donation', () => {
  it('tells every event that any service recorded of it, who did it, why, and what it followed from', async () => {
    const { donationId } = await record(work, { donor: named });
    const { accountant } = work.people;
    const [first] = await receipted(work, donationId, { mail: { state: 'sent' } });
    await accountant.api.post(`/v1/receipts/${first!.number}/resends`, { reason: 'Chưa nhận được thư' });
    await whole(donationId, 7);
    await accountant.api.post(`/v1/receipts/${first!.number}/reissues`, { reason: 'Viết sai địa chỉ' });
    await receipted(work, donationId, { mail: { state: 'sent' } }, 2);
    const refundId = await askToUndo(work, donationId, 'refunds', { amount: vnd(200_000) });
    await approve(work, donationId, `refunds/${refundId}`);
    await receipted(work, donationId, { mail: { state: 'sent' } }, 3);
    const history = await whole(donationId, 19);
    const of = (type: string) => history.filter((entry) => entry.type === type);
    const accountantId = of('RefundRequested')[0]?.actor;
    const [resend] = of('ResendRequested');
    expect(resend).toMatchObject({ reason: 'Chưa nhận được thư', actor: accountantId, causedBy: null });
    expect(of('ReceiptSent')[1]?.causedBy).toBe(resend?.eventId);
    const [voided] = of('ReceiptVoided');
    expect(voided).toMatchObject({ reason: 'Viết sai địa chỉ', actor: accountantId, causedBy: null });
    expect(of('ReceiptIssued')[1]).toMatchObject({ reason: 'Viết sai địa chỉ', actor: accountantId });
    const ids = new Set(history.map(({ eventId }) => eventId));
    const dangling = history.filter(({ causedBy }) => causedBy !== null && !ids.has(causedBy));
    expect(dangling).toEqual([]);
    expect(history.filter(({ causedBy }) => causedBy === null).map(({ actor }) => actor)).toEqual(
      Array.from({ length: 6 }, () => expect.stringMatching(/^staff:/)),
    );
  });

  it('tells who first asked for the PDF of an anonymous donation', async () => {
    const { donationId } = await record(work, { donor: { kind: 'anonymous' } });
    const [receipt] = await receipted(work, donationId, { status: 'in-force' });
    await pdfOf(work, receipt!.number);
    const history = await whole(donationId, 5);
    expect(history.at(-2)).toMatchObject({
      service: 'receipts',
      type: 'PdfRequested',
      actor: expect.stringMatching(/^staff:/),
    });
    expect(history.at(-1)?.type).toBe('ReceiptRendered');
  });
});
