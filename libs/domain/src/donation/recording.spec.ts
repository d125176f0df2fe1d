import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { given } from '#testing/given.js';
import { donation } from './donation.decide.js';
import type { RecordDonation } from './recording.policy.js';

const cash: RecordDonation = {
  type: 'RecordDonation',
  donationId: 'd1',
  fund: { fundId: 'f1', openedOn: localDate('2024-01-01') },
  today: localDate('2025-05-29'),
  donor: { kind: 'anonymous' },
  method: 'cash',
  amount: { amount: '500000', currency: 'VND' },
  items: [],
  receivedOn: localDate('2025-05-28'),
  language: 'vi',
};
const { amount: _amount, ...withoutMoney } = cash;
const rice = { item: 'rice', name: 'Gạo tẻ', quantity: '12.5', unit: 'kg' };
const inKind: RecordDonation = { ...withoutMoney, method: 'in-kind', items: [rice] };
const campaign = {
  campaignId: 'c1',
  purpose: 'p1',
  receivingAccount: 'bank.vcb',
  opensOn: localDate('2025-05-01'),
  closesOn: localDate('2025-06-30'),
};
const pledge = { pledgeId: 'pl1', campaignId: 'c1', donorId: 'do1', currency: 'VND' } as const;
const promised: RecordDonation = {
  ...cash,
  ...{ campaign, pledge },
  donor: {
    ...{ kind: 'named', donorId: 'do1', class: 'business', inProvince: true },
    ...{ subjectId: 's1', identityRecordId: 'i1' },
  },
};
const recorded = (command: RecordDonation) => {
  const [event] = given(donation).when(command).events();
  if (event?.type !== 'DonationRecorded') throw new Error('not recorded');
  return event.data;
};

describe('recording a donation', () => {
  it('records cash with the date it came in apart from today', () => {
    const source = {
      donationId: 'd1',
      donor: { kind: 'anonymous' },
      method: 'cash',
      account: 'cash',
      amount: { amount: '500000', currency: 'VND' },
      items: [],
      purpose: 'unrestricted',
      receivedOn: localDate('2025-05-28'),
      language: 'vi',
    } as const;
    given(donation)
      .when(cash)
      .then({ type: 'DonationRecorded', data: { fundId: 'f1', source } });
  });

  it('names the bank account that received a transfer, and where its memo is sealed', () => {
    const command = { ...cash, method: 'bank', account: 'bank.vcb', memoRecordId: 'm1' } as const;
    const data = recorded({ ...command, donor: { kind: 'unidentified' } });
    expect(data.source.account).toBe('bank.vcb');
    expect(data.memoRecordId).toBe('m1');
  });

  it('keeps things in kind by quantity, valued or not valued, without an account', () => {
    const valued = {
      ...{ item: 'milk', name: 'Sữa', quantity: '48', unit: 'hộp' },
      valuation: { value: { amount: '384000', currency: 'VND' }, basis: 'invoice' },
    } as const;
    const data = recorded({ ...inKind, items: [rice, valued] });
    expect(data.source).not.toHaveProperty('account');
    expect(data.source.items).toEqual([rice, valued]);
  });

  it('restricts a donation to a campaign to the purpose of that campaign', () => {
    expect(recorded({ ...cash, campaign }).source).toMatchObject({ purpose: 'p1', campaignId: 'c1' });
    expect(recorded({ ...cash, purpose: 'p9' }).source.purpose).toBe('p9');
  });

  it('takes for a campaign transfers to the account that its appeal names, and cash and things anyhow', () => {
    const bank = { ...cash, method: 'bank', account: 'bank.vcb', campaign } as const;
    for (const command of [bank, { ...cash, campaign }, { ...inKind, campaign }])
      expect(recorded(command).source.campaignId).toBe('c1');
  });

  it('names the campaign whose own purpose it is for, and the window with it', () => {
    const own = { ...campaign, purpose: 'c1' };
    const named = { ...cash, purpose: 'c1', purposeCampaignId: 'c1', campaign: own };
    expect(recorded(named).source).toMatchObject({ purpose: 'c1', campaignId: 'c1' });
    given(donation)
      .when({ ...cash, purpose: 'c1', purposeCampaignId: 'c1' })
      .refuses('donation/purpose-of-campaign', { campaignId: 'c1' });
  });

  it('records late what came in while the campaign was open, up to its last day', () => {
    const late = { ...cash, campaign, today: localDate('2025-09-01') };
    expect(recorded({ ...late, receivedOn: localDate('2025-06-30') }).source.campaignId).toBe('c1');
    given(donation)
      .when({ ...late, receivedOn: localDate('2025-07-01') })
      .refuses('donation/campaign-not-open', { opensOn: '2025-05-01', closesOn: '2025-06-30' });
    given(donation)
      .when({ ...late, receivedOn: localDate('2025-04-30') })
      .refuses('donation/campaign-not-open');
  });

  it('counts a donation under the pledge it fulfils', () => {
    expect(recorded(promised).source).toMatchObject({ pledgeId: 'pl1', donor: { donorId: 'do1' } });
  });

  it('is recorded once', () => {
    const [event] = given(donation).when(cash).events();
    if (!event) throw new Error('not recorded');
    expect(() => {
      given(donation, [event]).when(cash).nothing();
    }).toThrow('recorded once');
  });
});

describe('a donation is refused', () => {
  const money = (amount: string) => ({ amount, currency: 'VND' }) as const;
  const { account: _none, ...bank } = { ...cash, method: 'bank', account: 'bank.vcb' } as const;
  const cases: readonly (readonly [string, RecordDonation])[] = [
    ['donation/amount-missing', withoutMoney],
    ['donation/amount-not-positive', { ...cash, amount: money('0') }],
    ['donation/amount-not-positive', { ...cash, amount: money('-1') }],
    ['donation/amount-not-positive', { ...cash, amount: money('1.5') }],
    ['donation/account-missing', bank],
    ['donation/account-not-of-method', { ...cash, account: 'bank.vcb' }],
    ['donation/account-not-of-method', { ...bank, account: 'cash' }],
    ['donation/account-not-of-method', { ...inKind, account: 'cash' }],
    ['donation/items-missing', { ...inKind, items: [] }],
    ['donation/items-with-money', { ...cash, items: [rice] }],
    ['donation/money-with-items', { ...inKind, amount: money('1') }],
    ['donation/quantity-not-positive', { ...inKind, items: [{ ...rice, quantity: '0.00' }] }],
    ['donation/item-twice', { ...inKind, items: [rice, rice] }],
    [
      'donation/valuation-not-positive',
      { ...inKind, items: [{ ...rice, valuation: { value: money('0'), basis: 'donor' } }] },
    ],
    ['donation/unidentified-needs-bank', { ...cash, donor: { kind: 'unidentified' } }],
    ['donation/received-in-future', { ...cash, receivedOn: localDate('2025-05-30') }],
    ['donation/received-before-fund', { ...cash, receivedOn: localDate('2023-12-31') }],
    ['donation/campaign-not-open', { ...cash, campaign: { ...campaign, closesOn: localDate('2025-05-27') } }],
    ['donation/purpose-not-of-campaign', { ...cash, campaign, purpose: 'p2' }],
    ['donation/purpose-of-campaign', { ...cash, purpose: 'c1', purposeCampaignId: 'c1' }],
    ['donation/account-not-of-campaign', { ...bank, account: 'bank.mine', campaign }],
    [
      'donation/account-not-of-campaign',
      { ...bank, account: 'bank.vcb', campaign: { ...campaign, receivingAccount: 'cash' } },
    ],
    ['donation/pledge-needs-money', { ...inKind, campaign, pledge }],
    ['donation/pledge-other-currency', { ...cash, campaign, pledge: { ...pledge, currency: 'USD' } }],
    ['donation/pledge-not-of-campaign', { ...cash, pledge }],
    ['donation/pledge-not-of-donor', { ...promised, pledge: { ...pledge, donorId: 'do2' } }],
    ['donation/pledge-not-of-donor', { ...promised, donor: { kind: 'anonymous' } }],
    [
      'donation/pledge-of-unidentified',
      { ...promised, method: 'bank', account: 'bank.vcb', donor: { kind: 'unidentified' } },
    ],
  ];

  it.each(cases)('with %s', (code, command) => {
    given(donation).when(command).refuses(code);
  });

  it('not for the day it was received when that is today, nor the day the fund opened', () => {
    expect(recorded({ ...cash, receivedOn: cash.today }).source.receivedOn).toBe('2025-05-29');
    expect(recorded({ ...cash, receivedOn: cash.fund.openedOn }).source.receivedOn).toBe('2024-01-01');
  });
});
