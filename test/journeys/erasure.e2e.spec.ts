import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool } from '#postgres/pool.js';
import { VAULT } from '#platform/tokens.js';
import { eventually } from '#testing/eventually.js';
import type { Vault } from '#vault/vault.js';
import {
  donationOf,
  historyOf,
  mailsTo,
  pdfOf,
  receipted,
  record,
  refusal,
  sha256,
  walkMs,
} from './asking.js';
import { replayed } from './auditing.js';
import { FundAtWork } from './fund-at-work.js';

let work: FundAtWork;
beforeAll(async () => {
  work = await FundAtWork.open();
});
afterAll(() => work.close());

const details = {
  class: 'individual',
  inProvince: true,
  name: 'Bà Yến Thí Dụ',
  address: 'Bản Hoàng Yến',
  email: 'canary-1@example.org',
  phone: '0912 000 001',
};

/** Everything that the vault can still open about donors, as text. */
async function readable(): Promise<string> {
  const pool = createPool(work.vault.url, { name: 'spec', connectionsMax: 1 });
  const { rows } = await pool.query<{ record_id: string }>('SELECT record_id FROM donors.records');
  await pool.end();
  const room = work.running.app.get<Vault>(VAULT, { strict: false }).room('donors');
  const reading = { actor: 'system:spec', purpose: 'spec' } as const;
  const ids = rows.map((row) => row.record_id);
  const records = [...(await room.findMany(ids, reading)).values()].map((one) => JSON.stringify(one.open()));
  const bytes = await Promise.all(ids.map((id) => room.findBytes(id, reading)));
  return [...records, ...bytes.map((one) => Buffer.from(one?.open() ?? []).toString('latin1'))].join('\n');
}

/** Asks for a resend and waits for its mail. */
async function resent(number: string, body: object, to: string): Promise<void> {
  const before = (await mailsTo(work, to)).length;
  await work.people.accountant.api.post(`/v1/receipts/${number}/resends`, body);
  await eventually(async () => expect(await mailsTo(work, to)).toHaveLength(before + 1), walkMs);
}

describe('a donor whose contact is erased', () => {
  it('can be reached nowhere and by nobody any more, while the books and the receipt stand', async () => {
    const { accountant, administrator } = work.people;
    const { donationId } = await record(work, { donor: { kind: 'named', details } });
    const [receipt] = await receipted(work, donationId, { mail: { state: 'sent' } });
    const { donor } = await donationOf(work, donationId);
    const contact = { email: 'canary-2@example.org' };
    await accountant.api.post(`/v1/donors/${donor.donorId ?? ''}/contact`, contact);
    await eventually(async () => {
      await resent(receipt!.number, { reason: 'Đã đổi địa chỉ' }, contact.email);
    }, walkMs);
    const typed = { reason: 'Nhờ canary-4 chuyển', email: 'canary-3@example.org' };
    await resent(receipt!.number, typed, typed.email);
    const before = await readable();
    for (const canary of ['canary-1@', 'canary-2@', 'canary-3@', 'canary-4', '0912 000 001', 'Bà Yến'])
      expect(before).toContain(canary);

    await administrator.api.post(`/v1/donors/${donor.donorId ?? ''}/erasure`);

    const after = await readable();
    expect(after).not.toMatch(/canary-|0912 000 001/);
    expect(after).toContain('Bà Yến');
    expect(await mailsTo(work, 'canary')).toEqual([]);
    expect(sha256(await pdfOf(work, receipt!.number))).toBe(receipt!.pdf.sha256);
    expect(JSON.stringify(await historyOf(work, donationId))).not.toContain('canary-');
    await expect(resent(receipt!.number, typed, typed.email)).rejects.toEqual(
      refusal(409, 'receipt/donor-erased'),
    );
    expect(await readable()).not.toContain('canary-');
    await replayed(work);
  });
});
