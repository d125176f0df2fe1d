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
import { accountMoney } from './balances.policy.js';
import { fund, type FundCommand } from './fund.decide.js';
import type { PostJournal } from './journals.decide.js';

const d1 = '11111111-1111-4111-8111-111111111111';
const j1 = '99999999-1111-4111-8111-111111111111';
const j2 = '99999999-2222-4111-8111-111111111111';
const i1 = '11111111-2222-4111-8111-111111111111';
const c1 = '11111111-3333-4111-8111-111111111111';
const approvedAt = '2024-10-01T03:00:00Z';
const opened = [openLangSon(), post(aSource(d1))] as const;

const lines = (debit: string, credit: string, amount: number, purpose = 'unrestricted') => [
  { account: debit, purpose, amount: vnd(amount) },
  { account: credit, purpose, amount: vnd(-amount) },
];
const journal = (changes: Partial<PostJournal> = {}): PostJournal => ({
  type: 'PostJournal',
  journalId: j1,
  kind: 'transfer',
  postings: lines('cash', 'bank.vcb1', 100_000),
  effectiveOn: localDate('2024-09-10'),
  approvedAt,
  ...changes,
});
const reversal = (entryId: string, postings: PostJournal['postings']): PostJournal =>
  journal({ journalId: j2, kind: 'reversal', postings, reversesEntryId: entryId });
const refusedWith = (code: string, more: object = {}) => [
  { type: 'JournalRefused', data: { journalId: j1, code, ...more } },
];

describe('a journal that was agreed on', () => {
  it('stands in the books on its own day', () => {
    given(fund, fundHistory(...opened))
      .when(journal())
      .then({
        type: 'JournalPosted',
        data: {
          entryId: `journal.${j1}`,
          entryNumber: 2,
          effectiveOn: localDate('2024-09-10'),
          postings: lines('cash', 'bank.vcb1', 100_000),
          stock: [],
          journalId: j1,
          kind: 'transfer',
        },
      });
  });

  it.each<[string, Partial<PostJournal>]>([
    ['interest', { kind: 'interest', postings: lines('bank.vcb1', 'income.interest', 7_000) }],
    ['fee', { kind: 'fee', postings: lines('expense.bank-fee', 'bank.vcb1', 7_000) }],
    ['manual', { kind: 'manual', postings: lines('expense.management', 'payable', 7_000) }],
    ['opening', { kind: 'opening', postings: lines('cash', 'equity.opening', 7_000, schoolPurpose) }],
  ])('is taken as %s', (_, changes) => {
    expect(fund.decide(fundAfter(...opened), journal(changes))).toMatchObject([{ type: 'JournalPosted' }]);
  });

  it('opens the bank account that it gives a first balance', () => {
    const [first] = fund.decide(
      fundAfter(...opened),
      journal({ kind: 'opening', postings: lines('bank.mb7', 'equity.opening', 5) }),
    );
    expect(first).toEqual({ type: 'AccountOpened', data: { account: 'bank.mb7', by: 'person' } });
  });

  it.each<[string, Partial<PostJournal>]>([
    ['fund/account-unknown', { postings: lines('cash', 'bank.mb7', 5) }],
    ['fund/account-unknown', { kind: 'manual', postings: lines('expense.pizza', 'cash', 5) }],
    ['fund/account-of-documents', { kind: 'manual', postings: lines('cash', 'income.donation', 5) }],
    ['fund/account-of-documents', { kind: 'manual', postings: lines('cash', 'suspense', 5) }],
    ['fund/account-of-documents', { kind: 'manual', postings: lines('cash', 'clearing', 5) }],
    ['fund/account-of-documents', { kind: 'manual', postings: lines('cash', 'equity.opening', 5) }],
    ['fund/account-not-of-kind', { postings: lines('expense.bank-fee', 'bank.vcb1', 5) }],
    ['fund/account-not-of-kind', { kind: 'interest', postings: lines('income.interest', 'bank.vcb1', 5) }],
    ['fund/account-not-of-kind', { kind: 'fee', postings: lines('bank.vcb1', 'expense.bank-fee', 5) }],
    ['fund/account-not-of-kind', { kind: 'opening', postings: lines('cash', 'income.other', 5) }],
    ['fund/purpose-unknown', { postings: lines('cash', 'bank.vcb1', 5, d1) }],
    ['fund/purpose-unknown', { postings: lines('cash', 'bank.vcb1', 5, 'suspense') }],
    ['fund/in-future', { effectiveOn: localDate('2024-10-02') }],
    ['fund/before-fund', { effectiveOn: localDate('2023-12-31') }],
  ])('is refused with %s (%#)', (code, changes) => {
    expect(fund.decide(fundAfter(...opened), journal(changes))).toEqual(refusedWith(code));
  });

  it('is refused where money would be missing', () => {
    const state = fundAfter(...opened);
    expect(
      fund.decide(state, journal({ kind: 'fee', postings: lines('expense.bank-fee', 'cash', 1) })),
    ).toEqual(refusedWith('fund/account-short', { shortBy: vnd(1) }));
    const school = lines('expense.management', 'bank.vcb1', 5, schoolPurpose);
    expect(fund.decide(state, journal({ kind: 'manual', postings: school }))).toEqual(
      refusedWith('fund/short', { shortBy: vnd(5) }),
    );
  });

  it('is refused for a day that is closed, and never moved to another', () => {
    const closed: FundCommand = {
      type: 'ClosePeriod',
      through: localDate('2024-09-10'),
      today: localDate('2024-10-01'),
    };
    expect(fund.decide(fundAfter(...opened, closed), journal())).toEqual(refusedWith('fund/period-closed'));
  });

  it('is parked where it does not balance', () => {
    const off = [...lines('cash', 'bank.vcb1', 5), ...lines('cash', 'bank.vcb1', 6).slice(1)];
    for (const postings of [off, []])
      expect(() => fund.decide(fundAfter(...opened), journal({ postings }))).toThrow(InvariantViolation);
  });
});

describe('reversing an entry', () => {
  const mirror = lines('bank.vcb1', 'cash', 100_000);

  it('is linked to it, once only', () => {
    const story = [...opened, journal()];
    const [event] = given(fund, fundHistory(...story))
      .when(reversal(`journal.${j1}`, mirror))
      .events();
    expect(event).toMatchObject({ type: 'JournalPosted', data: { reversesEntryId: `journal.${j1}` } });
    const after = fundAfter(...story, reversal(`journal.${j1}`, mirror));
    expect(accountMoney(after.balances, 'bank.vcb1', 'VND')).toBe(500_000n);
    expect(after.claimable).toEqual(nothingKeyed);
    expect(fund.decide(after, reversal(`journal.${j1}`, mirror))).toMatchObject([
      { data: { code: 'fund/entry-reversed' } },
    ]);
  });

  it('is refused once a bank item was found to be it', () => {
    const item = aBankItem(i1, -100_000);
    const story = [
      ...opened,
      journal(),
      { type: 'PostBankItem', item, toldAt: approvedAt },
      {
        type: 'ClassifyBankItem',
        classificationId: c1,
        item,
        classification: { as: 'posted', entryId: `journal.${j1}` },
        toldAt: approvedAt,
      },
    ] as const;
    expect(fund.decide(fundAfter(...story), reversal(`journal.${j1}`, mirror))).toMatchObject([
      { data: { code: 'fund/entry-claimed' } },
    ]);
  });

  it('may touch what only documents move: an opening entry is taken back whole', () => {
    const opening: FundCommand = {
      type: 'PostStatement',
      statementId: i1,
      account: 'bank.vcb1',
      openingEntry: { amount: vnd(9), effectiveOn: localDate('2024-09-01') },
      toldAt: approvedAt,
    };
    const back = reversal(`opening.${i1}`, lines('equity.opening', 'bank.vcb1', 9));
    const state = fundAfter(...opened, opening, back);
    expect(accountMoney(state.balances, 'equity.opening', 'VND')).toBe(0n);
  });
});
