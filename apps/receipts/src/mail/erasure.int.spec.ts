import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { SERVICE_DATABASE } from '#platform/tokens.js';
import type { Database } from '#postgres/pool.js';
import { eventually } from '#testing/eventually.js';
import { fundId, ReceiptStory, staff, type StoryDonor } from '#testing/receipt-stories.js';
import { ReceiptsUnderTest } from '#testing/receipts-service.js';
import { SetClock } from '#testing/set-clock.js';
import { InMemoryVault } from '#vault/in-memory/in-memory-vault.js';
import { BOUNCE_ADDRESSES, type BounceAddresses } from './bounce-address.js';
import { LocalMailbox } from './local-mailbox.js';

const number = 'LS-2025-000001';
const resends = `/v1/receipts/${number}/resends`;
const cashier = staff('cashier', 'accountant');
let vault: InMemoryVault;
let receipts: ReceiptsUnderTest;
let story: ReceiptStory;
let donor: StoryDonor;

beforeEach(async () => {
  const clock = new SetClock('2025-03-01T02:00:00Z');
  vault = new InMemoryVault();
  receipts = await ReceiptsUnderTest.open({ store: new InMemoryEventStore(clock), vault, clock });
  story = new ReceiptStory(receipts);
  await story.fundOpens();
  donor = await story.donor('Bà Canary Thí Dụ', 'canary-1@example.org');
  await story.posted(donor.source);
  await sent(1);
});

afterEach(() => receipts.close());

async function sent(count: number, of = number): Promise<void> {
  await eventually(async () => {
    const events = await receipts.events(`receipt-${of}`);
    expect(events.filter(({ type }) => type === 'ReceiptSent')).toHaveLength(count);
  });
}

/** Mails in the local mailbox, whoever they are to. */
async function inbox(): Promise<readonly string[]> {
  const { rows } = await receipts.app
    .get<Database>(SERVICE_DATABASE)
    .query<{ id: string }>('SELECT id FROM receipts.inbox_mails');
  return rows.map(({ id }) => id);
}

/** All that can still be opened of what this service's events and mailbox name, as text. */
async function readable(): Promise<string> {
  const numbers = [1, 2, 3, 4].map((sequence) => `receipt-LS-2025-00000${String(sequence)}`);
  const streams = [`receipt-book-${fundId}`, ...numbers];
  const events = await Promise.all(streams.map((stream) => receipts.events(stream)));
  const named = [...JSON.stringify(events).matchAll(/RecordId":"([^"]+)"/g)].map(([, id = '']) => id);
  const room = vault.room('donors');
  const reading = { actor: 'system:spec', purpose: 'spec' } as const;
  const texts = [...named, ...(await inbox())].map(async (id) => {
    const [record, bytes] = [await room.find(id, reading), await room.findBytes(id, reading)];
    return JSON.stringify(record?.open() ?? '') + Buffer.from(bytes?.open() ?? []).toString('latin1');
  });
  return (await Promise.all(texts)).join('\n');
}

describe('the erasure of a donor’s contact', () => {
  it('reaches addresses typed at a resend, what was written with them, and mails in the local mailbox', async () => {
    await receipts.send('POST', resends, cashier, { reason: 'Gửi lại', email: 'canary-2@example.org' });
    await sent(2);
    await receipts.send('POST', resends, cashier, { reason: 'Nhà canary-3 nhờ gửi' });
    await sent(3);
    const before = await readable();
    for (const canary of ['canary-1@', 'canary-2@', 'canary-3', 'Bà Canary'])
      expect(before).toContain(canary);
    await vault.room('donors').erase(donor.contactSubjectId);
    const after = await readable();
    expect(after).not.toContain('canary-');
    expect(after).toContain('Bà Canary');
    const { items } = await receipts.app.get(LocalMailbox).list({ limit: 10 }, 's');
    expect(items).toEqual([]);
    for (const id of await inbox())
      expect(await receipts.app.get(LocalMailbox).find(id, 's')).toBeUndefined();
    const pdf = await receipts.send('GET', `/v1/receipts/${number}/pdf`, cashier);
    expect([pdf.status, pdf.type]).toEqual([200, 'application/pdf']);
  });

  it('leaves nowhere to send to, and a new receipt without mail', async () => {
    await vault.room('donors').erase(donor.contactSubjectId);
    for (const body of [{ reason: 'x' }, { reason: 'x', email: 'canary-4@example.org' }])
      expect((await receipts.send('POST', resends, cashier, body)).json).toMatchObject({
        ...{ status: 409, code: 'receipt/donor-erased' },
      });
    const path = `/v1/receipts/${number}/reissues`;
    const payer = { name: 'Bà Canary Sửa Tên' };
    expect((await receipts.send('POST', path, cashier, { reason: 'Sai tên', payer })).status).toBe(201);
    await eventually(async () => {
      const events = await receipts.events('receipt-LS-2025-000002');
      expect(events.at(-1)).toMatchObject({ type: 'ReceiptMailWithdrawn', data: { because: 'no-address' } });
    });
    expect(await readable()).not.toContain('canary-');
  });

  it('leaves the answers to what was asked for before, for whoever asks again under the same key', async () => {
    const wanted = [
      [resends, { reason: 'Gửi lại', email: 'canary-2@example.org' }],
      [`/v1/receipts/${number}/reissues`, { reason: 'Sai tên', payer: { name: 'Bà Canary Sửa Tên' } }],
    ] as const;
    const ask = async (): Promise<readonly object[]> => {
      const answers = [];
      for (const [path, body] of wanted)
        answers.push(await receipts.send('POST', path, cashier, body, `key of ${path}`));
      return answers.map(({ status, json }) => ({ status, json }));
    };
    const answers = await ask();
    expect(answers).toMatchObject([{ status: 202 }, { status: 201 }]);
    const room = vault.room('donors');
    for (const subjectId of [donor.contactSubjectId, donor.subjectId]) await room.erase(subjectId);
    expect(await ask()).toEqual(answers);
    const other = { reason: 'Khác' };
    const differing = await receipts.send('POST', resends, cashier, other, `key of ${resends}`);
    expect(differing.json).toMatchObject({ code: 'idempotency/body-differs' });
  });

  it('keeps a mail out that was on its way meanwhile', async () => {
    const addresses = receipts.app.get<BounceAddresses>(BOUNCE_ADDRESSES);
    const transport = createTransport({ url: await receipts.app.get(LocalMailbox).open() });
    const from = addresses.addressOf(`${number}.0@mangnon.localhost`);
    const late = {
      envelope: { from, to: ['canary-1@example.org'] },
      raw: 'To: canary-1@example.org\r\n\r\n',
    };
    await transport.sendMail(late);
    expect(await inbox()).toHaveLength(2);
    await vault.room('donors').erase(donor.contactSubjectId);
    await expect(transport.sendMail(late)).rejects.toMatchObject({ responseCode: 451 });
    expect(await inbox()).toHaveLength(2);
    expect(await readable()).not.toContain('canary-');
  });

  it('reaches nobody else', async () => {
    const other = await story.donor('Ông Khác', 'khac@example.org');
    await story.posted(other.source);
    await sent(1, 'LS-2025-000002');
    await vault.room('donors').erase(donor.contactSubjectId);
    const { items } = await receipts.app.get(LocalMailbox).list({ limit: 10 }, 's');
    expect(items.map(({ to }) => to)).toEqual(['khac@example.org']);
  });
});

describe('the erasure of what was said of a donation of nobody known', () => {
  const [first, second, third] = [2, 3, 4].map((sequence) => `LS-2025-00000${String(sequence)}`);
  const reissue = (of: string, body: object) =>
    receipts.send('POST', `/v1/receipts/${of}/reissues`, cashier, body);

  /** As the donations service does it, which holds what is said of a donation under the donation's id. */
  async function erased(donationId: string): Promise<void> {
    await vault.room('donors').erase(donationId);
    const told = { fundId, donorId: donor.donorId, donationId };
    await receipts.sayOfDonor('DonationTextsErased.v1', told);
  }

  it('reaches whom staff named on its receipts, and why, but not what vouchers say of them', async () => {
    const { donationId } = await story.posted({ kind: 'anonymous' });
    await eventually(async () => {
      const payer = { name: 'Bà Canary Hai', email: 'canary-2@example.org' };
      const named = await reissue(first!, { reason: 'Bà canary-3 muốn nêu tên', payer });
      expect(named.status).toBe(201);
    });
    await sent(1, second);
    const body = { reason: 'canary-4 nhờ gửi', email: 'canary-5@example.org' };
    await receipts.send('POST', `/v1/receipts/${second!}/resends`, cashier, body);
    await sent(2, second);
    const other = { name: 'Bà Canary Ba', email: 'canary-6@example.org', otherPerson: true };
    expect((await reissue(second!, { reason: 'Nhầm canary-7', payer: other })).status).toBe(201);
    await sent(1, third);
    const before = await readable();
    const canaries = [2, 3, 4, 5, 6, 7].map((one) => `canary-${String(one)}`);
    for (const canary of canaries) expect(before).toContain(canary);

    await erased(donationId);
    await eventually(async () => {
      const after = await readable();
      expect(canaries.filter((canary) => after.includes(canary))).toEqual([]);
    });
    const after = await readable();
    for (const kept of ['Bà Canary Hai', 'Bà Canary Ba', 'canary-1@']) expect(after).toContain(kept);
    const pdf = await receipts.send('GET', `/v1/receipts/${third!}/pdf`, cashier);
    expect(pdf.status).toBe(200);
    const again = await receipts.send('POST', `/v1/receipts/${third!}/resends`, cashier, body);
    expect(again.json).toMatchObject({ status: 409, code: 'receipt/donor-erased' });
    expect((await reissue(third!, { reason: 'Sai địa chỉ' })).status).toBe(201);
  });
});
