import fc from 'fast-check';
import {
  accountingAsked,
  importSteps,
  type AccountingAsked,
  type ImportStep,
} from './scheduled-accounting.js';

/** The services whose processes die and start again. */
export const services = ['donations', 'ledger', 'receipts'] as const;
export type ServiceName = (typeof services)[number];

/** Every topic on its way to every service that listens. */
export const links = [
  'donations to ledger',
  'ledger to ledger',
  'ledger to donations',
  'ledger to receipts',
] as const;
export type LinkName = (typeof links)[number];

/** Purposes that a donation may name: two of them stand for what the fund does not know. */
const purposes = ['unrestricted', 'school', 'unknown', 'no purpose at all'] as const;
const accounts = ['cash', 'bank.vcb1', 'bank.new'] as const;

/** What a person asks; `which` names a donation by its place among those made. */
export type Asked =
  | {
      readonly kind: 'donate';
      readonly fund: number;
      readonly amount: number;
      readonly account: (typeof accounts)[number];
      readonly purpose: (typeof purposes)[number];
      readonly isInKind: boolean;
    }
  | {
      readonly kind: 'refund';
      readonly which: number;
      readonly amount: number;
      readonly paidFrom: (typeof accounts)[number];
    }
  | {
      readonly kind: 'match';
      readonly which: number;
      readonly to: 'donor' | 'school' | 'unrestricted' | 'unknown';
    }
  | { readonly kind: 'void' | 'unmatch' | 'approve' | 'reject' | 'withdraw'; readonly which: number }
  | { readonly kind: 'close purpose'; readonly fund: number };

/** Something that the schedule lets happen. */
export type Step =
  | Asked
  | AccountingAsked
  | ImportStep
  /** A person's request is sent again under its key: its answer was lost. */
  | { readonly kind: 'repeat'; readonly which: number }
  | {
      readonly kind: 'deliver';
      readonly link: LinkName;
      readonly fund: number;
      readonly count: number;
      readonly ahead: number;
      readonly isNoted: boolean;
    }
  | { readonly kind: 'rewind'; readonly link: LinkName; readonly fund: number; readonly by: number }
  | { readonly kind: 'release' }
  | { readonly kind: 'restart'; readonly service: ServiceName }
  /** The service's process dies at one of its next appends, wherever that comes from. */
  | {
      readonly kind: 'die';
      readonly service: ServiceName;
      readonly at: 'before' | 'after';
      readonly after: number;
    };

/** Steps that happen one after the other, or two at once. */
export type Turn =
  | { readonly kind: 'one'; readonly step: Step }
  | { readonly kind: 'two'; readonly steps: readonly [Step, Step]; readonly turns: readonly number[] };

const fund = fc.nat(1);
const which = fc.nat(11);
const account = fc.constantFrom(...accounts);
const link = fc.constantFrom(...links);
const service = fc.constantFrom(...services);

const asked: fc.Arbitrary<Asked> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('donate' as const),
      fund,
      amount: fc.integer({ min: 1, max: 100 }),
      account,
      purpose: fc.constantFrom(...purposes),
      isInKind: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('refund' as const),
      which,
      amount: fc.integer({ min: 1, max: 100 }),
      paidFrom: account,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'void' as const,
        'approve' as const,
        'approve' as const,
        'reject' as const,
        'withdraw' as const,
      ),
      which,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('match' as const),
      which,
      to: fc.constantFrom('donor' as const, 'school' as const, 'unrestricted' as const, 'unknown' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unmatch' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close purpose' as const), fund }) },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: asked },
  { weight: 5, arbitrary: accountingAsked },
  { weight: 2, arbitrary: importSteps },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeat' as const), which: fc.nat(30) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      link,
      fund,
      count: fc.integer({ min: 1, max: 5 }),
      ahead: fc.constantFrom(0, 0, 0, 0, 1, 2),
      isNoted: fc.constantFrom(true, true, true, false),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('rewind' as const),
      link,
      fund,
      by: fc.integer({ min: 1, max: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), service }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('die' as const),
      service,
      at: fc.constantFrom('before' as const, 'after' as const),
      after: fc.nat(2),
    }),
  },
);

const one = (happens: Step): Turn => ({ kind: 'one', step: happens });

/** A day of a fund that has begun: there is money, and a statement is in the books or on its way there. */
const begunDay: fc.Arbitrary<readonly Turn[]> = fc
  .record({ fund, rows: fc.integer({ min: 3, max: 8 }), isTold: fc.boolean() })
  .map(({ fund: index, rows, isTold }) => {
    const given = { kind: 'donate', fund: index, isInKind: false, purpose: 'unrestricted' } as const;
    const told = {
      kind: 'deliver',
      link: 'donations to ledger',
      fund: index,
      ahead: 0,
      isNoted: true,
    } as const;
    return [
      one({ ...given, amount: 90, account: 'cash' }),
      one({ ...given, amount: 80, account: 'bank.vcb1' }),
      one({ kind: 'upload', fund: index, from: 0, rows }),
      one({ kind: 'confirm', which: 0, lacking: 7, openingEntry: true }),
      one({ kind: 'import', which: 0, rows }),
      ...(isTold ? [one({ ...told, count: 20 })] : []),
    ];
  });

/** A day on which an own transfer is posted, and the other bank's statement, or a part of it, says the same. */
const transferDay: fc.Arbitrary<readonly Turn[]> = fc
  .record({ fund, isClaimed: fc.boolean(), otherRows: fc.integer({ min: 1, max: 3 }) })
  .map(({ fund: index, isClaimed, otherRows }) => {
    const delivered = (name: LinkName): Turn =>
      one({ kind: 'deliver', link: name, fund: index, count: 20, ahead: 0, isNoted: true });
    const entered = (which: number, rows: number, isOther: boolean): readonly Turn[] => [
      one({ kind: 'upload', fund: index, from: 0, rows, isOther }),
      one({ kind: 'confirm', which, lacking: 7, openingEntry: true }),
      one({ kind: 'import', which: 0, rows }),
      delivered('donations to ledger'),
    ];
    return [
      ...entered(0, 2, false),
      one({ kind: 'classify', which: 0, as: 'own-transfer', forSchools: false }),
      delivered('donations to ledger'),
      delivered('ledger to donations'),
      ...entered(0, otherRows, true),
      ...(isClaimed ? [one({ kind: 'classify', which: 1, as: 'posted', forSchools: false })] : []),
    ];
  });

/** A schedule: at most `max` turns, some of them two steps at once; most of them in a day that has begun. */
export function schedules(max: number): fc.Arbitrary<readonly Turn[]> {
  const turn: fc.Arbitrary<Turn> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('one' as const), step }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('two' as const),
        steps: fc.tuple(step, step),
        turns: fc.array(fc.nat(6), { minLength: 4, maxLength: 4 }),
      }),
    },
  );
  const turns = fc.array(turn, { minLength: 1, maxLength: max, size: 'max' });
  return fc.tuple(fc.oneof(fc.constant([]), begunDay, transferDay), turns).map((parts) => parts.flat());
}
