import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stateCodec } from '#event-store/snapshots.js';
import { localDate } from '#kernel/dates.js';
import { money, type Currency } from '#kernel/money.js';
import { aSource, openLangSon, schoolPurpose } from '#testing/fund-stories.js';
import type { Entry, EntrySource } from './entry.events.js';
import { fund, type FundCommand } from './fund.decide.js';
import type { FundEvent } from './fund.events.js';
import { accountMoney, purposeMoney } from './balances.policy.js';
import type { FundState, OpenFund } from './fund.state.js';
import { isMoneyAccount } from './postings.policy.js';

const campaign = '0c0c0c0c-0000-4000-8000-000000000000';
const toldAt = '2024-06-01T03:00:00Z';
const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** What happens to a fund, in terms of a story: donations are named by their place in it. */
type Step =
  | { readonly kind: 'donate'; readonly source: Omit<EntrySource, 'donationId'> }
  | { readonly kind: 'refund'; readonly which: number; readonly share: number; readonly paidFrom: string }
  | { readonly kind: 'void'; readonly which: number }
  | { readonly kind: 'close'; readonly purpose: string }
  | { readonly kind: 'admit' };

const purposes = fc.constantFrom('unrestricted', schoolPurpose, campaign, uuid(999));
const currencies = fc.constantFrom<Currency>('VND', 'USD');
const amounts = fc
  .tuple(fc.integer({ min: 1, max: 100 }), currencies)
  .map(([amount, currency]) => ({ amount: String(amount), currency }));
const received = fc.constantFrom('2023-12-01', '2024-03-01', '2024-07-01').map(localDate);
const { donationId: _id, account: _account, amount: _amount, ...plain } = aSource(uuid(0));

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

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
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
  ),
  { maxLength: 40 },
);

/** Plays the story as the donations service would: it knows what is left of each donation from the answers. */
class Story {
  state: FundState = fund.initialState;
  readonly given: { readonly source: EntrySource; left: bigint }[] = [];
  readonly events: FundEvent[] = [];

  constructor() {
    this.#do(openLangSon());
  }

  play(step: Step, index: number): void {
    const command = this.#commandOf(step, index);
    if (command) this.#do(command);
  }

  #do(command: FundCommand): void {
    const decided = fund.decide(this.state, command);
    for (const event of decided) {
      this.state = fund.evolve(this.state, event);
      this.events.push(event);
    }
    const undone = decided.find((event) => event.type === 'RefundPosted' || event.type === 'VoidPosted');
    const donation = this.given.find(({ source }) => source.donationId === undone?.data.source.donationId);
    if (!undone || !donation) return;
    const inPart = undone.type === 'RefundPosted' && undone.data.left !== undefined;
    donation.left = inPart ? money(undone.data.left).minor : 0n;
  }

  #commandOf(step: Step, index: number): FundCommand | undefined {
    switch (step.kind) {
      case 'donate': {
        const source = { ...step.source, donationId: uuid(index) };
        this.given.push({ source, left: source.amount ? money(source.amount).minor : 1n });
        return { type: 'PostDonation', source, toldAt };
      }
      case 'close': {
        const open = this.state.status === 'open' && this.state.purposes[step.purpose]?.open === true;
        return open ? { type: 'ClosePurpose', purpose: step.purpose } : undefined;
      }
      case 'admit': {
        const name = { vi: 'Tết', en: 'New Year' };
        return { type: 'AdmitCampaign', purpose: campaign, code: 'TET', name, campaignId: campaign };
      }
      case 'refund':
      case 'void':
        return this.#correctionOf(step, index);
    }
  }

  #correctionOf(step: Step & { readonly kind: 'refund' | 'void' }, index: number): FundCommand | undefined {
    const donation = this.given[step.which];
    if (!donation) return undefined;
    const { source, left } = donation;
    const dated = { effectiveOn: localDate('2024-06-01'), source, approvedAt: toldAt };
    const currency = source.amount?.currency ?? 'VND';
    const sum = (minor: bigint) => ({ amount: minor.toString(), currency });
    if (step.kind === 'void') {
      const rest = source.amount ? { left: sum(left) } : {};
      return { type: 'PostVoid', voidId: uuid(index), ...rest, ...dated };
    }
    const refund = { type: 'PostRefund', refundId: uuid(index), ...dated } as const;
    if (!source.amount) return { ...refund, full: true };
    const paid = atMost(BigInt(step.share), left);
    const terms = { amount: sum(paid), left: sum(left - paid), full: paid === left };
    return { ...refund, ...terms, paidFrom: step.paidFrom };
  }
}

/** At most what is left; of a donation with nothing left, the whole that is asked. */
const atMost = (asked: bigint, left: bigint): bigint => (left > 0n && asked > left ? left : asked);

const isEntry = (event: FundEvent): event is FundEvent & { readonly data: Entry } =>
  'entryNumber' in event.data;

function assertZeroSum({ postings }: Entry): void {
  const sums = new Map<string, bigint>();
  for (const { purpose, amount } of postings) {
    const { minor, currency } = money(amount);
    const key = `${purpose} ${currency}`;
    sums.set(key, (sums.get(key) ?? 0n) + minor);
  }
  expect([...sums.values()].every((sum) => sum === 0n)).toBe(true);
}

function assertNothingBelowZero({ balances, stock }: OpenFund): void {
  for (const [purpose, byCurrency] of Object.entries(balances))
    for (const [currency, accounts] of Object.entries(byCurrency)) {
      expect(purposeMoney(balances, purpose, currency as Currency)).toBeGreaterThanOrEqual(0n);
      for (const account of Object.keys(accounts).filter(isMoneyAccount))
        expect(accountMoney(balances, account, currency as Currency)).toBeGreaterThanOrEqual(0n);
    }
  for (const count of Object.values(stock)) expect(count).toBeGreaterThanOrEqual(0n);
}

describe('whatever messages a fund is told', () => {
  it('balances every entry, drives nothing below zero and keeps what came in minus what went out', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const played = new Story();
        for (const [index, step] of story.entries()) {
          played.play(step, index);
          if (played.state.status === 'open') assertNothingBelowZero(played.state);
        }
        const entries = played.events.filter(isEntry).map((event) => event.data);
        entries.forEach(assertZeroSum);
        expect(entries.map((entry) => entry.entryNumber)).toEqual(entries.map((_, index) => index + 1));
        expect(new Set(entries.map((entry) => entry.entryId)).size).toBe(entries.length);
        assertConserved(played);
        expect(stateCodec.fromJson(stateCodec.toJson(played.state))).toEqual(played.state);
      }),
      { numRuns: 300 },
    );
  });
});

/** I1 and I11, reckoned from the donations and not from the books: what is left of each is what purposes hold. */
function assertConserved({ state, given }: Story): void {
  if (state.status === 'none') throw new Error('the story has no fund');
  for (const currency of ['VND', 'USD'] as const) {
    const left = given
      .filter(({ source }) => source.amount?.currency === currency)
      .reduce((sum, donation) => sum + donation.left, 0n);
    const inBooks = Object.keys(state.balances).reduce(
      (sum, purpose) => sum + purposeMoney(state.balances, purpose, currency),
      0n,
    );
    expect(inBooks).toBe(left);
  }
  const inSuspense = Object.values(state.diverted).reduce((sum, { left }) => sum + (left?.minor ?? 0n), 0n);
  const ofSuspense = (['VND', 'USD'] as const).reduce(
    (sum, currency) => sum + purposeMoney(state.balances, 'suspense', currency),
    0n,
  );
  expect(ofSuspense).toBe(inSuspense);
}
