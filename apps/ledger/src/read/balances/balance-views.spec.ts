import { describe, expect, it } from '@jest/globals';
import type { FundCommand } from '#domain/fund/fund.decide.js';
import { localDate } from '#kernel/dates.js';
import {
  aBankItem,
  aSource,
  fundHistory,
  openLangSon,
  post,
  schoolPurpose,
  thingsSource,
  vnd,
} from '#testing/fund-stories.js';
import { byPurpose, type PurposeBalance } from './balance-views.js';
import type { AccountSums } from './balances.query.js';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const toldAt = '2024-10-01T03:00:00Z';
const day = localDate('2024-10-01');
const lines = (debit: string, credit: string, amount: number) => [
  { account: debit, purpose: 'unrestricted', amount: vnd(amount) },
  { account: credit, purpose: 'unrestricted', amount: vnd(-amount) },
];
const fee = aBankItem(uuid(3), -7_000);
const story: readonly FundCommand[] = [
  openLangSon({ openingBalances: [{ account: 'cash', purpose: 'unrestricted', amount: vnd(1_000) }] }),
  post(aSource(uuid(1))),
  post(thingsSource(uuid(2))),
  {
    type: 'ReassignDonation',
    matchId: uuid(9),
    source: aSource(uuid(1), { purpose: schoolPurpose }),
    was: aSource(uuid(1)),
    left: vnd(500_000),
    effectiveOn: day,
    toldAt,
  },
  { type: 'PostBankItem', item: fee, toldAt },
  { type: 'PostBankItem', item: aBankItem(uuid(4), -9_000), toldAt },
  {
    type: 'ClassifyBankItem',
    classificationId: uuid(8),
    item: fee,
    classification: { as: 'bank-fee', purpose: schoolPurpose },
    toldAt,
  },
  {
    type: 'PostJournal',
    journalId: uuid(7),
    kind: 'manual',
    postings: lines('cash', 'payable', 300),
    effectiveOn: day,
    approvedAt: toldAt,
  },
];

function sums(): readonly AccountSums[] {
  const postings = fundHistory(...story).flatMap(({ data }) => ('postings' in data ? data.postings : []));
  return postings.map(({ account, purpose, amount }) => {
    const minor = BigInt(amount.amount);
    const [debit, credit] = minor > 0n ? [minor, 0n] : [0n, -minor];
    return { account, purpose, currency: 'VND', openingDebit: 0n, openingCredit: 0n, debit, credit };
  });
}

describe('the balance of a purpose', () => {
  const balances = new Map(byPurpose(sums()).map((one) => [one.purpose, one]));
  const none = { opening: 0n, received: 0n, returned: 0n, moved: 0n, spent: 0n, other: 0n, stock: 0n };

  it.each<[string, Partial<PurposeBalance>]>([
    [
      schoolPurpose,
      { received: 2_500_000n, moved: 500_000n, spent: 7_000n, available: 493_000n, stock: 2_500_000n },
    ],
    [
      'unrestricted',
      { opening: 1_000n, received: 500_000n, moved: -500_000n, other: 300n, available: 1_300n },
    ],
    ['suspense', { available: 0n }],
  ])('of %s tells where its money came from and went', (purpose, told) => {
    expect(balances.get(purpose)).toEqual({ purpose, currency: 'VND', ...none, ...told });
  });

  it('adds up', () => {
    for (const one of balances.values())
      expect(one.opening + one.received - one.returned + one.moved - one.spent + one.other).toBe(
        one.available + one.stock,
      );
  });
});
