import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { underKey } from '#kernel/keyed.js';
import { InvariantViolation } from '#kernel/refusal.js';
import {
  aBankItem,
  aSource,
  fundAfter,
  fundHistory,
  openLangSon,
  post,
  schoolPurpose,
  vnd,
} from '#testing/fund-stories.js';
import { given } from '#testing/given.js';
import { accountMoney, purposeMoney } from './balances.policy.js';
import type { PostStatement } from './bank-items.decide.js';
import { fund, type FundCommand } from './fund.decide.js';

const s1 = '51111111-1111-4111-8111-111111111111';
const i1 = '11111111-2222-4111-8111-111111111111';
const d1 = '11111111-1111-4111-8111-111111111111';
const v1 = 'bbbbbbbb-1111-4111-8111-111111111111';
const r1 = 'aaaaaaaa-1111-4111-8111-111111111111';
const toldAt = '2024-10-01T03:00:00Z';
const opened = fundHistory(openLangSon());

const statement = (opening?: number, account = 'bank.vcb1'): PostStatement => ({
  type: 'PostStatement',
  statementId: s1,
  account,
  ...(opening === undefined
    ? {}
    : { openingEntry: { amount: vnd(opening), effectiveOn: localDate('2024-09-01') } }),
  toldAt,
});
const item = (amount: number, account = 'bank.vcb1', bankItemId = i1): FundCommand => ({
  type: 'PostBankItem',
  item: aBankItem(bankItemId, amount, { account }),
  toldAt,
});
/** The donation that an item turned out to be. */
const explained = (changes: object = {}) =>
  aSource(d1, {
    bankItemId: i1,
    amount: vnd(100_000),
    receivedOn: localDate('2024-09-10'),
    purpose: schoolPurpose,
    ...changes,
  });
const told = { effectiveOn: localDate('2024-10-02'), approvedAt: '2024-10-02T03:00:00Z' };

describe('a statement that was confirmed', () => {
  it('opens the bank account and posts what stood on it before its first row', () => {
    given(fund, opened)
      .when(statement(1_000, 'bank.mb7'))
      .then(
        { type: 'AccountOpened', data: { account: 'bank.mb7', by: 'arrival' } },
        {
          type: 'OpeningBalancesPosted',
          data: {
            entryId: `opening.${s1}`,
            entryNumber: 1,
            effectiveOn: localDate('2024-09-01'),
            postings: [
              { account: 'bank.mb7', purpose: 'unrestricted', amount: vnd(1_000) },
              { account: 'equity.opening', purpose: 'unrestricted', amount: vnd(-1_000) },
            ],
            stock: [],
          },
        },
      );
  });

  it('posts nothing where the books know all of it', () => {
    given(fund, opened).when(statement()).nothing();
    given(fund, opened).when(statement(0)).nothing();
  });

  it('takes what the books have too much from what is unrestricted, or leaves it to be cleared where that is short', () => {
    const rich = fundHistory(openLangSon(), post(aSource(d1)));
    const [taken] = given(fund, rich).when(statement(-500_000)).events();
    expect(taken?.data).toMatchObject({
      postings: [{ purpose: 'unrestricted' }, { account: 'equity.opening', amount: vnd(500_000) }],
    });
    const restricted = post(aSource(d1, { purpose: schoolPurpose }));
    const [cleared] = given(fund, fundHistory(openLangSon(), restricted)).when(statement(-1)).events();
    expect(cleared?.data).toMatchObject({
      postings: [
        { account: 'bank.vcb1', purpose: 'suspense', amount: vnd(-1) },
        { account: 'clearing', purpose: 'suspense', amount: vnd(1) },
      ],
    });
  });

  it('is parked where its account is none', () => {
    expect(() => fund.decide(fundAfter(openLangSon()), statement(1, 'cash'))).toThrow(InvariantViolation);
  });
});

describe('a bank item', () => {
  it('that came in is owed in suspense', () => {
    given(fund, opened)
      .when(item(100_000))
      .then({
        type: 'BankItemPosted',
        data: {
          entryId: `bank-item.${i1}`,
          entryNumber: 1,
          effectiveOn: localDate('2024-09-10'),
          postings: [
            { account: 'bank.vcb1', purpose: 'suspense', amount: vnd(100_000) },
            { account: 'suspense', purpose: 'suspense', amount: vnd(-100_000) },
          ],
          stock: [],
          item: aBankItem(i1, 100_000),
        },
      });
  });

  it('that went out is cleared later: nothing that is available changes, even where the account is short', () => {
    const state = fundAfter(openLangSon(), post(aSource(d1, { amount: vnd(30_000) })), item(-50_000));
    expect(state.balances['suspense']).toEqual({ VND: { 'bank.vcb1': -50_000n, clearing: 50_000n } });
    expect(purposeMoney(state.balances, 'unrestricted', 'VND')).toBe(30_000n);
    expect(purposeMoney(state.balances, 'suspense', 'VND')).toBe(0n);
    expect(accountMoney(state.balances, 'bank.vcb1', 'VND')).toBe(-20_000n);
  });

  it('opens the account that nobody named', () => {
    const [event] = given(fund, opened).when(item(1, 'bank.new')).events();
    expect(event).toEqual({ type: 'AccountOpened', data: { account: 'bank.new', by: 'arrival' } });
  });

  it('is parked where it moves nothing, the wrong way, in no bank, or twice', () => {
    const state = fundAfter(openLangSon(), item(5));
    const wrongWay = { ...aBankItem(d1, 5), kind: 'debit' as const };
    for (const bad of [item(0, 'bank.vcb1', d1), item(5, 'cash', d1), item(5)])
      expect(() => fund.decide(state, bad)).toThrow(InvariantViolation);
    expect(() => fund.decide(state, { type: 'PostBankItem', item: wrongWay, toldAt })).toThrow(
      InvariantViolation,
    );
  });
});

describe('a donation that a bank item turned out to be', () => {
  const story = [openLangSon(), item(100_000)];

  it('is posted out of suspense, and the bank counts it once', () => {
    const [event] = given(fund, fundHistory(...story))
      .when(post(explained(), toldAt))
      .events();
    expect(event?.data).toMatchObject({
      postings: [
        { account: 'bank.vcb1', purpose: 'suspense', amount: vnd(-100_000) },
        { account: 'suspense', purpose: 'suspense', amount: vnd(100_000) },
        { account: 'bank.vcb1', purpose: schoolPurpose, amount: vnd(100_000) },
        { account: 'income.donation', purpose: schoolPurpose, amount: vnd(-100_000) },
      ],
      postedPurpose: schoolPurpose,
    });
    const state = fundAfter(...story, post(explained(), toldAt));
    expect(accountMoney(state.balances, 'bank.vcb1', 'VND')).toBe(100_000n);
    expect(underKey(state.bankItems, i1)?.entryId).toBe(`donation.${d1}`);
  });

  it('stays in suspense as a donation where its purpose is not known', () => {
    const [event] = given(fund, fundHistory(...story))
      .when(post(explained({ purpose: s1 }), toldAt))
      .events();
    expect(event?.data).toMatchObject({
      postings: [],
      postedPurpose: 'suspense',
      diverted: 'purpose-unknown',
    });
  });

  it.each([
    ['another sum', { amount: vnd(99_999) }],
    ['another account', { account: 'bank.mb7' }],
    ['an item that is not there', { bankItemId: s1 }],
  ])('is parked where it says %s', (_, changes) => {
    expect(() => fund.decide(fundAfter(...story), post(explained(changes), toldAt))).toThrow(
      InvariantViolation,
    );
  });

  it('is parked where the item is another donation already', () => {
    const state = fundAfter(...story, post(explained(), toldAt));
    const other = post({ ...explained(), donationId: s1 }, toldAt);
    expect(() => fund.decide(state, other)).toThrow(InvariantViolation);
  });

  it('goes back to suspense as the item that it was when it is void, and may be told anew', () => {
    const voiding: FundCommand = {
      type: 'PostVoid',
      voidId: v1,
      left: vnd(100_000),
      source: explained(),
      ...told,
    };
    const state = fundAfter(...story, post(explained(), toldAt), voiding);
    expect(purposeMoney(state.balances, schoolPurpose, 'VND')).toBe(0n);
    expect(purposeMoney(state.balances, 'suspense', 'VND')).toBe(100_000n);
    expect(accountMoney(state.balances, 'bank.vcb1', 'VND')).toBe(100_000n);
    expect(underKey(state.bankItems, i1)).not.toHaveProperty('entryId');
    const anew = post({ ...explained(), donationId: s1 }, toldAt);
    expect(fund.decide(state, anew)).toHaveLength(1);
  });

  it('is paid back from where it stands, and then is no longer void', () => {
    const refund: FundCommand = {
      type: 'PostRefund',
      refundId: r1,
      amount: vnd(40_000),
      left: vnd(60_000),
      full: false,
      paidFrom: 'bank.vcb1',
      source: explained(),
      ...told,
    };
    const paid = [...story, post(explained(), toldAt), refund];
    const state = fundAfter(...paid);
    expect(purposeMoney(state.balances, schoolPurpose, 'VND')).toBe(60_000n);
    expect(accountMoney(state.balances, 'bank.vcb1', 'VND')).toBe(60_000n);
    given(fund, fundHistory(...paid))
      .when({ type: 'PostVoid', voidId: v1, left: vnd(60_000), source: explained(), ...told })
      .then({ type: 'VoidRefused', data: { voidId: v1, donationId: d1, code: 'fund/refunded-in-part' } });
  });
});

describe('a donation that came in outside its campaign’s window', () => {
  it('waits in suspense', () => {
    const [event] = given(fund, opened)
      .when(post(aSource(d1, { purpose: 'suspense' })))
      .events();
    expect(event?.data).toMatchObject({ postedPurpose: 'suspense', diverted: 'campaign-window' });
  });
});
