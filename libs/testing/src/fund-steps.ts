import fc from 'fast-check';
import type { Classification } from '#domain/fund/bank-item.events.js';
import type { EntrySource } from '#domain/fund/entry.events.js';
import { localDate } from '#kernel/dates.js';
import type { Currency } from '#kernel/money.js';
import { aSource, schoolPurpose } from './fund-stories.js';

/** The purpose of a campaign that a story may admit. */
export const campaign = '0c0c0c0c-0000-4000-8000-000000000000';
/** When everything in a story is told. */
export const toldAt = '2024-06-01T03:00:00Z';
/** The id of what a step of a story makes, by its place. */
export const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** What a bank and an accountant do in a story; items are named by their place among all of them. */
export type BankStep =
  | { readonly kind: 'item'; readonly amount: number; readonly account: string }
  | { readonly kind: 'classify'; readonly which: number; readonly classification: Classification }
  | { readonly kind: 'unclassify'; readonly which: number }
  | { readonly kind: 'explain'; readonly which: number; readonly purpose: string }
  | { readonly kind: 'match'; readonly which: number; readonly purpose: string; readonly back: boolean }
  | { readonly kind: 'statement'; readonly amount: number }
  | { readonly kind: 'journal'; readonly journal: 'transfer' | 'interest' | 'fee'; readonly amount: number }
  | { readonly kind: 'lock'; readonly through: string };

/** What happens to a fund, in terms of a story: donations are named by their place in it. */
export type Step =
  | { readonly kind: 'donate'; readonly source: Omit<EntrySource, 'donationId'> }
  | { readonly kind: 'refund'; readonly which: number; readonly share: number; readonly paidFrom: string }
  | { readonly kind: 'void'; readonly which: number }
  | { readonly kind: 'close'; readonly purpose: string }
  | { readonly kind: 'admit' }
  | BankStep;

const purposes = fc.constantFrom('unrestricted', schoolPurpose, campaign, uuid(999));
const currencies = fc.constantFrom<Currency>('VND', 'USD');
const amounts = fc
  .tuple(fc.integer({ min: 1, max: 100 }), currencies)
  .map(([amount, currency]) => ({ amount: String(amount), currency }));
const received = fc.constantFrom('2023-12-01', '2024-03-01', '2024-07-01').map(localDate);
const { donationId: _id, account: _account, amount: _amount, ...rest } = aSource(uuid(0));

/** What all donations of a story have in common. */
export const plain = rest;

const moneyGiven: fc.Arbitrary<Step> = fc
  .record({
    amount: amounts,
    account: fc.constantFrom('cash', 'bank.vcb1', 'bank.mb7', 'nonsense'),
    purpose: purposes,
    receivedOn: received,
  })
  .map((given) => ({ kind: 'donate', source: { ...plain, method: 'bank', ...given } }));

const thingsGiven: fc.Arbitrary<Step> = fc
  .record({
    purpose: purposes,
    receivedOn: received,
    items: fc.array(
      fc
        .record({ item: fc.constantFrom('milk', 'rice'), count: fc.integer({ min: 1, max: 9 }) })
        .chain(({ item, count }) =>
          fc.option(amounts, { nil: undefined }).map((value) => ({
            item,
            name: item,
            unit: 'kg',
            quantity: `${String(count)}.5`,
            ...(value ? { valuation: { value, basis: 'market' as const } } : {}),
          })),
        ),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map((given) => ({ kind: 'donate', source: { ...plain, method: 'in-kind', ...given } }));

const kind = <K extends BankStep['kind']>(name: K): fc.Arbitrary<K> => fc.constant(name);
const signed = fc.integer({ min: -60, max: 60 }).filter((amount) => amount !== 0);
const classifications: fc.Arbitrary<Classification> = fc.oneof(
  fc.record({ as: fc.constant('bank-fee' as const), purpose: purposes }),
  fc.constant<Classification>({ as: 'cash-withdrawn' }),
  fc.record({ as: fc.constant('own-transfer' as const), account: fc.constantFrom('bank.vcb1', 'bank.mb7') }),
  fc.record({
    as: fc.constant('posted' as const),
    entryId: fc.nat(60).map((index) => `journal.${uuid(index)}`),
  }),
  fc.record({
    as: fc.constant('other' as const),
    account: fc.constantFrom('advance', 'income.other', 'income.donation'),
    purpose: purposes,
  }),
);
const bankSteps: readonly fc.WeightedArbitrary<BankStep>[] = [
  {
    arbitrary: fc.record({
      kind: kind('item'),
      amount: signed,
      account: fc.constantFrom('bank.vcb1', 'bank.mb7'),
    }),
    weight: 4,
  },
  {
    arbitrary: fc.record({ kind: kind('classify'), which: fc.nat(8), classification: classifications }),
    weight: 4,
  },
  { arbitrary: fc.record({ kind: kind('unclassify'), which: fc.nat(8) }), weight: 2 },
  { arbitrary: fc.record({ kind: kind('explain'), which: fc.nat(8), purpose: purposes }), weight: 3 },
  {
    arbitrary: fc.record({
      kind: kind('match'),
      which: fc.nat(30),
      purpose: purposes,
      back: fc.boolean(),
    }),
    weight: 4,
  },
  { arbitrary: fc.record({ kind: kind('statement'), amount: signed }), weight: 1 },
  {
    arbitrary: fc.record({
      kind: kind('journal'),
      journal: fc.constantFrom('transfer', 'interest', 'fee'),
      amount: fc.integer({ min: 1, max: 60 }),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({ kind: kind('lock'), through: fc.constantFrom('2024-02-29', '2024-03-31') }),
    weight: 1,
  },
];

/** Stories of a fund. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { arbitrary: moneyGiven, weight: 5 },
    { arbitrary: thingsGiven, weight: 2 },
    {
      arbitrary: fc.record({
        kind: fc.constant('refund' as const),
        which: fc.nat(30),
        share: fc.integer({ min: 1, max: 100 }),
        paidFrom: fc.constantFrom('cash', 'bank.vcb1', 'bank.mb7'),
      }),
      weight: 5,
    },
    { arbitrary: fc.record({ kind: fc.constant('void' as const), which: fc.nat(30) }), weight: 2 },
    {
      arbitrary: fc.record({
        kind: fc.constant('close' as const),
        purpose: fc.constantFrom(schoolPurpose, campaign),
      }),
      weight: 1,
    },
    { arbitrary: fc.record({ kind: fc.constant('admit' as const) }), weight: 1 },
    ...bankSteps,
  ),
  { minLength: 10, maxLength: 60, size: 'max' },
);
