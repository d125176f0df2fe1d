import fc from 'fast-check';

/** What a person may say of a bank item. */
export const classifications = [
  'bank-fee',
  'cash-withdrawn',
  'own-transfer',
  'posted',
  'donation',
  'other',
] as const;
/** What a journal may be. */
export const journals = ['opening', 'transfer', 'interest', 'fee', 'manual', 'reversal'] as const;
const closings = ['2024-06-30', '2024-12-30', '2024-12-31'] as const;

/** What is asked about bank statements; `which` names statements and items by their place among those recorded. */
export type StatementAsked =
  | {
      readonly kind: 'upload';
      readonly fund: number;
      /** Place among the bank's rows at which the file begins, and how many it has. */
      readonly from: number;
      readonly rows: number;
      /** Whether it is the other account's. */
      readonly isOther?: boolean;
    }
  | {
      readonly kind: 'confirm';
      readonly which: number;
      /** How much the books lack, to be posted as an opening entry if that is asked for. */
      readonly lacking: number;
      readonly openingEntry: boolean;
    }
  | { readonly kind: 'discard'; readonly which: number }
  | {
      readonly kind: 'classify';
      readonly which: number;
      readonly as: (typeof classifications)[number];
      /** The purpose of schools, or unrestricted. */
      readonly forSchools: boolean;
    }
  | { readonly kind: 'agree on item' | 'reject item' | 'undo item'; readonly which: number };

/** What is asked about the books; `which` names journals by their place among those recorded. */
export type BooksAsked =
  | {
      readonly kind: 'draft';
      readonly fund: number;
      readonly journal: (typeof journals)[number];
      readonly amount: number;
      /** The entry that a reversal takes back. */
      readonly which: number;
    }
  | { readonly kind: 'agree on journal' | 'reject journal' | 'withdraw journal'; readonly which: number }
  | { readonly kind: 'close period'; readonly fund: number; readonly through: (typeof closings)[number] }
  | { readonly kind: 'ask to reopen'; readonly fund: number; readonly from: (typeof closings)[number] }
  | { readonly kind: 'agree to reopen' | 'reject reopening' | 'withdraw reopening'; readonly fund: number }
  | { readonly kind: 'count cash'; readonly fund: number; readonly pieces: number };

/** What accountants ask. */
export type AccountingAsked = StatementAsked | BooksAsked;

const ofStatements: readonly string[] = [
  'upload',
  'confirm',
  'discard',
  'classify',
  'agree on item',
  'reject item',
  'undo item',
];
const ofBooks: readonly string[] = [
  'draft',
  'agree on journal',
  'reject journal',
  'withdraw journal',
  'close period',
  'ask to reopen',
  'agree to reopen',
  'reject reopening',
  'withdraw reopening',
  'count cash',
];

/** Whether it is asked about bank statements. */
export function isOfStatements(asked: { readonly kind: string }): asked is StatementAsked {
  return ofStatements.includes(asked.kind);
}

/** Whether it is asked about the books. */
export function isOfBooks(asked: { readonly kind: string }): asked is BooksAsked {
  return ofBooks.includes(asked.kind);
}

/** What the donations service does by itself: rows of a confirmed statement, the donation that an item was. */
export type ImportStep =
  | { readonly kind: 'import'; readonly which: number; readonly rows: number }
  | { readonly kind: 'enter items' };

const fund = fc.nat(1);
const which = fc.nat(5);
const kind = <Kind extends string>(name: Kind): fc.Arbitrary<Kind> => fc.constant(name);
const amount = fc.integer({ min: 1, max: 100 });

/** What accountants ask. */
export const accountingAsked: fc.Arbitrary<AccountingAsked> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('upload'),
      fund,
      from: fc.nat(4),
      rows: fc.integer({ min: 1, max: 6 }),
      isOther: fc.constantFrom(false, false, true),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kind('confirm'),
      which,
      lacking: fc.constantFrom(0, 0, 7, -3),
      openingEntry: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('discard'), which }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: kind('classify'),
      which,
      as: fc.constantFrom(...classifications),
      forSchools: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('agree on item' as const, 'reject item' as const, 'undo item' as const),
      which,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kind('draft'),
      fund,
      journal: fc.constantFrom(...journals),
      amount,
      which,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'agree on journal' as const,
        'agree on journal' as const,
        'reject journal' as const,
        'withdraw journal' as const,
      ),
      which,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('close period'), fund, through: fc.constantFrom(...closings) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('ask to reopen'), fund, from: fc.constantFrom(...closings) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'agree to reopen' as const,
        'agree to reopen' as const,
        'reject reopening' as const,
        'withdraw reopening' as const,
      ),
      fund,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('count cash'), fund, pieces: fc.nat(3) }) },
);

/** What the donations service does of what accountants asked for. */
export const importSteps: fc.Arbitrary<ImportStep> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: kind('import'), which, rows: fc.integer({ min: 1, max: 8 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('enter items') }) },
);
