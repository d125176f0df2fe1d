import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#event-store/command-id.js';
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
