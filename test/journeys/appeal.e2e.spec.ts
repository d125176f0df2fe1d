import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PledgeView } from '#apps/donations/src/in/pledges.controller.js';
import type { ListedCampaign } from '#apps/donations/src/read/campaign/campaign.query.js';
import type { ListedPledge } from '#apps/donations/src/read/pledge/pledge.query.js';
import type { BalancesView } from '#apps/ledger/src/in/books.http.js';
import { balancesOf } from '#apps/standalone/src/demo/figures.js';
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
import { appeal } from './example-appeal.js';
import { bank, FundAtWork, vnd } from './fund-at-work.js';

let work: FundAtWork;
beforeAll(async () => {
  work = await FundAtWork.open({ begin: '2025-05-20T09:00:00+07:00' });
});
afterAll(() => work.close());

const openCampaign = async (changes: object = {}): Promise<string> => {
  const body = { fundId: work.fundId, ...appeal, ...changes };
  const { api } = work.people.accountant;
  return (await api.post<{ readonly campaignId: string }>('/v1/campaigns', body)).campaignId;
};
const campaignOf = (campaignId: string): Promise<ListedCampaign> =>
  work.people.accountant.api.get(`/v1/campaigns/${campaignId}`);
const registered = async (name: string): Promise<string> => {
  const body = { fundId: work.fundId, class: 'business', inProvince: true, name: `${name} (giả định)` };
  return (await work.people.accountant.api.post<{ readonly donorId: string }>('/v1/donors', body)).donorId;
};
const pledged = async (campaignId: string, donorId: string, amount: number): Promise<string> => {
  const body = { campaignId, donorId, amount: vnd(amount), dueOn: '2025-06-15' };
  return (await work.people.cashier.api.post<{ readonly pledgeId: string }>('/v1/pledges', body)).pledgeId;
};
const pledgeStands = (pledgeId: string, like: object): Promise<void> =>
  eventually(async () => {
    const pledge = await work.people.accountant.api.get<PledgeView>(`/v1/pledges/${pledgeId}`);
    expect(pledge).toMatchObject({ pledgeId, ...like });
  }, walkMs);
const received = (purpose: string, sums: object): Promise<void> =>
  eventually(async () => {
    const balances = await balancesOf(work.people.accountant.api, work.fundId);
    expect(balances.find((balance) => balance.purpose === purpose)).toMatchObject(sums);
  }, walkMs);

describe('an appeal', () => {
  let campaignId: string;
  let tea: { readonly donorId: string; readonly pledgeId: string };
  let bricks: { readonly donorId: string; readonly pledgeId: string };
  const fulfilling: string[] = [];

  it('is opened before it receives, under a code that the fund gives once', async () => {
    campaignId = await openCampaign();
    expect(await campaignOf(campaignId)).toMatchObject({ status: 'open', purpose: campaignId });
    await expect(openCampaign({ closesOn: '2025-07-31' })).rejects.toEqual(
      refusal(409, 'campaign/code-taken'),
    );
    const early = { donor: { kind: 'anonymous' }, campaignId };
    await expect(record(work, early)).rejects.toEqual(refusal(422, 'donation/campaign-not-open'));
  });

  it('gets pledges, which are no money', async () => {
    const [teaId, bricksId] = [await registered('Chè Mây'), await registered('Gạch Ba Lá')];
    tea = { donorId: teaId, pledgeId: await pledged(campaignId, teaId, 1_000_000) };
    bricks = { donorId: bricksId, pledgeId: await pledged(campaignId, bricksId, 700_000) };
    await pledgeStands(tea.pledgeId, { status: 'open', paid: vnd(0) });
    expect(await balancesOf(work.people.accountant.api, work.fundId)).toEqual([]);
  });

  it('sees a pledge fulfilled by two donations of who made it, as the books take them in', async () => {
    await work.clock.moveTo('2025-05-29T09:00:00+07:00');
    const donor = { kind: 'named', donorId: tea.donorId };
    const transfer = { donor, method: 'bank', account: bank, pledgeId: tea.pledgeId, amount: vnd(600_000) };
    const accountant = { by: work.people.accountant };
    fulfilling.push((await record(work, transfer, accountant)).donationId);
    await pledgeStands(tea.pledgeId, { status: 'open', paid: vnd(600_000) });
    const cash = { donor, pledgeId: tea.pledgeId, amount: vnd(400_000) };
    fulfilling.push((await record(work, cash)).donationId);
    await pledgeStands(tea.pledgeId, { status: 'fulfilled', paid: vnd(1_000_000) });
    for (const donationId of fulfilling) {
      expect(await donationOf(work, donationId)).toMatchObject({ campaignId, purpose: campaignId });
      await receipted(work, donationId, { status: 'in-force' });
    }
    await received(campaignId, { code: 'THD2025', received: vnd(1_000_000), available: vnd(1_000_000) });
  });

  it('counts nobody else’s money for a pledge, nor a transfer to another account', async () => {
    const theirs = { pledgeId: bricks.pledgeId, amount: vnd(700_000) };
    for (const [donor, code] of [
      [{ kind: 'named', donorId: tea.donorId }, 'donation/pledge-not-of-donor'],
      [{ kind: 'anonymous' }, 'donation/pledge-not-of-donor'],
    ] as const)
      await expect(record(work, { ...theirs, donor })).rejects.toEqual(refusal(422, code));
    const own = { ...theirs, donor: { kind: 'named', donorId: bricks.donorId } };
    const private_ = { ...own, method: 'bank', account: 'bank.private' };
    await expect(record(work, private_)).rejects.toEqual(refusal(422, 'donation/account-not-of-campaign'));
    await pledgeStands(bricks.pledgeId, { status: 'open', paid: vnd(0) });
  });

  it('loses a pledge that is withdrawn, and counts what is given for it all the same', async () => {
    const reason = { reason: 'Đổi kế hoạch (giả định)' };
    await work.people.cashier.api.post(`/v1/pledges/${bricks.pledgeId}/withdrawal`, reason);
    const donor = { kind: 'named', donorId: bricks.donorId };
    await record(work, { donor, pledgeId: bricks.pledgeId, amount: vnd(50_000) });
    await pledgeStands(bricks.pledgeId, { status: 'withdrawn', paid: vnd(50_000) });
  });

  it('sees a pledge open again when what fulfilled it is paid back or voided', async () => {
    const [transfer, cash] = fulfilling as [string, string];
    const refundId = await askToUndo(work, transfer, 'refunds', { amount: vnd(250_000) });
    await approve(work, transfer, `refunds/${refundId}`);
    await pledgeStands(tea.pledgeId, { status: 'open', paid: vnd(750_000) });
    const voidId = await askToUndo(work, cash, 'void');
    await approve(work, cash, `void/${voidId}`);
    await pledgeStands(tea.pledgeId, { status: 'open', paid: vnd(350_000) });
    await stands(work, cash, { status: 'voided', left: vnd(0) });
    await entered(work, cash, 2);
    await received(campaignId, { available: vnd(400_000) });
  });

  it('lists its pledges as they stand', async () => {
    const path = `/v1/pledges?campaignId=${campaignId}`;
    const listed = await eventually(async () => {
      const { items } = await work.people.accountant.api.get<{ readonly items: ListedPledge[] }>(path);
      expect(items).toMatchObject([{ paid: vnd(50_000) }, { paid: vnd(350_000) }]);
      return items;
    }, walkMs);
    expect(listed).toMatchObject([
      { pledgeId: bricks.pledgeId, donorId: bricks.donorId, status: 'withdrawn', amount: vnd(700_000) },
      { pledgeId: tea.pledgeId, donorId: tea.donorId, status: 'open', amount: vnd(1_000_000) },
    ]);
  });

  it('ends by itself after its window, and is not opened again backwards', async () => {
    await work.clock.moveTo('2025-07-01T09:00:00+07:00');
    const decision = { number: '22/QĐ-MAU', date: '2025-06-20' };
    const extension = { closesOn: '2025-07-31', decision };
    const path = `/v1/campaigns/${campaignId}/extension`;
    await expect(work.people.accountant.api.post(path, extension)).rejects.toEqual(
      refusal(409, 'campaign/closed'),
    );
    expect(await campaignOf(campaignId)).toMatchObject({ status: 'open' });
    await work.clock.moveTo('2025-07-02T09:00:00+07:00');
    await eventually(async () => {
      expect(await campaignOf(campaignId)).toMatchObject({ status: 'closed', closesOn: '2025-06-30' });
    }, walkMs);
    const donor = { kind: 'anonymous' };
    for (const [donation, code] of [
      [{ donor, campaignId }, 'donation/campaign-not-open'],
      [{ donor, purpose: campaignId }, 'donation/purpose-of-campaign'],
    ] as const)
      await expect(record(work, donation)).rejects.toEqual(refusal(422, code));
    await expect(pledged(campaignId, tea.donorId, 1)).rejects.toEqual(refusal(409, 'pledge/campaign-closed'));
  });

  it('still takes what came in before and is only recorded now', async () => {
    const late = { donor: { kind: 'anonymous' }, campaignId, receivedOn: '2025-06-30', amount: vnd(30_000) };
    const { donationId } = await record(work, late);
    await entered(work, donationId, 1);
    await received(campaignId, { available: vnd(430_000) });
  });
});

describe('a campaign for a purpose that the fund has', () => {
  const opening = (code: string): Promise<{ readonly purpose: string }> =>
    work.people.accountant.api.post(`/v1/funds/${work.fundId}/purposes`, {
      code,
      name: { vi: 'Mổ tim (giả định)', en: 'Heart surgery (made up)' },
    });
  const autumn = { opensOn: '2025-07-02', closesOn: '2025-09-30' };

  it('adds to that purpose', async () => {
    const { purpose } = await opening('TIM');
    const campaignId = await openCampaign({ code: 'THU2025', purpose, ...autumn });
    await record(work, { donor: { kind: 'anonymous' }, campaignId, amount: vnd(80_000) });
    await record(work, { donor: { kind: 'anonymous' }, purpose, amount: vnd(20_000) });
    await received(purpose, { code: 'TIM', available: vnd(100_000) });
  });

  it('is refused for one that takes no more donations, or that nobody opened', async () => {
    const { purpose } = await opening('MAT');
    await work.people.accountant.api.post(`/v1/funds/${work.fundId}/purposes/${purpose}/close`);
    let tries = 0;
    await eventually(() => {
      // While the ledger has not told of the closing yet, the campaign opens.
      tries += 1;
      return expect(openCampaign({ code: `MAT-${String(tries)}`, purpose, ...autumn })).rejects.toEqual(
        refusal(409, 'campaign/purpose-closed'),
      );
    }, walkMs);
    const unknown = openCampaign({ code: 'LA2025', purpose: work.fundId, ...autumn });
    await expect(unknown).rejects.toEqual(refusal(404, 'campaign/purpose-unknown'));
    await expect(openCampaign({ code: 'MAT', ...autumn })).rejects.toEqual(
      refusal(409, 'campaign/code-taken'),
    );
  });
});

describe('in the end', () => {
  it('nothing went to suspense, every table equals a fresh fold of the events, and every rule holds', async () => {
    const { balances } = await work.people.accountant.api.get<BalancesView>(
      `/v1/funds/${work.fundId}/balances`,
    );
    expect(balances.map((balance) => ('purpose' in balance ? balance.purpose : ''))).not.toContain(
      'suspense',
    );
    await replayed(work);
  });
});
