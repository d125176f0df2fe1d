import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { InvariantViolation } from '#kernel/refusal.js';
import {
  aSource,
  fundHistory,
  fundId,
  openLangSon,
  post,
  schoolPurpose,
  thingsSource,
  vnd,
} from '#testing/fund-stories.js';
import { given } from '#testing/given.js';
import { fund, type FundCommand } from './fund.decide.js';
import type { FundEvent } from './fund.events.js';
import { noFund } from './fund.state.js';

const opened = fundHistory(openLangSon());
const about = openLangSon().about;
const d1 = '11111111-1111-4111-8111-111111111111';
const d2 = '22222222-2222-4222-8222-222222222222';

const lastOf = (events: readonly FundEvent[]): FundEvent | undefined => events.at(-1);

describe('opening a fund', () => {
  it('records the fund, its chart, its purposes and what it holds, in one append', () => {
    const openingBalances = [
      { account: 'cash', purpose: 'unrestricted', amount: vnd(7_000_000) },
      { account: 'bank.vcb1', purpose: schoolPurpose, amount: vnd(90_000_000) },
    ];
    given(fund)
      .when(openLangSon({ openingBalances }))
      .then(
        { type: 'FundOpened', data: { ...about, level: 'province' } },
        { type: 'AccountOpened', data: { account: 'bank.vcb1', by: 'person' } },
        {
          type: 'PurposeOpened',
          data: { purpose: schoolPurpose, code: 'SCHOOL', name: { vi: 'Trường học', en: 'Schools' } },
        },
        {
          type: 'OpeningBalancesPosted',
          data: {
            entryId: `opening.${fundId}`,
            entryNumber: 1,
            effectiveOn: localDate('2024-01-01'),
            postings: [
              { account: 'cash', purpose: 'unrestricted', amount: vnd(7_000_000) },
              { account: 'equity.opening', purpose: 'unrestricted', amount: vnd(-7_000_000) },
              { account: 'bank.vcb1', purpose: schoolPurpose, amount: vnd(90_000_000) },
              { account: 'equity.opening', purpose: schoolPurpose, amount: vnd(-90_000_000) },
            ],
            stock: [],
          },
        },
      );
  });

  it('posts no opening entry where the fund holds nothing yet', () => {
    expect(opened.map((event) => event.type)).toEqual(['FundOpened', 'AccountOpened', 'PurposeOpened']);
  });

  it('puts a commune fund under a provincial one', () => {
    const parent = { fundId: d1, level: 'province' as const };
    const events = given(fund)
      .when(openLangSon({ about: { ...about, level: 'commune' }, parent }))
      .events();
    expect(events[0]?.data).toMatchObject({ level: 'commune', parentFundId: d1 });
  });

  it('refuses a code that another fund has', () => {
    given(fund, opened).when(openLangSon()).refuses('fund/code-taken', { code: 'LS' });
  });

  it.each(['ls', 'L', 'L-S', 'LS2024000000', '1LS', 'LS\n'])('refuses the code %j', (code) => {
    given(fund)
      .when(openLangSon({ about: { ...about, code } }))
      .refuses('fund/code-malformed');
  });

  it('refuses a district, which is history only', () => {
    given(fund)
      .when(openLangSon({ about: { ...about, level: 'district' } }))
      .refuses('fund/district-abolished');
  });

  it('refuses to open tomorrow', () => {
    given(fund)
      .when(openLangSon({ today: localDate('2023-12-31') }))
      .refuses('fund/opened-in-future', { today: '2023-12-31' });
  });

  it('refuses to open before the decision that founds it', () => {
    given(fund)
      .when(openLangSon({ about: { ...about, openedOn: localDate('2023-12-19') } }))
      .refuses('fund/opened-before-decision');
  });

  it('refuses a parent that is not there, or is not above', () => {
    given(fund)
      .when(openLangSon({ parent: { fundId: d1 } }))
      .refuses('fund/parent-unknown');
    given(fund)
      .when(openLangSon({ parent: { fundId: d1, level: 'province' } }))
      .refuses('fund/parent-not-above');
  });

  it('refuses a chart that cannot be read', () => {
    given(fund)
      .when(openLangSon({ bankAccounts: ['cash'] }))
      .refuses('fund/account-malformed');
    given(fund)
      .when(openLangSon({ bankAccounts: ['income.donation'] }))
      .refuses('fund/account-malformed');
    given(fund)
      .when(openLangSon({ bankAccounts: ['bank.a', 'bank.a'] }))
      .refuses('fund/account-twice');
    const twice = [...openLangSon().purposes, { ...openLangSon().purposes[0]!, purpose: d1 }];
    given(fund)
      .when(openLangSon({ purposes: twice }))
      .refuses('fund/purpose-code-taken');
  });

  it('refuses an opening balance on an unknown account, for an unknown purpose, or of nothing', () => {
    const opening = (account: string, purpose: string, amount: number) =>
      openLangSon({ openingBalances: [{ account, purpose, amount: vnd(amount) }] });
    given(fund)
      .when(opening('bank.mb9', 'unrestricted', 1))
      .refuses('fund/opening-account-unknown', { account: 'bank.mb9' });
    given(fund)
      .when(opening('cash', 'suspense', 1))
      .refuses('fund/opening-purpose-unknown', { purpose: 'suspense' });
    given(fund)
      .when(opening('cash', 'unrestricted', 0))
      .refuses('fund/opening-not-positive');
    given(fund)
      .when(opening('cash', 'unrestricted', -1))
      .refuses('fund/opening-not-positive');
  });
});

describe('purposes', () => {
  const name = { vi: 'Phẫu thuật tim', en: 'Heart surgery' };
  const openHeart: FundCommand = { type: 'OpenPurpose', purpose: d1, code: 'HEART', name };

  it('opens and closes one', () => {
    given(fund, opened)
      .when(openHeart)
      .then({ type: 'PurposeOpened', data: { purpose: d1, code: 'HEART', name } });
    given(fund, fundHistory(openLangSon(), openHeart))
      .when({ type: 'ClosePurpose', purpose: d1 })
      .then({ type: 'PurposeClosed', data: { purpose: d1 } });
  });

  it('refuses a code twice, and what no open fund can do', () => {
    given(fund, fundHistory(openLangSon(), openHeart)).when(openHeart).refuses('fund/purpose-code-taken');
    given(fund, opened)
      .when({ ...openHeart, code: 'SCHOOL' })
      .refuses('fund/purpose-code-taken');
    given(fund).when(openHeart).refuses('fund/unknown');
    given(fund).when({ type: 'ClosePurpose', purpose: d1 }).refuses('fund/unknown');
  });

  it('refuses to close what is not open, or is always there', () => {
    const close = (purpose: string): FundCommand => ({ type: 'ClosePurpose', purpose });
    given(fund, opened).when(close(d1)).refuses('fund/purpose-unknown');
    given(fund, opened).when(close('__proto__')).refuses('fund/purpose-unknown');
    given(fund, fundHistory(openLangSon(), close(schoolPurpose)))
      .when(close(schoolPurpose))
      .refuses('fund/purpose-closed');
    given(fund, opened).when(close('unrestricted')).refuses('fund/purpose-permanent');
    given(fund, opened).when(close('suspense')).refuses('fund/purpose-permanent');
  });

  it('opens the purpose of a campaign once, and none for a campaign without its own', () => {
    const campaign = { type: 'AdmitCampaign', purpose: d1, code: 'WARM', name, campaignId: d1 } as const;
    given(fund, opened)
      .when(campaign)
      .then({ type: 'PurposeOpened', data: { purpose: d1, code: 'WARM', name, campaignId: d1 } });
    given(fund, fundHistory(openLangSon(), campaign)).when(campaign).nothing();
    given(fund, opened)
      .when({ ...campaign, purpose: schoolPurpose })
      .nothing();
    given(fund, opened)
      .when({ ...campaign, purpose: 'unrestricted' })
      .nothing();
  });

  it('numbers the code of a campaign’s purpose where another purpose has it', () => {
    const school = { type: 'AdmitCampaign', code: 'SCHOOL', name } as const;
    const [first, second] = [
      { ...school, purpose: d1, campaignId: d1 },
      { ...school, purpose: d2, campaignId: d2 },
    ];
    given(fund, opened)
      .when(first)
      .then({ type: 'PurposeOpened', data: { purpose: d1, code: 'SCHOOL-2', name, campaignId: d1 } });
    given(fund, fundHistory(openLangSon(), first))
      .when(second)
      .then({ type: 'PurposeOpened', data: { purpose: d2, code: 'SCHOOL-3', name, campaignId: d2 } });
  });
});

describe('posting a donation', () => {
  it('debits where it arrived and credits income, for its purpose', () => {
    const source = aSource(d1, { purpose: schoolPurpose });
    given(fund, opened)
      .when(post(source))
      .then({
        type: 'DonationPosted',
        data: {
          entryId: `donation.${d1}`,
          entryNumber: 1,
          effectiveOn: localDate('2024-03-15'),
          postings: [
            { account: 'bank.vcb1', purpose: schoolPurpose, amount: vnd(500_000) },
            { account: 'income.donation', purpose: schoolPurpose, amount: vnd(-500_000) },
          ],
          stock: [],
          postedPurpose: schoolPurpose,
          source,
        },
      });
  });

  it('values things where they are valued, and otherwise keeps their quantity only', () => {
    const posted = lastOf(
      given(fund, opened)
        .when(post(thingsSource(d1)))
        .events(),
    );
    expect(posted?.data).toMatchObject({
      postings: [
        { account: 'stock.milk', purpose: schoolPurpose, amount: vnd(2_500_000) },
        { account: 'income.in-kind', purpose: schoolPurpose, amount: vnd(-2_500_000) },
      ],
      stock: [
        { item: 'milk', unit: 'box', purpose: schoolPurpose, quantity: '12.5' },
        { item: 'blanket', unit: 'piece', purpose: schoolPurpose, quantity: '3' },
      ],
    });
  });

  const closed = fundHistory(openLangSon(), { type: 'ClosePurpose', purpose: schoolPurpose });
  it.each([
    ['an unknown purpose', opened, { purpose: d1 }, 'purpose-unknown'],
    ['a purpose with an inherited name', opened, { purpose: 'constructor' }, 'purpose-unknown'],
    ['a closed purpose', closed, { purpose: schoolPurpose }, 'purpose-closed'],
    ['an account that cannot be told', opened, { account: 'income.donation' }, 'account-unknown'],
  ] as const)('puts money for %s into suspense, where it is owed and not earned', (_, past, changes, why) => {
    const posted = lastOf(
      given(fund, past)
        .when(post(aSource(d1, changes)))
        .events(),
    );
    const account = why === 'account-unknown' ? 'bank.unidentified' : 'bank.vcb1';
    expect(posted?.data).toMatchObject({
      postings: [
        { account, purpose: 'suspense', amount: vnd(500_000) },
        { account: 'suspense', purpose: 'suspense', amount: vnd(-500_000) },
      ],
      postedPurpose: 'suspense',
      diverted: why,
    });
  });

  it('opens the account at which money arrived, once', () => {
    const elsewhere = post(aSource(d1, { account: 'bank.mb7' }));
    const events = given(fund, opened).when(elsewhere).events();
    expect(events[0]).toEqual({ type: 'AccountOpened', data: { account: 'bank.mb7', by: 'arrival' } });
    const again = given(fund, fundHistory(openLangSon(), elsewhere)).when(elsewhere).events();
    expect(again.map((event) => event.type)).toEqual(['DonationPosted']);
  });

  it('keeps another currency in books of its own', () => {
    const dollars = aSource(d1, { amount: { amount: '2500', currency: 'USD' } });
    const posted = lastOf(given(fund, opened).when(post(dollars)).events());
    expect(posted?.data).toMatchObject({
      postings: [
        { account: 'bank.vcb1', amount: { amount: '2500', currency: 'USD' } },
        { account: 'income.donation', amount: { amount: '-2500', currency: 'USD' } },
      ],
    });
  });

  it.each([
    ['before the fund opened counts on its first day', '2023-11-30', '2024-03-15T03:00:00Z', '2024-01-01'],
    ['never counts after the day it was told', '2024-04-02', '2024-04-01T10:00:00Z', '2024-04-01'],
    ['is told in the zone of the fund', '2025-01-01', '2024-12-31T17:00:00Z', '2025-01-01'],
  ])('what was received %s, and its date is kept', (_, receivedOn, toldAt, effectiveOn) => {
    const source = aSource(d1, { receivedOn: localDate(receivedOn) });
    const posted = lastOf(given(fund, opened).when(post(source, toldAt)).events());
    expect(posted?.data).toMatchObject({ effectiveOn, source: { receivedOn } });
  });

  it('numbers the entries of a fund from 1 without gap', () => {
    const history = fundHistory(
      openLangSon({ openingBalances: [{ account: 'cash', purpose: 'unrestricted', amount: vnd(5) }] }),
      post(aSource(d1)),
      post(aSource(schoolPurpose)),
    );
    const numbers = history.flatMap((event) => ('entryNumber' in event.data ? [event.data.entryNumber] : []));
    expect(numbers).toEqual([1, 2, 3]);
  });

  it('has a message for a fund that is not open parked', () => {
    expect(() => fund.decide(noFund, post(aSource(d1)))).toThrow(InvariantViolation);
  });

  it.each([
    ['no amount', { ...thingsSource(d1), method: 'cash' as const }],
    ['an amount of zero', aSource(d1, { amount: vnd(0) })],
    ['a negative amount', aSource(d1, { amount: vnd(-5) })],
    ['money and things', aSource(d1, { items: thingsSource(d1).items })],
    ['nothing in kind', thingsSource(d1, { items: [] })],
    ['no quantity', thingsSource(d1, { items: [{ item: 'x', name: 'x', quantity: '0.000', unit: 'box' }] })],
  ])('has a donation of %s parked, since no such thing should reach it', (_, source) => {
    const open = opened.reduce(fund.evolve, fund.initialState);
    expect(() => fund.decide(open, post(source))).toThrow(InvariantViolation);
  });
});
