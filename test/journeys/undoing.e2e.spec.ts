import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PurposeView } from '#apps/ledger/src/in/funds.http.js';
import { balancesOf } from '#apps/standalone/src/demo/figures.js';
import { eventually } from '#testing/eventually.js';
import {
  approve,
  askToUndo,
  attachmentOf,
  donationOf,
  entered,
  historyOf,
  mailsTo,
  receipted,
  record,
  refusal,
  sha256,
  stands,
  walkMs,
} from './asking.js';
import { replayed } from './auditing.js';
import { bank, FundAtWork, vnd } from './fund-at-work.js';

let work: FundAtWork;
beforeAll(async () => {
  work = await FundAtWork.open({ begin: '2024-12-27T09:00:00+07:00' });
});
afterAll(() => work.close());

const named = (email: string) => ({
  kind: 'named',
  details: {
    class: 'business',
    inProvince: false,
    name: 'Công ty Mây Thí Dụ',
    address: 'Thành phố Xa',
    email,
  },
});

/** Records a donation and waits for its first mail. */
async function receiptedDonation(email: string): Promise<string> {
  const { donationId } = await record(work, { donor: named(email) });
  await receipted(work, donationId, { mail: { state: 'sent' } });
  return donationId;
}

describe('a refund', () => {
  it('in part voids the receipt and issues the next number, which names the one it replaces, by a new mail', async () => {
    const email = 'mot-phan@example.org';
    const donationId = await receiptedDonation(email);
    const refundId = await askToUndo(work, donationId, 'refunds', { amount: vnd(200_000) });
    await approve(work, donationId, `refunds/${refundId}`);
    await stands(work, donationId, {
      status: 'standing',
      left: vnd(300_000),
      settled: [{ kind: 'refund', id: refundId, outcome: 'completed' }],
    });
    const [before, after] = await receipted(work, donationId, { mail: { state: 'sent' } }, 2);
    expect(before).toMatchObject({ status: 'void', voided: { cause: 'refund' }, replacedBy: after?.number });
    expect(after).toMatchObject({ status: 'in-force', replaces: before?.number, amount: vnd(300_000) });
    expect(ordinal(after!.number)).toBeGreaterThan(ordinal(before!.number));
    const [second, first, ...more] = await mailsTo(work, email);
    expect([second?.subject, first?.subject]).toEqual([
      expect.stringContaining(after!.number),
      expect.stringContaining(before!.number),
    ]);
    expect(more).toEqual([]);
    expect(sha256(await attachmentOf(work, second!))).toBe(after?.pdf.sha256);
    expect((await entered(work, donationId, 2)).map(({ kind, postings }) => [kind, postings])).toEqual([
      ['donation', expect.anything()],
      [
        'refund',
        [
          { account: 'cash', purpose: 'unrestricted', amount: vnd(-200_000) },
          { account: 'income.donation', purpose: 'unrestricted', amount: vnd(200_000) },
        ],
      ],
    ]);
  });

  it('in full voids the receipt, and none is in force', async () => {
    const donationId = await receiptedDonation('toan-bo@example.org');
    const refundId = await askToUndo(work, donationId, 'refunds');
    await approve(work, donationId, `refunds/${refundId}`);
    await stands(work, donationId, { status: 'refunded', left: vnd(0) });
    await receipted(work, donationId, { status: 'void', voided: { cause: 'refund' }, replacedBy: null });
    await expect(askToUndo(work, donationId, 'refunds')).rejects.toEqual(
      refusal(409, 'donation/nothing-left'),
    );
    expect(await mailsTo(work, 'toan-bo@example.org')).toHaveLength(1);
  });

  it('tells its whole story in the history', async () => {
    const donationId = await receiptedDonation('chuyen-ke@example.org');
    const refundId = await askToUndo(work, donationId, 'refunds');
    await approve(work, donationId, `refunds/${refundId}`);
    const history = await eventually(async () => {
      const entries = await historyOf(work, donationId);
      expect(entries).toHaveLength(10);
      return entries;
    }, walkMs);
    const story = history.map(({ type }) => type);
    expect(story).toEqual([
      ...['DonationRecorded', 'DonationPosted', 'ReceiptIssued', 'ReceiptRendered', 'ReceiptSent'],
      ...['RefundRequested', 'RefundApproved', 'RefundPosted'],
      // Both answer the posting; which of the two services is first is nobody's business.
      ...story.slice(8),
    ]);
    expect(story.slice(8).toSorted()).toEqual(['ReceiptVoided', 'RefundCompleted']);
    const of = (type: string) => history.find((entry) => entry.type === type)!;
    expect(of('RefundRequested')).toMatchObject({ reason: 'Chuyển nhầm (giả định)', causedBy: null });
    expect(of('RefundRequested').actor).not.toBe(of('RefundApproved').actor);
    expect(of('RefundPosted').causedBy).toBe(of('RefundApproved').eventId);
    expect(of('ReceiptVoided').causedBy).toBe(of('RefundPosted').eventId);
    expect(of('RefundCompleted').causedBy).toBe(of('RefundPosted').eventId);
  });

  it('that the account cannot pay is refused by the ledger; the donation shows it and stands', async () => {
    const donationId = await receiptedDonation('thieu@example.org');
    const refundId = await askToUndo(work, donationId, 'refunds', { paidFrom: bank });
    await approve(work, donationId, `refunds/${refundId}`);
    await stands(work, donationId, {
      status: 'standing',
      left: vnd(500_000),
      settled: [{ id: refundId, outcome: 'declined', code: 'fund/account-short' }],
    });
    expect(await donationOf(work, donationId)).not.toHaveProperty('pending');
    await receipted(work, donationId, { status: 'in-force' });
    const again = await askToUndo(work, donationId, 'refunds', { paidFrom: 'cash' });
    await approve(work, donationId, `refunds/${again}`);
    await stands(work, donationId, { status: 'refunded' });
  });

  it('of a donation that went to suspense comes from there', async () => {
    const { accountant } = work.people;
    const { purpose } = await accountant.api.post<PurposeView>(`/v1/funds/${work.fundId}/purposes`, {
      code: 'TIM',
      name: { vi: 'Mổ tim (giả định)', en: 'Heart surgery (made up)' },
    });
    await accountant.api.post(`/v1/funds/${work.fundId}/purposes/${purpose}/close`);
    const { donationId } = await record(work, { donor: named('treo@example.org'), purpose });
    await receipted(work, donationId, { mail: { state: 'sent' } });
    expect(await entered(work, donationId, 1)).toMatchObject([
      {
        diverted: 'purpose-closed',
        postings: [{ account: 'cash', purpose: 'suspense' }, { account: 'suspense' }],
      },
    ]);
    await eventually(async () => expect(await available('suspense')).toEqual(vnd(500_000)), walkMs);
    const refundId = await askToUndo(work, donationId, 'refunds', { amount: vnd(120_000) });
    await approve(work, donationId, `refunds/${refundId}`);
    await stands(work, donationId, { left: vnd(380_000) });
    expect((await entered(work, donationId, 2)).at(-1)?.postings).toEqual([
      { account: 'cash', purpose: 'suspense', amount: vnd(-120_000) },
      { account: 'suspense', purpose: 'suspense', amount: vnd(120_000) },
    ]);
    await eventually(async () => expect(await available('suspense')).toEqual(vnd(380_000)), walkMs);
    expect(await available(purpose)).toBeUndefined();
  });
});

async function available(purpose: string): Promise<object | undefined> {
  const balances = await balancesOf(work.people.accountant.api, work.fundId);
  return balances.find((balance) => balance.purpose === purpose)?.available;
}

describe('a void', () => {
  it('reverses the entry and leaves no receipt in force', async () => {
    const donationId = await receiptedDonation('nham@example.org');
    const voidId = await askToUndo(work, donationId, 'void');
    await approve(work, donationId, `void/${voidId}`);
    await stands(work, donationId, { status: 'voided', settled: [{ kind: 'void', outcome: 'completed' }] });
    await receipted(work, donationId, { status: 'void', voided: { cause: 'void' }, replacedBy: null });
    const [entry, reversal] = await entered(work, donationId, 2);
    expect(entry?.reversedBy).toEqual([reversal?.entryId]);
    expect(reversal).toMatchObject({ kind: 'void', reversesEntryId: entry?.entryId });
    expect(await mailsTo(work, 'nham@example.org')).toHaveLength(1);
  });
});

describe('two persons', () => {
  it('are needed, whatever roles and accounts the one has', async () => {
    const colleague = await work.join('hai.vai', ['accountant', 'approver']);
    const { donationId } = await record(work, { donor: { kind: 'anonymous' } });
    const refundId = await askToUndo(work, donationId, 'refunds', { by: colleague.person });
    const other = await work.secondAccount(colleague, 'hai.vai.khac');
    await other.enrol();
    await expect(approve(work, donationId, `refunds/${refundId}`, other)).rejects.toEqual(
      refusal(403, 'donation/same-person'),
    );
    expect((await donationOf(work, donationId)).pending).toMatchObject({ step: 'requested' });
    await approve(work, donationId, `refunds/${refundId}`);
    await stands(work, donationId, { status: 'refunded' });
  });

  it('are not enough while the second has no second factor', async () => {
    const { person } = await work.join('pho.giam.doc', ['approver']);
    const { donationId } = await record(work, { donor: { kind: 'anonymous' } });
    const voidId = await askToUndo(work, donationId, 'void');
    await expect(approve(work, donationId, `void/${voidId}`, person)).rejects.toEqual(
      refusal(403, 'access/second-factor-required'),
    );
    await expect(approve(work, donationId, `void/${voidId}`, work.people.accountant)).rejects.toEqual(
      refusal(403, 'access/forbidden'),
    );
    await person.enrol();
    await approve(work, donationId, `void/${voidId}`, person);
    await stands(work, donationId, { status: 'voided' });
  });
});

describe('across New Year', () => {
  it('a receipt of the old year is voided and the new one is numbered in the new year', async () => {
    const donationId = await receiptedDonation('giao-thua@example.org');
    const whole = await receiptedDonation('giao-thua-het@example.org');
    const [old] = await receipted(work, donationId, { number: expect.stringMatching(/^LS-2024-/) });
    const endOf2024 = await balancesOf(work.people.accountant.api, work.fundId, '2024-12-31');
    const refundId = await askToUndo(work, donationId, 'refunds', { amount: vnd(100_000) });
    await work.clock.moveTo('2025-01-02T09:00:00+07:00');
    await approve(work, donationId, `refunds/${refundId}`);
    const [voided, reissued] = await receipted(work, donationId, { mail: { state: 'sent' } }, 2);
    expect(voided).toMatchObject({ number: old?.number, status: 'void' });
    expect(reissued).toMatchObject({ number: 'LS-2025-000001', replaces: old?.number, amount: vnd(400_000) });
    expect((await entered(work, donationId, 2)).map(({ effectiveOn }) => effectiveOn)).toEqual([
      '2024-12-27',
      '2025-01-02',
    ]);
    expect(await balancesOf(work.people.accountant.api, work.fundId, '2024-12-31')).toEqual(endOf2024);

    const rest = await askToUndo(work, whole, 'refunds');
    await approve(work, whole, `refunds/${rest}`);
    await receipted(work, whole, { status: 'void', replacedBy: null });
    const next = await record(work, { donor: { kind: 'anonymous' } });
    await receipted(work, next.donationId, { number: 'LS-2025-000002' });
  });
});

describe('in the end', () => {
  it('every table equals a fresh fold of the events, and every rule holds', async () => {
    await replayed(work);
  });
});

function ordinal(number: string): number {
  return Number.parseInt(number.slice(-6), 10);
}
