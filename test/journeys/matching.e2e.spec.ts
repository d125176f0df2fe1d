import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DonationView } from '#apps/donations/src/in/donation-view.js';
import type { PledgeView } from '#apps/donations/src/in/pledges.controller.js';
import { balancesOf } from '#apps/standalone/src/demo/figures.js';
import type { Person } from '#apps/standalone/src/demo/people.js';
import { eventually } from '#testing/eventually.js';
import {
  approve,
  askToUndo,
  donationOf,
  entriesOf,
  historyOf,
  mailsTo,
  receipted,
  record,
  refusal,
  stands,
  walkMs,
} from './asking.js';
import { replayed } from './auditing.js';
import { appeal } from './example-appeal.js';
import { bank, FundAtWork, vnd } from './fund-at-work.js';

let work: FundAtWork;
beforeAll(async () => {
  work = await FundAtWork.open({ begin: '2025-05-28T09:00:00+07:00' });
});
afterAll(() => work.close());

const school = {
  ...{ class: 'unit', inProvince: true, name: 'Trường Đồi Mây (giả định)' },
  email: 'doimay@example.org',
};
const unidentified = { donor: { kind: 'unidentified' }, method: 'bank', account: bank };
const accountant = (): { readonly by: Person } => ({ by: work.people.accountant });

const match = (donationId: string, body: object, by = work.people.accountant) =>
  by.api.post<{ readonly matchId: string; readonly event: string }>(
    `/v1/donations/${donationId}/matches`,
    body,
  );
const takeBack = (donationId: string, matchId: string) =>
  work.people.accountant.api.post(`/v1/donations/${donationId}/matches/${matchId}/undoing`, {
    reason: 'Ghép nhầm (giả định)',
  });
/** Waits until the ledger has answered. */
const settled = (donationId: string, matches: number): Promise<DonationView> =>
  eventually(async () => {
    const donation = await donationOf(work, donationId);
    expect(donation.matching).toBeUndefined();
    expect(donation.matches).toHaveLength(matches);
    return donation;
  }, walkMs);
const available = (purpose: string, amount: number): Promise<void> =>
  eventually(async () => {
    const balances = await balancesOf(work.people.accountant.api, work.fundId);
    const found = balances.find((balance) => balance.purpose === purpose)?.available ?? vnd(0);
    expect(found).toEqual(vnd(amount));
  }, walkMs);
const pledgePaid = (pledgeId: string, amount: number): Promise<void> =>
  eventually(async () => {
    const pledge = await work.people.accountant.api.get<PledgeView>(`/v1/pledges/${pledgeId}`);
    expect(pledge.paid).toEqual(vnd(amount));
  }, walkMs);

describe('a donation by an unknown hand', () => {
  let campaignId: string;
  let donorId: string;
  let pledgeId: string;
  let donationId: string;
  const made: string[] = [];

  beforeAll(async () => {
    const { api } = work.people.accountant;
    const campaign = { fundId: work.fundId, ...appeal };
    ({ campaignId } = await api.post<{ readonly campaignId: string }>('/v1/campaigns', campaign));
    const donor = { fundId: work.fundId, ...school };
    ({ donorId } = await api.post<{ readonly donorId: string }>('/v1/donors', donor));
    const promise = { campaignId, donorId, amount: vnd(900_000), dueOn: '2025-06-15' };
    ({ pledgeId } = await api.post<{ readonly pledgeId: string }>('/v1/pledges', promise));
    await work.clock.moveTo('2025-05-30T09:00:00+07:00');
    ({ donationId } = await record(work, unidentified, accountant()));
    await receipted(work, donationId, { status: 'in-force' });
  });

  it('is matched to its donor: the receipt is void, and the next number goes to who gave', async () => {
    const matched = await match(donationId, { donor: { donorId }, note: 'Gọi điện xác nhận (giả định)' });
    made.push(matched.matchId);
    expect(matched.event).toBe('DonationMatched');
    expect(await settled(donationId, 1)).toMatchObject({
      donor: { kind: 'named', donorId, organisation: school.name },
      purpose: 'unrestricted',
      left: vnd(500_000),
    });
    const receipts = await receipted(work, donationId, { status: 'in-force', mail: { state: 'sent' } }, 2);
    expect(receipts[0]).toMatchObject({ status: 'void', voided: { cause: 'match' } });
    expect(await mailsTo(work, 'doimay@example.org')).toHaveLength(1);
    const [, moved] = await entriesOf(work, donationId);
    expect(moved).toMatchObject({ postings: [] });
  });

  it('is matched to a pledge: its campaign gets the money, and the promise counts it', async () => {
    made.push((await match(donationId, { pledgeId })).matchId);
    expect(await settled(donationId, 2)).toMatchObject({ campaignId, pledgeId, purpose: campaignId });
    await available(campaignId, 500_000);
    await available('unrestricted', 0);
    await pledgePaid(pledgeId, 500_000);
    await receipted(work, donationId, { status: 'in-force', mail: { state: 'sent' } }, 3);
  });

  it('is what it was when a match is taken back, the last one first', async () => {
    const [first = '', second = ''] = made;
    await expect(takeBack(donationId, first)).rejects.toEqual(refusal(409, 'donation/match-not-last'));
    await takeBack(donationId, second);
    expect(await settled(donationId, 1)).toMatchObject({ purpose: 'unrestricted', donor: { donorId } });
    await available(campaignId, 0);
    await available('unrestricted', 500_000);
    await pledgePaid(pledgeId, 0);
    await takeBack(donationId, first);
    expect(await settled(donationId, 0)).toMatchObject({ donor: { kind: 'unidentified' } });
    await receipted(work, donationId, { status: 'in-force', payer: 'unidentified' }, 5);
  });

  it('tells in its history who matched it, why, and what the books and receipts answered', async () => {
    const said = ['DonationMatched', 'DonationMatched', 'DonationMatchUndone', 'DonationMatchUndone'];
    const told = await eventually(async () => {
      const history = await historyOf(work, donationId);
      const about = history.filter(({ type }) => /Match|Reassign|Receipt(Issued|Voided)/.test(type));
      // Services answer side by side, so that only what each of them says is in order.
      const toldBy = (service: string) =>
        about.filter((entry) => entry.service === service).map(({ type }) => type);
      expect(toldBy('donations')).toEqual(said.flatMap((type) => [type, 'MatchCompleted']));
      expect(toldBy('ledger')).toEqual(said.map(() => 'DonationReassigned'));
      const anew = said.flatMap(() => ['ReceiptVoided', 'ReceiptIssued']);
      expect(toldBy('receipts')).toEqual(['ReceiptIssued', ...anew]);
      return about;
    });
    expect(told.find(({ type }) => type === 'DonationMatched')?.reason).toBe('Gọi điện xác nhận (giả định)');
  });

  it('is paid back from where it stands now', async () => {
    const { donationId: another } = await record(work, unidentified, accountant());
    await match(another, { campaignId });
    await settled(another, 1);
    await available(campaignId, 500_000);
    const refundId = await askToUndo(work, another, 'refunds', { amount: vnd(200_000) });
    await approve(work, another, `refunds/${refundId}`);
    await stands(work, another, { left: vnd(300_000) });
    await available(campaignId, 300_000);
    await receipted(work, another, { status: 'in-force', amount: vnd(300_000) }, 3);
  });

  it('is nobody’s to match but an accountant’s, and not while something waits', async () => {
    const { donationId: another } = await record(work, unidentified, accountant());
    const { cashier, approver } = work.people;
    for (const by of [cashier, approver])
      await expect(match(another, { donor: { donorId } }, by)).rejects.toEqual(
        refusal(403, 'access/forbidden'),
      );
    await expect(match(another, {})).rejects.toEqual(refusal(422, 'donation/match-changes-nothing'));
    await askToUndo(work, another, 'void');
    await expect(match(another, { donor: { donorId } })).rejects.toEqual(
      refusal(409, 'donation/undoing-pending'),
    );
  });

  it('and the whole replays as it is live', () => replayed(work));
});
