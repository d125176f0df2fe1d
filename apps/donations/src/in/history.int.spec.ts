import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#event-store/command-id.js';
import { appendNext, newEvent } from '#testing/events.js';
import { openDonations, staff, type DonationsUnderTest } from '#testing/donations-service.js';
import { eventually } from '#testing/eventually.js';
import type { HistoryView } from './history-view.js';

const fundId = newId();
const accountant = staff(newId(), { role: 'accountant', fundId });
const viewer = staff(newId(), { role: 'viewer', fundId });

let service: DonationsUnderTest;
beforeAll(async () => {
  service = await openDonations('2025-05-29T18:00:00Z');
  await service.fundOpened(fundId);
});
afterAll(() => service.close());

async function recorded(): Promise<string> {
  const donor = { kind: 'anonymous' };
  const amount = { amount: '500000', currency: 'VND' };
  const body = { fundId, donor, method: 'cash', amount, receivedOn: '2025-05-28' };
  const { json } = await service.post('/v1/donations', { as: accountant, body });
  return (json as Record<string, string>)['donationId'] ?? '';
}

/** What the receipts service keeps of why somebody asked. */
async function sealedReason(text: string): Promise<string> {
  const recordId = newId();
  await service.vault.room('donors').put({ recordId, subjectId: newId() }, { text });
  return recordId;
}

const historyOf = (donationId: string, as = accountant) =>
  service.get(`/v1/donations/${donationId}/history`, as);

function entriesOf(donationId: string, count: number): Promise<HistoryView['entries']> {
  return eventually(async () => {
    const { entries } = (await historyOf(donationId)).json as unknown as HistoryView;
    expect(entries).toHaveLength(count);
    return entries;
  });
}

describe('a message that waits since its handling failed', () => {
  it('is told with who waits, since when and why, and that it was taken up, but never what it says', async () => {
    const donationId = await recorded();
    const [first, second] = [newId(), newId()];
    const waits = (stream: string, messageId: string) => ({ fundId, stream, messageId, topic: 't' });
    const parked = (by: 'ledger' | 'receipts', stream: string, messageId: string) =>
      service.say(by, 'MessageParked.v1', {
        ...{ ...waits(stream, messageId), donationId },
        ...{ message: 'DonationRecorded.v1', reason: 'TypeError: a bug' },
      });
    await parked('ledger', `fund-${fundId}`, first);
    await parked('receipts', `receipt-book-${fundId}`, second);
    await entriesOf(donationId, 3);
    const seen = (await historyOf(donationId, viewer)).json as unknown as HistoryView;
    expect(seen.waiting).toMatchObject([
      { service: 'ledger', stream: `fund-${fundId}`, messageId: first, because: 'TypeError: a bug' },
      { service: 'receipts', stream: `receipt-book-${fundId}`, message: 'DonationRecorded.v1' },
    ]);
    expect(seen.waiting[0]?.since).toBe(seen.entries[1]?.recordedAt);
    const taken = { ...waits(`fund-${fundId}`, first), donationId };
    await service.say('ledger', 'MessageReplayed.v1', taken);
    await entriesOf(donationId, 4);
    const { waiting } = (await historyOf(donationId)).json as unknown as HistoryView;
    expect(waiting.map(({ messageId }) => messageId)).toEqual([second]);
  });

  it('of the donation’s own stream is told so too', async () => {
    const donationId = await recorded();
    const stream = `donation-${donationId}`;
    const message = { id: newId(), type: 'RefundPosted.v1', topic: 't', subject: donationId, key: fundId };
    const sealed = { ...message, data: { canary: 'what it says' } };
    await appendNext(service.store, stream, newEvent('MessageParked', { message: sealed, reason: 'Error' }));
    const { text, json } = await historyOf(donationId);
    expect(text).not.toContain('canary');
    expect(json).toMatchObject({
      waiting: [{ service: 'donations', stream, messageId: message.id, message: 'RefundPosted.v1' }],
    });
  });
});

describe('what another service did to a donation', () => {
  it('is shown with why, in the words of who asked', async () => {
    const donationId = await recorded();
    const reasons = await Promise.all(['Sai tên người nộp', 'Chưa nhận được thư'].map(sealedReason));
    const receipt = { fundId, donationId, number: 'LS-2025-000002' };
    const reissue = { entryId: 'e1', reissue: true, reasonRecordId: reasons[0] };
    await service.say('receipts', 'ReceiptIssued.v1', { ...receipt, ...reissue });
    const resend = { messageId: 'LS-2025-000002.1@quy.example', reasonRecordId: reasons[1] };
    await service.say('receipts', 'ResendRequested.v1', { ...receipt, ...resend });
    await service.say('receipts', 'PdfRequested.v1', receipt);
    expect(await entriesOf(donationId, 4)).toMatchObject([
      { service: 'donations', type: 'DonationRecorded', reason: null },
      { service: 'receipts', type: 'ReceiptIssued', reason: 'Sai tên người nộp' },
      { service: 'receipts', type: 'ResendRequested', reason: 'Chưa nhận được thư' },
      { service: 'receipts', type: 'PdfRequested', reason: null },
    ]);
    const read = service.vault.room('donors').log.filter(({ recordId }) => reasons.includes(recordId ?? ''));
    expect(new Set(read.map(({ actor }) => actor))).toEqual(new Set([`staff:${accountant.staffId}`]));
  });

  it('keeps why from who may not see names, and where it was erased', async () => {
    const donationId = await recorded();
    const [reasonRecordId, subjectId] = [newId(), newId()];
    const room = service.vault.room('donors');
    await room.put({ recordId: reasonRecordId, subjectId }, { text: 'Bà Ước Thí Dụ đổi địa chỉ' });
    const resend = { number: 'LS-2025-000003', messageId: 'LS-2025-000003.1@quy.example', reasonRecordId };
    await service.say('receipts', 'ResendRequested.v1', { fundId, donationId, ...resend });
    await entriesOf(donationId, 2);
    expect((await historyOf(donationId, viewer)).text).not.toContain('Ước');
    expect((await historyOf(donationId)).text).toContain('Ước');
    await room.erase(subjectId);
    expect((await historyOf(donationId)).json).toMatchObject({
      entries: [{}, { type: 'ResendRequested', reason: null }],
    });
  });
});
