import { describe, expect, it } from '@jest/globals';
import { nothingKeyed } from '#kernel/keyed.js';
import { aBankItem, aSource, fundAfter, openLangSon, post } from '#testing/fund-stories.js';
import { accountMoney, purposeMoney } from './balances.policy.js';
import type { BankItem, Classification } from './bank-item.events.js';
import { fund, type FundCommand } from './fund.decide.js';

const [debit, credit] = ['11111111-2222-4111-8111-111111111111', '22222222-2222-4111-8111-111111111111'];
const [c1, c2] = ['11111111-3333-4111-8111-111111111111', '22222222-3333-4111-8111-111111111111'];
const toldAt = '2024-10-01T03:00:00Z';
const opened = [
  openLangSon({ bankAccounts: ['bank.vcb1', 'bank.mb7'] }),
  post(aSource('11111111-1111-4111-8111-111111111111', { account: 'bank.vcb1' })),
  post(aSource('21111111-1111-4111-8111-111111111111', { account: 'bank.mb7' })),
];

const left = aBankItem(debit, -50_000);
const arrived = aBankItem(credit, 50_000, { account: 'bank.mb7' });
const posting = (item: BankItem): FundCommand => ({ type: 'PostBankItem', item, toldAt });
const saying = (classificationId: string, item: BankItem, classification: Classification) =>
  ({ type: 'ClassifyBankItem', classificationId, item, classification, toldAt }) as const;
const undoing = (said: ReturnType<typeof saying>): FundCommand => ({ ...said, type: 'UndoClassification' });

const sent = saying(c1, left, { as: 'own-transfer', account: 'bank.mb7' });
const received = saying(c1, arrived, { as: 'own-transfer', account: 'bank.vcb1' });
const otherHalf = { as: 'posted', entryId: `classification.${c1}` } as const;

describe('an own transfer of which both banks tell', () => {
  it.each([
    ['what left the one account', left, sent, saying(c2, arrived, otherHalf)],
    ['what arrived on the other', arrived, received, saying(c2, left, otherHalf)],
  ])('counts once, where %s was told first', (_, first, said, claim) => {
    const state = fundAfter(...opened, posting(first), said, posting(claim.item), claim);
    const banks = ['bank.vcb1', 'bank.mb7'].map((bank) => accountMoney(state.balances, bank, 'VND'));
    expect(banks).toEqual([450_000n, 550_000n]);
    expect(purposeMoney(state.balances, 'unrestricted', 'VND')).toBe(1_000_000n);
    expect(purposeMoney(state.balances, 'suspense', 'VND')).toBe(0n);
    expect(state.claimable).toEqual(nothingKeyed);
  });

  it('is claimed once, with its own sum, on the other account', () => {
    const again = aBankItem('33333333-2222-4111-8111-111111111111', 50_000, { account: 'bank.mb7' });
    const state = fundAfter(...opened, posting(left), sent, posting(arrived), posting(again));
    const claimed = fundAfter(...opened, posting(left), sent, posting(arrived), posting(again), {
      ...saying(c2, arrived, otherHalf),
    });
    const refused = [{ data: { code: 'fund/entry-unknown' } }];
    const c3 = '33333333-3333-4111-8111-111111111111';
    expect(fund.decide(claimed, saying(c3, again, otherHalf))).toMatchObject(refused);
    const [other, less] = [aBankItem(credit, 50_000), aBankItem(credit, 49_999, { account: 'bank.mb7' })];
    for (const item of [other, less]) {
      const items = fundAfter(...opened, posting(left), sent, posting(item));
      expect(fund.decide(items, saying(c2, item, otherHalf))).toMatchObject(refused);
    }
    expect(fund.decide(state, saying(c2, again, otherHalf))).toMatchObject([
      { type: 'ClassificationPosted' },
    ]);
  });

  it('is not taken back before what was claimed of it is', () => {
    const claim = saying(c2, arrived, otherHalf);
    const story = [...opened, posting(left), sent, posting(arrived), claim];
    expect(fund.decide(fundAfter(...story), undoing(sent))).toEqual([
      {
        type: 'ClassificationRefused',
        data: { bankItemId: debit, classificationId: c1, of: 'undoing', code: 'fund/entry-claimed' },
      },
    ]);
    const back = fundAfter(...story, undoing(claim), undoing(sent));
    expect(back.claimable).toEqual(nothingKeyed);
    expect(accountMoney(back.balances, 'bank.vcb1', 'VND')).toBe(450_000n);
    expect(accountMoney(back.balances, 'bank.mb7', 'VND')).toBe(550_000n);
    expect(purposeMoney(back.balances, 'suspense', 'VND')).toBe(50_000n);
    expect(fund.decide(back, saying(c2, arrived, otherHalf))).toMatchObject([
      { data: { code: 'fund/entry-unknown' } },
    ]);
  });
});
