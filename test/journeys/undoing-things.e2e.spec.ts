import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { balancesOf } from '#apps/standalone/src/demo/figures.js';
import type { Person } from '#apps/standalone/src/demo/people.js';
import { eventually } from '#testing/eventually.js';
import {
  approve,
  askToUndo,
  donationOf,
  entered,
  receipted,
  record,
  refusal,
  stands,
  walkMs,
} from './asking.js';
import { replayed } from './auditing.js';
import { FundAtWork, vnd } from './fund-at-work.js';

let work: FundAtWork;
beforeAll(async () => {
  work = await FundAtWork.open();
});
afterAll(() => work.close());

const milk = {
  ...{ item: 'milk', name: 'Sữa tươi', quantity: '120', unit: 'hộp' },
  valuation: { value: vnd(960_000), basis: 'invoice' },
};
const books = { item: 'books', name: 'Truyện tranh đã dùng', quantity: '7.5', unit: 'kg' };
const anonymous = { donor: { kind: 'anonymous' } };

/** Records milk that is valued and books that are not, and waits for their receipt. */
async function things(): Promise<string> {
  const inKind = { ...anonymous, method: 'in-kind', amount: undefined, items: [milk, books] };
  const { donationId } = await record(work, inKind);
  await receipted(work, donationId, { status: 'in-force', method: 'in-kind', amount: null });
  return donationId;
}

const stock = (): Promise<unknown> =>
  balancesOf(work.people.accountant.api, work.fundId).then((balances) =>
    balances.find(({ purpose }) => purpose === 'unrestricted'),
  );

describe('things given', () => {
  it('go back whole, with what they were valued at and by quantity', async () => {
    const donationId = await things();
    for (const terms of [{ amount: vnd(1) }, { paidFrom: 'cash' }])
      await expect(askToUndo(work, donationId, 'refunds', terms)).rejects.toEqual(
        refusal(422, 'donation/in-kind-whole'),
      );
    const refundId = await askToUndo(work, donationId, 'refunds');
    await approve(work, donationId, `refunds/${refundId}`);
    const settled = [{ kind: 'refund', id: refundId, outcome: 'completed', terms: { full: true } }];
    const donation = await stands(work, donationId, { status: 'refunded', settled });
    expect(donation).not.toHaveProperty('left');
    const [came, went] = await entered(work, donationId, 2);
    expect(went).toMatchObject({ kind: 'refund', reversesEntryId: came?.entryId });
    expect(went?.postings).toEqual(
      came?.postings.map((line) => ({ ...line, amount: vnd(-Number(line.amount.amount)) })),
    );
    expect(went?.stock).toMatchObject([
      { item: 'milk', quantity: '-120', unit: 'hộp' },
      { item: 'books', quantity: '-7.5', unit: 'kg' },
    ]);
    await receipted(work, donationId, { status: 'void', voided: { cause: 'refund' }, replacedBy: null });
    await expect(askToUndo(work, donationId, 'void')).rejects.toEqual(refusal(409, 'donation/nothing-left'));
    await eventually(async () => expect(await stock()).toMatchObject({ stock: vnd(0) }), walkMs);
  });

  it('entered wrongly leave the books again', async () => {
    const donationId = await things();
    const voidId = await askToUndo(work, donationId, 'void');
    await approve(work, donationId, `void/${voidId}`);
    await stands(work, donationId, { status: 'voided', settled: [{ kind: 'void', outcome: 'completed' }] });
    const [, reversal] = await entered(work, donationId, 2);
    expect(reversal).toMatchObject({ kind: 'void' });
    expect(reversal?.stock).toMatchObject([{ quantity: '-120' }, { quantity: '-7.5' }]);
    await receipted(work, donationId, { status: 'void', voided: { cause: 'void' }, replacedBy: null });
  });
});

describe('a void after a partial refund', () => {
  it('reverses what the refund left, and voids the receipt that was issued for that', async () => {
    const { donationId } = await record(work, anonymous);
    await receipted(work, donationId, { status: 'in-force' });
    const refundId = await askToUndo(work, donationId, 'refunds', { amount: vnd(120_000) });
    await approve(work, donationId, `refunds/${refundId}`);
    await stands(work, donationId, { status: 'standing', left: vnd(380_000) });
    await receipted(work, donationId, { status: 'in-force', amount: vnd(380_000) }, 2);
    const voidId = await askToUndo(work, donationId, 'void');
    await approve(work, donationId, `void/${voidId}`);
    await stands(work, donationId, { status: 'voided', left: vnd(0) });
    const [, , reversal] = await entered(work, donationId, 3);
    expect(reversal?.postings).toEqual([
      { account: 'cash', purpose: 'unrestricted', amount: vnd(-380_000) },
      { account: 'income.donation', purpose: 'unrestricted', amount: vnd(380_000) },
    ]);
    const receipts = await receipted(work, donationId, { status: 'void', voided: { cause: 'void' } }, 2);
    expect(receipts.map(({ status }) => status)).toEqual(['void', 'void']);
  });
});

describe('two at once', () => {
  let colleague: Person;
  let director: Person;
  beforeAll(async () => {
    colleague = (await work.join('ke.toan.hai', ['accountant'])).person;
    director = (await work.join('pho.giam.doc', ['approver'])).person;
    await director.enrol();
  });

  /** What one of two was told who did the same in the same instant; the other was not refused. */
  async function loserOf(both: readonly Promise<unknown>[]): Promise<unknown> {
    const outcomes = await Promise.allSettled(both);
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(lost).toHaveLength(1);
    return lost[0]?.reason as unknown;
  }

  it('ask for a refund and a void: one does, the other hears that one is pending', async () => {
    const { donationId } = await record(work, anonymous);
    const { accountant } = work.people;
    const asked = [
      askToUndo(work, donationId, 'refunds', { by: accountant }),
      askToUndo(work, donationId, 'void', { by: colleague }),
    ];
    expect(await loserOf(asked)).toEqual(refusal(409, 'donation/undoing-pending'));
    expect((await donationOf(work, donationId)).pending).toMatchObject({ step: 'requested' });
  });

  it('approve: one does, the other hears that it is decided, and it is paid back once', async () => {
    const { donationId } = await record(work, anonymous);
    await entered(work, donationId, 1);
    const refundId = await askToUndo(work, donationId, 'refunds');
    const both = [work.people.approver, director].map((by) =>
      approve(work, donationId, `refunds/${refundId}`, by),
    );
    expect(await loserOf(both)).toEqual(refusal(409, 'donation/undoing-decided'));
    await stands(work, donationId, { status: 'refunded', left: vnd(0) });
    expect(await entered(work, donationId, 2)).toHaveLength(2);
  });

  it('approve and reject: one does, and only that happens', async () => {
    const { donationId } = await record(work, anonymous);
    await entered(work, donationId, 1);
    const refundId = await askToUndo(work, donationId, 'refunds');
    const path = `/v1/donations/${donationId}/refunds/${refundId}/rejection`;
    const both = [
      approve(work, donationId, `refunds/${refundId}`),
      director.api.post(path, { reason: 'Chưa đủ hồ sơ (giả định)' }),
    ];
    expect(await loserOf(both)).toEqual(refusal(409, 'donation/undoing-decided'));
    const { settled, status } = await eventually(async () => {
      const donation = await donationOf(work, donationId);
      expect(donation).not.toHaveProperty('pending');
      return donation;
    }, walkMs);
    expect([status, settled[0]?.outcome]).toEqual(
      settled[0]?.outcome === 'rejected' ? ['standing', 'rejected'] : ['refunded', 'completed'],
    );
  });

  it('withdraw what another approves: one does', async () => {
    const { donationId } = await record(work, anonymous);
    await entered(work, donationId, 1);
    const voidId = await askToUndo(work, donationId, 'void');
    const path = `/v1/donations/${donationId}/void/${voidId}/withdrawal`;
    const both = [approve(work, donationId, `void/${voidId}`), work.people.accountant.api.post(path)];
    expect(await loserOf(both)).toEqual(refusal(409, 'donation/undoing-decided'));
  });
});

describe('in the end', () => {
  it('every table equals a fresh fold of the events, and every rule holds', async () => {
    await replayed(work);
  });
});
