import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { nothingKeyed, underKey } from '#kernel/keyed.js';
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
import type { PostRefund, PostVoid } from './corrections.decide.js';
import type { EntrySource } from './entry.events.js';
import { fund, type FundCommand } from './fund.decide.js';
import type { FundState, OpenFund } from './fund.state.js';

const d1 = '11111111-1111-4111-8111-111111111111';
const d2 = '22222222-2222-4222-8222-222222222222';
const r1 = 'aaaaaaaa-1111-4111-8111-111111111111';
const v1 = 'bbbbbbbb-1111-4111-8111-111111111111';

function refund(
  source: EntrySource,
  amount: number,
  left: number,
  changes: Partial<PostRefund> = {},
): PostRefund {
  return {
    type: 'PostRefund',
    refundId: r1,
    amount: vnd(amount),
    left: vnd(left),
    full: left === 0,
    paidFrom: 'bank.vcb1',
    effectiveOn: localDate('2024-04-01'),
    source,
    approvedAt: '2024-04-01T03:00:00Z',
    ...changes,
  };
}

const returned = (source: EntrySource): FundCommand => {
  const { amount: _amount, left: _left, paidFrom: _paidFrom, ...rest } = refund(source, 1, 0);
  return rest;
};

function voiding(source: EntrySource, left: number | undefined, changes: Partial<PostVoid> = {}): PostVoid {
  return {
    type: 'PostVoid',
    voidId: v1,
    ...(left === undefined ? {} : { left: vnd(left) }),
    effectiveOn: localDate('2024-04-01'),
    source,
    approvedAt: '2024-04-01T03:00:00Z',
    ...changes,
  };
}

const donation = aSource(d1);
const posted = fundHistory(openLangSon(), post(donation));

function stateAfter(...commands: readonly FundCommand[]): OpenFund {
  const state = fundHistory(...commands).reduce<FundState>(fund.evolve, fund.initialState);
  if (state.status === 'none') throw new Error('the story has no fund');
  return state;
}

describe('refunding money', () => {
  it('debits income and credits the account that pays, linked to the entry it reverses', () => {
    given(fund, posted)
      .when(refund(donation, 200_000, 300_000))
      .then({
        type: 'RefundPosted',
        data: {
          entryId: `refund.${r1}`,
          entryNumber: 2,
          effectiveOn: localDate('2024-04-01'),
          postings: [
            { account: 'bank.vcb1', purpose: 'unrestricted', amount: vnd(-200_000) },
            { account: 'income.donation', purpose: 'unrestricted', amount: vnd(200_000) },
          ],
          stock: [],
          reversesEntryId: `donation.${d1}`,
          source: donation,
          refundId: r1,
          amount: vnd(200_000),
          left: vnd(300_000),
          full: false,
        },
      });
  });

  it('pays from another account of the chart, as long as that account holds enough', () => {
    const inCash = aSource(d2, { method: 'cash', account: 'cash', amount: vnd(150_000) });
    const both = fundHistory(openLangSon(), post(donation), post(inCash));
    const paid = given(fund, both)
      .when(refund(donation, 150_000, 350_000, { paidFrom: 'cash' }))
      .events();
    expect(paid[0]).toMatchObject({ type: 'RefundPosted', data: { postings: [{ account: 'cash' }, {}] } });
    given(fund, both)
      .when(refund(donation, 150_001, 349_999, { paidFrom: 'cash' }))
      .then({
        type: 'RefundRefused',
        data: { refundId: r1, donationId: d1, code: 'fund/account-short', shortBy: vnd(1) },
      });
  });

  it('takes it out of suspense where the donation was diverted, even after its purpose was opened', () => {
    const unknown = aSource(d1, { purpose: d2 });
    const admitted: FundCommand = {
      type: 'AdmitCampaign',
      purpose: d2,
      code: 'TET',
      name: { vi: 'Tết', en: 'New Year' },
      campaignId: d2,
    };
    const story = [
      openLangSon(),
      post(unknown),
      admitted,
      post(aSource(r1, { purpose: d2, amount: vnd(900_000) })),
    ];
    const [event] = given(fund, fundHistory(...story))
      .when(refund(unknown, 500_000, 0))
      .events();
    expect(event).toMatchObject({
      type: 'RefundPosted',
      data: {
        postings: [
          { account: 'bank.vcb1', purpose: 'suspense', amount: vnd(-500_000) },
          { account: 'suspense', purpose: 'suspense', amount: vnd(500_000) },
        ],
      },
    });
    const partly = stateAfter(...story, refund(unknown, 200_000, 300_000));
    expect(underKey(partly.diverted, d1)?.left?.minor).toBe(300_000n);
    const rest = { refundId: v1 };
    const wholly = stateAfter(...story, refund(unknown, 200_000, 300_000), refund(unknown, 300_000, 0, rest));
    expect(wholly.diverted).toEqual(nothingKeyed);
    expect(wholly.balances['suspense']).toEqual({ VND: { 'bank.vcb1': 0n, suspense: 0n } });
    expect(wholly.balances[d2]?.['VND']?.['bank.vcb1']).toBe(900_000n);
  });

  it('refuses what would leave the purpose below zero, and says by how much', () => {
    // Payments come with a later step; until then nothing but the state itself can say that money was spent.
    const school = aSource(d1, { purpose: schoolPurpose, amount: vnd(300_000) });
    const state = stateAfter(openLangSon(), post(school), post(aSource(d2)));
    const spent: OpenFund = {
      ...state,
      balances: { ...state.balances, [schoolPurpose]: { VND: { 'bank.vcb1': 120_000n } } },
    };
    expect(fund.decide(spent, refund(school, 300_000, 0))).toEqual([
      {
        type: 'RefundRefused',
        data: { refundId: r1, donationId: d1, code: 'fund/short', shortBy: vnd(180_000) },
      },
    ]);
  });

  it('refuses an account that is not in the chart', () => {
    const refused = { refundId: r1, donationId: d1, code: 'fund/account-unknown' } as const;
    for (const paidFrom of ['bank.mb7', 'income.donation', 'suspense'])
      given(fund, posted)
        .when(refund(donation, 1, 499_999, { paidFrom }))
        .then({ type: 'RefundRefused', data: refused });
  });

  it('refuses another currency than was given', () => {
    given(fund, posted)
      .when(refund(donation, 1, 0, { amount: { amount: '1', currency: 'USD' } }))
      .then({
        type: 'RefundRefused',
        data: { refundId: r1, donationId: d1, code: 'fund/currency-differs' },
      });
  });

  it('refuses more than is left of the donation, whatever the purpose holds', () => {
    const more = post(aSource(d2, { amount: vnd(9_000_000) }));
    const history = fundHistory(openLangSon(), post(donation), more, refund(donation, 200_000, 300_000));
    given(fund, history)
      .when(refund(donation, 300_001, 0, { refundId: v1 }))
      .then({
        type: 'RefundRefused',
        data: { refundId: v1, donationId: d1, code: 'fund/exceeds-donation', shortBy: vnd(1) },
      });
  });

  it('refuses a donation of which nothing is left', () => {
    const more = post(aSource(d2, { amount: vnd(9_000_000) }));
    const story = [openLangSon(), post(donation), more];
    const refused = { refundId: v1, donationId: d1, code: 'fund/already-reversed' } as const;
    const again = refund(donation, 500_000, 0, { refundId: v1 });
    given(fund, fundHistory(...story, refund(donation, 500_000, 0)))
      .when(again)
      .then({ type: 'RefundRefused', data: refused });
    given(fund, fundHistory(...story, voiding(donation, 500_000)))
      .when(again)
      .then({ type: 'RefundRefused', data: refused });
  });

  it('has a refund parked whose message disagrees with the books about what is left', () => {
    const state = stateAfter(openLangSon(), post(donation));
    for (const bad of [
      refund(donation, 200_000, 299_999),
      refund(donation, 200_000, 300_000, { full: true }),
      refund(donation, 0, 500_000),
      refund(donation, -1, 500_001),
    ])
      expect(() => fund.decide(state, bad)).toThrow(InvariantViolation);
    expect(() => fund.decide(state, returned(donation))).toThrow(InvariantViolation);
  });

  it('counts on its own day, but never before the donation nor after the day it was approved', () => {
    const dated = (effectiveOn: string, approvedAt: string): unknown =>
      given(fund, posted)
        .when(refund(donation, 1, 499_999, { effectiveOn: localDate(effectiveOn), approvedAt }))
        .events()[0]?.data;
    expect(dated('2024-12-31', '2024-12-31T16:59:59Z')).toMatchObject({ effectiveOn: '2024-12-31' });
    expect(dated('2024-03-14', '2024-04-01T03:00:00Z')).toMatchObject({ effectiveOn: '2024-03-15' });
    expect(dated('2025-01-01', '2024-12-31T16:59:59Z')).toMatchObject({ effectiveOn: '2024-12-31' });
  });
});

describe('voiding', () => {
  it('mirrors what refunds have left, on the account where it arrived', () => {
    const history = fundHistory(openLangSon(), post(donation), refund(donation, 200_000, 300_000));
    given(fund, history)
      .when(voiding(donation, 300_000))
      .then({
        type: 'VoidPosted',
        data: {
          entryId: `void.${v1}`,
          entryNumber: 3,
          effectiveOn: localDate('2024-04-01'),
          postings: [
            { account: 'bank.vcb1', purpose: 'unrestricted', amount: vnd(-300_000) },
            { account: 'income.donation', purpose: 'unrestricted', amount: vnd(300_000) },
          ],
          stock: [],
          reversesEntryId: `donation.${d1}`,
          source: donation,
          voidId: v1,
        },
      });
  });

  it('is done once only', () => {
    const story = [openLangSon(), post(donation), post(aSource(d2)), voiding(donation, 500_000)];
    given(fund, fundHistory(...story))
      .when(voiding(donation, 500_000, { voidId: r1 }))
      .then({
        type: 'VoidRefused',
        data: { voidId: r1, donationId: d1, code: 'fund/already-reversed' },
      });
  });

  it('is refused where another account has paid part of it back', () => {
    const story = [openLangSon(), post(aSource(d2, { method: 'cash', account: 'cash' })), post(donation)];
    const paid = [refund(donation, 200_000, 300_000, { paidFrom: 'cash' })];
    given(fund, fundHistory(...story, ...paid))
      .when(voiding(donation, 300_000))
      .then({ type: 'VoidRefused', data: { voidId: v1, donationId: d1, code: 'fund/refunded-elsewhere' } });
    const fromBank = refund(donation, 1, 299_999, { refundId: v1 });
    const [posted] = given(fund, fundHistory(...story, ...paid, fromBank))
      .when(voiding(donation, 299_999))
      .events();
    expect(posted?.data).toMatchObject({ code: 'fund/refunded-elsewhere' });
  });

  it('takes a diverted donation out of suspense for good', () => {
    const unknown = aSource(d1, { purpose: d2 });
    const state = stateAfter(openLangSon(), post(unknown), voiding(unknown, 500_000));
    expect(state.diverted).toEqual(nothingKeyed);
    expect(state.balances).toEqual({ suspense: { VND: { 'bank.vcb1': 0n, suspense: 0n } } });
  });

  it('refuses what the account no longer holds', () => {
    const inCash = aSource(d2, { method: 'cash', account: 'cash' });
    const paidBack = refund(donation, 400_000, 100_000, { paidFrom: 'cash' });
    given(fund, fundHistory(openLangSon(), post(donation), post(inCash), paidBack))
      .when(voiding(inCash, 500_000))
      .then({
        type: 'VoidRefused',
        data: { voidId: v1, donationId: d2, code: 'fund/account-short', shortBy: vnd(400_000) },
      });
  });

  it('is parked where its message disagrees with the books about what is left', () => {
    const state = stateAfter(openLangSon(), post(donation));
    expect(() => fund.decide(state, voiding(donation, 499_999))).toThrow(InvariantViolation);
    expect(() => fund.decide(state, voiding(donation, undefined))).toThrow(InvariantViolation);
  });
});

describe('giving things back', () => {
  const things = thingsSource(d1);
  const arrived = [openLangSon(), post(things)] as const;

  it.each([
    ['refund', returned(things)],
    ['void', voiding(things, undefined)],
  ])('a %s mirrors value and quantity, once', (_, command) => {
    const [event] = given(fund, fundHistory(...arrived))
      .when(command)
      .events();
    expect(event?.data).toMatchObject({
      postings: [
        { account: 'stock.milk', purpose: schoolPurpose, amount: vnd(-2_500_000) },
        { account: 'income.in-kind', purpose: schoolPurpose, amount: vnd(2_500_000) },
      ],
      stock: [
        { item: 'milk', quantity: '-12.5' },
        { item: 'blanket', quantity: '-3' },
      ],
    });
    const [again] = given(fund, fundHistory(...arrived, post(thingsSource(d2)), command))
      .when(command)
      .events();
    expect(again?.data).toMatchObject({ donationId: d1, code: 'fund/already-reversed' });
  });

  it('is refused where they are no longer in stock', () => {
    const state = stateAfter(...arrived);
    const gone: OpenFund = {
      ...state,
      stock: Object.fromEntries(
        Object.entries(state.stock).map(([key, count]) => [
          key,
          key.includes('blanket') ? count - 1n : count,
        ]),
      ),
    };
    expect(fund.decide(gone, returned(things))).toEqual([
      { type: 'RefundRefused', data: { refundId: r1, donationId: d1, code: 'fund/stock-short' } },
    ]);
    expect(fund.decide(gone, voiding(things, undefined))).toEqual([
      { type: 'VoidRefused', data: { voidId: v1, donationId: d1, code: 'fund/stock-short' } },
    ]);
  });

  it('never pays money out of the value of things', () => {
    const money = aSource(d2, { purpose: schoolPurpose, amount: vnd(100_000) });
    const state = stateAfter(...arrived, post(money), post(aSource(fundId)));
    const spent: OpenFund = {
      ...state,
      balances: {
        ...state.balances,
        [schoolPurpose]: { VND: { 'bank.vcb1': 0n, 'stock.milk': 2_500_000n } },
      },
    };
    expect(fund.decide(spent, refund(money, 100_000, 0))[0]?.data).toMatchObject({
      code: 'fund/short',
      shortBy: vnd(100_000),
    });
  });
});
