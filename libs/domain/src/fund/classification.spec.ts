import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { nothingKeyed } from '#kernel/keyed.js';
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
import type { Classification } from './bank-item.events.js';
import type { ClassifyBankItem } from './classification.decide.js';
import { fund, type FundCommand } from './fund.decide.js';

const i1 = '11111111-2222-4111-8111-111111111111';
const c1 = '11111111-3333-4111-8111-111111111111';
const d1 = '11111111-1111-4111-8111-111111111111';
const r1 = 'aaaaaaaa-1111-4111-8111-111111111111';
const toldAt = '2024-10-01T03:00:00Z';
const school = post(aSource(d1, { purpose: schoolPurpose }));
const opened = [openLangSon({ bankAccounts: ['bank.vcb1', 'bank.mb7'] }), school];
const item = (amount: number): FundCommand => ({ type: 'PostBankItem', item: aBankItem(i1, amount), toldAt });

const said = (amount: number, classification: Classification): ClassifyBankItem => ({
  type: 'ClassifyBankItem',
  classificationId: c1,
  item: aBankItem(i1, amount),
  classification,
  toldAt,
});
const undone = (command: ClassifyBankItem): FundCommand => ({ ...command, type: 'UndoClassification' });
const fee: Classification = { as: 'bank-fee', purpose: schoolPurpose };
const refusedWith = (code: string, more: object = {}) => ({
  type: 'ClassificationRefused',
  data: { bankItemId: i1, classificationId: c1, of: 'classification', code, ...more },
});

describe('saying what a bank item was', () => {
  it('takes it out of suspense and posts it, linked, once', () => {
    const story = [...opened, item(-50_000)];
    given(fund, fundHistory(...story))
      .when(said(-50_000, fee))
      .then({
        type: 'ClassificationPosted',
        data: {
          entryId: `classification.${c1}`,
          entryNumber: 3,
          effectiveOn: localDate('2024-09-10'),
          postings: [
            { account: 'bank.vcb1', purpose: 'suspense', amount: vnd(50_000) },
            { account: 'clearing', purpose: 'suspense', amount: vnd(-50_000) },
            { account: 'bank.vcb1', purpose: schoolPurpose, amount: vnd(-50_000) },
            { account: 'expense.bank-fee', purpose: schoolPurpose, amount: vnd(50_000) },
          ],
          stock: [],
          reversesEntryId: `bank-item.${i1}`,
          bankItemId: i1,
          classificationId: c1,
          of: 'classification',
          classification: fee,
        },
      });
    const [again] = given(fund, fundHistory(...story, said(-50_000, fee)))
      .when(said(-50_000, fee))
      .events();
    expect(again).toEqual(refusedWith('fund/item-classified'));
  });

  it.each<[string, number, Classification, Record<string, bigint>]>([
    ['cash taken out', -50_000, { as: 'cash-withdrawn' }, { cash: 50_000n, 'bank.vcb1': 450_000n }],
    [
      'money moved to an own account',
      -50_000,
      { as: 'own-transfer', account: 'bank.mb7' },
      { 'bank.mb7': 50_000n },
    ],
    [
      'what an account says',
      -50_000,
      { as: 'other', account: 'advance', purpose: 'unrestricted' },
      { advance: 50_000n },
    ],
    [
      'interest that came in',
      7_000,
      { as: 'other', account: 'income.interest', purpose: schoolPurpose },
      { 'income.interest': -7_000n, 'bank.vcb1': 507_000n },
    ],
  ])('posts %s', (_, amount, classification, holds) => {
    const free = post(aSource(i1, { amount: vnd(60_000), account: 'bank.mb7' }));
    const state = fundAfter(...opened, free, item(amount), said(amount, classification));
    for (const [account, minor] of Object.entries(holds)) {
      const before = account === 'bank.mb7' ? 60_000n : 0n;
      expect(accountMoney(state.balances, account, 'VND')).toBe(minor + before);
    }
    expect(purposeMoney(state.balances, 'suspense', 'VND')).toBe(0n);
    expect(accountMoney(state.balances, 'clearing', 'VND')).toBe(0n);
  });

  it('only takes it back where an entry that was posted by hand says it already', () => {
    const refund: FundCommand = {
      type: 'PostRefund',
      refundId: r1,
      amount: vnd(50_000),
      left: vnd(450_000),
      full: false,
      paidFrom: 'bank.vcb1',
      effectiveOn: localDate('2024-09-09'),
      source: aSource(d1, { purpose: schoolPurpose }),
      approvedAt: '2024-09-09T03:00:00Z',
    };
    const posted: Classification = { as: 'posted', entryId: `refund.${r1}` };
    const story = [...opened, refund, item(-50_000)];
    const state = fundAfter(...story, said(-50_000, posted));
    expect(accountMoney(state.balances, 'bank.vcb1', 'VND')).toBe(450_000n);
    expect(state.claimable).toEqual(nothingKeyed);
    const other = { ...aBankItem(c1, -50_000) };
    const twice: FundCommand = { ...said(-50_000, posted), item: other, classificationId: r1 };
    const [second] = fund.decide(
      fundAfter(...story, said(-50_000, posted), { type: 'PostBankItem', item: other, toldAt }),
      twice,
    );
    expect(second?.data).toMatchObject({ code: 'fund/entry-unknown' });
    const again = fundAfter(...story, said(-50_000, posted), undone(said(-50_000, posted)));
    expect(again.claimable).toEqual(fundAfter(...story).claimable);
  });

  it.each<[string, Classification]>([
    ['fund/entry-unknown', { as: 'posted', entryId: `donation.${d1}` }],
    ['fund/account-unknown', { as: 'own-transfer', account: 'bank.none' }],
    ['fund/account-unknown', { as: 'own-transfer', account: 'bank.vcb1' }],
    ['fund/account-unknown', { as: 'other', account: 'expense.pizza', purpose: 'unrestricted' }],
    ['fund/account-of-documents', { as: 'other', account: 'income.donation', purpose: 'unrestricted' }],
    ['fund/account-of-documents', { as: 'other', account: 'stock.milk', purpose: 'unrestricted' }],
    ['fund/account-of-documents', { as: 'other', account: 'cash', purpose: 'unrestricted' }],
    ['fund/purpose-unknown', { as: 'bank-fee', purpose: d1 }],
    ['fund/purpose-unknown', { as: 'bank-fee', purpose: 'suspense' }],
  ])('is refused with %s for %j', (code, classification) => {
    const [event] = given(fund, fundHistory(...opened, item(-50_000)))
      .when(said(-50_000, classification))
      .events();
    expect(event).toEqual(refusedWith(code));
  });

  it('is refused where the purpose has not the money, and says by how much', () => {
    const [event] = given(fund, fundHistory(...opened, item(-50_000)))
      .when(said(-50_000, { as: 'bank-fee', purpose: 'unrestricted' }))
      .events();
    expect(event).toEqual(refusedWith('fund/short', { shortBy: vnd(50_000) }));
  });

  it('gives nothing more to a purpose that is closed, but lets it pay', () => {
    const closed = [...opened, { type: 'ClosePurpose', purpose: schoolPurpose } as const];
    const other = { as: 'other', account: 'income.other', purpose: schoolPurpose } as const;
    const [came] = fund.decide(fundAfter(...closed, item(5)), said(5, other));
    expect(came).toEqual(refusedWith('fund/purpose-closed'));
    const [went] = fund.decide(fundAfter(...closed, item(-5)), said(-5, fee));
    expect(went?.type).toBe('ClassificationPosted');
  });

  it('waits for an item that is not in the books', () => {
    expect(() => fund.decide(fundAfter(...opened), said(-5, fee))).toThrow(InvariantViolation);
  });
});

describe('taking back what was said of a bank item', () => {
  const story = [...opened, item(-50_000)];

  it('mirrors its entry, linked, and the item may be classified anew', () => {
    const before = fundAfter(...story);
    const [event] = given(fund, fundHistory(...story, said(-50_000, fee)))
      .when(undone(said(-50_000, fee)))
      .events();
    expect(event?.data).toMatchObject({
      entryId: `classification-undone.${c1}`,
      reversesEntryId: `classification.${c1}`,
      of: 'undoing',
    });
    const after = fundAfter(...story, said(-50_000, fee), undone(said(-50_000, fee)));
    expect(after.bankItems).toEqual(before.bankItems);
    for (const purpose of ['suspense', schoolPurpose])
      expect(purposeMoney(after.balances, purpose, 'VND')).toBe(
        purposeMoney(before.balances, purpose, 'VND'),
      );
  });

  it('is refused where it was never posted, or taken back already', () => {
    const refused = { bankItemId: i1, classificationId: c1, of: 'undoing', code: 'fund/item-not-classified' };
    const back = undone(said(-50_000, fee));
    for (const history of [story, [...story, said(-50_000, fee), back]])
      expect(fund.decide(fundAfter(...history), back)).toEqual([
        { type: 'ClassificationRefused', data: refused },
      ]);
  });

  it('is refused where the account that got the money has spent it', () => {
    const cash: Classification = { as: 'cash-withdrawn' };
    const source = aSource(d1, { purpose: schoolPurpose });
    const spent: FundCommand = {
      type: 'PostRefund',
      refundId: r1,
      amount: vnd(20_000),
      left: vnd(480_000),
      full: false,
      paidFrom: 'cash',
      effectiveOn: localDate('2024-10-01'),
      source,
      approvedAt: toldAt,
    };
    const [event] = fund.decide(fundAfter(...story, said(-50_000, cash), spent), undone(said(-50_000, cash)));
    expect(event?.data).toMatchObject({ code: 'fund/account-short', shortBy: vnd(20_000) });
  });
});
