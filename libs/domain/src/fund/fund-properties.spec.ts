import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stateCodec } from '#event-store/snapshots.js';
import { localDate, type LocalDate } from '#kernel/dates.js';
import { underKey, valuesOf } from '#kernel/keyed.js';
import { money, type Currency } from '#kernel/money.js';
import { campaign, plain, steps, toldAt, uuid, type BankStep, type Step } from '#testing/fund-steps.js';
import { aBankItem, openLangSon, vnd } from '#testing/fund-stories.js';
import type { BankItem } from './bank-item.events.js';
import type { ClassifyBankItem } from './classification.decide.js';
import type { Entry, EntrySource } from './entry.events.js';
import { fund, type FundCommand } from './fund.decide.js';
import type { FundEvent } from './fund.events.js';
import { accountMoney, purposeMoney } from './balances.policy.js';
import type { FundState, OpenFund } from './fund.state.js';
import { pairOf } from './postings.policy.js';

/** Plays the story as the donations service would: it knows what is left of each donation from the answers. */
class Story {
  state: FundState = fund.initialState;
  readonly given: { source: EntrySource; left: bigint }[] = [];
  readonly events: FundEvent[] = [];
  readonly items: BankItem[] = [];
  /** What was said last of each item. */
  readonly said = new Map<string, Omit<ClassifyBankItem, 'type'>>();
  /** Đồng that came and went otherwise than by donations and bank items that nobody explained. */
  otherwise = 0n;

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
      const before = this.state;
      this.state = fund.evolve(this.state, event);
      this.events.push(event);
      if (this.state.status === 'open') assertTakesWhatItMay(before, this.state, event);
      this.otherwise += otherwiseBy(event, this.items);
      this.#follow(event);
    }
  }

  #follow(event: FundEvent): void {
    if (event.type !== 'RefundPosted' && event.type !== 'VoidPosted' && event.type !== 'DonationReassigned')
      return;
    const donation = this.given.find(({ source }) => source.donationId === event.data.source.donationId)!;
    if (event.type === 'DonationReassigned') donation.source = event.data.source;
    else {
      const inPart = event.type === 'RefundPosted' && event.data.left !== undefined;
      donation.left = inPart ? money(event.data.left).minor : 0n;
    }
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
      default:
        return this.#bankCommandOf(step, index);
    }
  }

  #bankCommandOf(step: BankStep, index: number): FundCommand | undefined {
    switch (step.kind) {
      case 'item': {
        const item = aBankItem(uuid(index), step.amount, { account: step.account });
        this.items.push(item);
        return { type: 'PostBankItem', item, toldAt };
      }
      case 'classify':
      case 'unclassify':
        return this.#classificationOf(step, index);
      case 'explain':
        return this.#explanationOf(step, index);
      case 'match':
        return this.#matchOf(step, index);
      case 'statement': {
        const openingEntry = { amount: vnd(step.amount), effectiveOn: localDate('2024-03-01') };
        return {
          type: 'PostStatement',
          statementId: uuid(index),
          account: 'bank.vcb1',
          openingEntry,
          toldAt,
        };
      }
      case 'journal':
        return journalOf(step, index);
      case 'lock':
        return this.#lockOf(localDate(step.through));
    }
  }

  #classificationOf(
    step: BankStep & { readonly kind: 'classify' | 'unclassify' },
    index: number,
  ): FundCommand | undefined {
    const item = this.items[step.which % this.items.length];
    if (!item) return undefined;
    if (step.kind === 'classify') {
      const said = { classificationId: uuid(index), item, classification: step.classification, toldAt };
      this.said.set(item.bankItemId, said);
      return { type: 'ClassifyBankItem', ...said };
    }
    const said = this.said.get(item.bankItemId);
    return said && { type: 'UndoClassification', ...said };
  }

  /** As the donations service, which makes a donation of an item that came in and that nothing else was said of. */
  #explanationOf(step: BankStep & { readonly kind: 'explain' }, index: number): FundCommand | undefined {
    const item = this.items[step.which % this.items.length];
    const standing = this.state.status === 'open' && item && underKey(this.state.bankItems, item.bankItemId);
    if (!item || !standing || standing.entryId !== undefined || standing.amount.minor < 0n) return undefined;
    const { account, amount, bankItemId } = item;
    const source: EntrySource = {
      ...{ ...plain, donationId: uuid(index), account, amount, bankItemId },
      ...{ method: 'bank', purpose: step.purpose, receivedOn: localDate('2024-03-01') },
    };
    this.given.push({ source, left: money(amount).minor });
    return { type: 'PostDonation', source, toldAt };
  }

  #matchOf({ which, purpose, back }: BankStep & { readonly kind: 'match' }, index: number) {
    const donation = this.given[which % this.given.length];
    if (!donation) return undefined;
    const { source, left } = donation;
    const sum = source.amount && { left: { amount: left.toString(), currency: source.amount.currency } };
    if (source.amount && left === 0n) return undefined;
    const dated = { effectiveOn: localDate('2024-06-01'), toldAt, ...(back && { undoes: uuid(0) }) };
    const now = { ...source, purpose };
    return {
      type: 'ReassignDonation',
      matchId: uuid(index),
      source: now,
      was: source,
      ...sum,
      ...dated,
    } as const;
  }

  #lockOf(through: LocalDate): FundCommand | undefined {
    const closed = this.state.status === 'open' ? this.state.closedThrough : null;
    if (closed && closed >= through) return undefined;
    return { type: 'ClosePeriod', through, today: localDate('2024-06-01') };
  }

  #correctionOf(step: Step & { readonly kind: 'refund' | 'void' }, index: number): FundCommand | undefined {
    const donation = this.given[step.which % this.given.length];
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

const isClearing = ({ account }: { readonly account: string }): boolean => account === 'clearing';

/** From what was said, not from the lines. */
function otherwiseBy(event: FundEvent, items: readonly BankItem[]): bigint {
  switch (event.type) {
    case 'JournalPosted': {
      const signs = { transfer: 0n, interest: 1n, fee: -1n };
      return signs[event.data.kind as keyof typeof signs] * sumOf(event.data);
    }
    case 'OpeningBalancesPosted':
      return event.data.postings.some(isClearing) ? 0n : money(event.data.postings[0]!.amount).minor;
    case 'ClassificationPosted': {
      const { bankItemId, classification, of } = event.data;
      const item = items.find((one) => one.bankItemId === bankItemId)!;
      if (classification.as !== 'bank-fee' && classification.as !== 'other') return 0n;
      return (of === 'undoing' ? -1n : 1n) * money(item.amount).minor;
    }
    default:
      return 0n;
  }
}

const sumOf = ({ postings }: Entry): bigint =>
  postings.reduce((sum, { amount }) => (amount.amount.startsWith('-') ? sum : sum + money(amount).minor), 0n);

function journalOf(step: BankStep & { readonly kind: 'journal' }, index: number): FundCommand {
  const pairs = {
    transfer: ['cash', 'bank.vcb1'],
    interest: ['bank.vcb1', 'income.interest'],
    fee: ['expense.bank-fee', 'bank.vcb1'],
  } as const;
  const [debit, credit] = pairs[step.journal];
  return {
    type: 'PostJournal',
    journalId: uuid(index),
    kind: step.journal,
    postings: pairOf(debit, credit, 'unrestricted', vnd(step.amount)).postings,
    effectiveOn: localDate('2024-04-01'),
    approvedAt: toldAt,
  };
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
    for (const currency of Object.keys(byCurrency))
      expect(purposeMoney(balances, purpose, currency as Currency)).toBeGreaterThanOrEqual(0n);
  for (const count of Object.values(stock)) expect(count).toBeGreaterThanOrEqual(0n);
}

/** Purposes that an entry may take money from, by what it answers (I12). */
function mayTakeFrom({ type, data }: FundEvent): readonly string[] {
  switch (type) {
    case 'RefundPosted':
    case 'VoidPosted':
      return ['suspense', data.source.purpose];
    case 'DonationReassigned':
      return ['suspense', data.was.purpose];
    case 'DonationPosted':
      return ['suspense'];
    case 'ClassificationPosted':
      return 'purpose' in data.classification ? ['suspense', data.classification.purpose] : ['suspense'];
    case 'JournalPosted':
    case 'OpeningBalancesPosted':
      return ['unrestricted'];
    default:
      return [];
  }
}

/** No entry takes from a purpose that it is not about, nor counts on a day that is closed. */
function assertTakesWhatItMay(before: FundState, { balances }: OpenFund, event: FundEvent): void {
  if (before.status === 'none' || !isEntry(event)) return;
  for (const currency of ['VND', 'USD'] as const) {
    const money = (of: OpenFund['balances'], purpose: string) => purposeMoney(of, purpose, currency);
    const lost = Object.keys(balances).filter((one) => money(balances, one) < money(before.balances, one));
    for (const purpose of lost) expect(mayTakeFrom(event)).toContain(purpose);
    const byBank = event.type === 'BankItemPosted' || event.type === 'OpeningBalancesPosted';
    if (!byBank) assertAccountsHold(before.balances, balances, currency);
  }
  if (before.closedThrough) expect(event.data.effectiveOn > before.closedThrough).toBe(true);
}

/** Nothing but the bank's own word takes an account below zero. */
function assertAccountsHold(
  before: OpenFund['balances'],
  after: OpenFund['balances'],
  currency: Currency,
): void {
  for (const account of ['cash', 'bank.vcb1', 'bank.mb7']) {
    const holds = accountMoney(after, account, currency);
    if (holds < 0n) expect(holds).toBeGreaterThanOrEqual(accountMoney(before, account, currency));
  }
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
      { numRuns: 80 },
    );
  });
});

/** I1 and I11, reckoned from the donations and not from the books: what is left of each is what purposes hold. */
function assertConserved({ state, given, otherwise }: Story): void {
  if (state.status === 'none') throw new Error('the story has no fund');
  for (const currency of ['VND', 'USD'] as const) {
    const left = given
      .filter(({ source }) => source.amount?.currency === currency)
      .reduce((sum, donation) => sum + donation.left, 0n);
    const inBooks = Object.keys(state.balances).reduce(
      (sum, purpose) => sum + purposeMoney(state.balances, purpose, currency),
      0n,
    );
    const items = currency === 'VND' ? unexplained(state) + otherwise : 0n;
    expect(inBooks).toBe(left + items);
    const between = Object.keys(state.balances).reduce(
      (sum, purpose) => sum + (state.balances[purpose]?.[currency]?.['between-purposes'] ?? 0n),
      0n,
    );
    expect(between).toBe(0n);
  }
  const inSuspense = [...valuesOf(state.diverted)].reduce((sum, { left }) => sum + (left?.minor ?? 0n), 0n);
  const ofSuspense = (['VND', 'USD'] as const).reduce(
    (sum, currency) => sum + purposeMoney(state.balances, 'suspense', currency),
    0n,
  );
  expect(ofSuspense).toBe(inSuspense + unexplained(state));
}

/** What came in on bank accounts and nobody has explained; what went out stands beside it in clearing. */
function unexplained({ bankItems }: OpenFund): bigint {
  return [...valuesOf(bankItems)].reduce(
    (sum, { amount, entryId }) => (entryId === undefined && amount.minor > 0n ? sum + amount.minor : sum),
    0n,
  );
}
