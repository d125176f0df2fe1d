import { dateInZone, type LocalDate } from '#kernel/dates.js';
import { underKey } from '#kernel/keyed.js';
import { money, type MoneyJson } from '#kernel/money.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { held } from './balances.policy.js';
import { bankFees, interest, opening, ownerOf } from './chart.policy.js';
import type { EntryRefusal, Posting } from './entry.events.js';
import type { FundEvent } from './fund.events.js';
import type { OpenFund } from './fund.state.js';
import type { JournalKind } from './journal-entry.events.js';
import { isMoneyAccount, unrestricted } from './postings.policy.js';
import { shortfall } from './shortfall.policy.js';
import { claimKey } from './standing-items.policy.js';

/** What a journal says. */
export interface JournalTerms {
  readonly kind: JournalKind;
  readonly postings: readonly Posting[];
  /** Of a reversal: the entry whose lines these are the mirror of. */
  readonly reversesEntryId?: string;
  readonly effectiveOn: LocalDate;
}

/** Posts a journal that was agreed on; from a message. */
export interface PostJournal extends JournalTerms {
  readonly type: 'PostJournal';
  readonly journalId: string;
  /** When it was agreed on (RFC 3339). */
  readonly approvedAt: string;
}

/** Why a journal cannot be posted. */
export interface JournalFault {
  readonly code: EntryRefusal;
  /** How much money is missing, where money is. */
  readonly shortBy?: MoneyJson;
}

/**
 * Decides JournalPosted, or JournalRefused where the books do not take it as it is: a person's entry is never moved to
 * another day. An opening journal opens the bank accounts that it names.
 */
export function postJournal(fund: OpenFund, command: PostJournal): readonly FundEvent[] {
  const { journalId, kind, postings, reversesEntryId, effectiveOn, approvedAt } = command;
  assertBalanced(command);
  const fault = journalFault(fund, command, dateInZone(approvedAt, fund.about.zone));
  if (fault) return [{ type: 'JournalRefused', data: { journalId, ...fault } }];
  const posted: FundEvent = {
    type: 'JournalPosted',
    data: {
      entryId: `journal.${journalId}`,
      entryNumber: fund.lastEntryNumber + 1,
      effectiveOn,
      postings,
      stock: [],
      journalId,
      kind,
      ...(reversesEntryId === undefined ? {} : { reversesEntryId }),
    },
  };
  return [...newAccounts(fund, postings), posted];
}

/** Why the books do not take a journal today; undefined where they do. Also asked before one is drafted. */
export function journalFault(
  fund: OpenFund,
  terms: JournalTerms,
  today: LocalDate,
): JournalFault | undefined {
  const code = dateFault(fund, terms, today) ?? reversalFault(fund, terms) ?? linesFault(fund, terms);
  return code ? { code } : shortfall(fund, { postings: terms.postings, stock: [] });
}

function dateFault(
  { about, closedThrough }: OpenFund,
  { effectiveOn }: JournalTerms,
  today: LocalDate,
): EntryRefusal | undefined {
  if (effectiveOn > today) return 'fund/in-future';
  if (effectiveOn < about.openedOn) return 'fund/before-fund';
  return closedThrough && effectiveOn <= closedThrough ? 'fund/period-closed' : undefined;
}

/** A journal is reversed once, and not once the bank's statement was found to say it. */
function reversalFault(
  { reversed, claimable }: OpenFund,
  { reversesEntryId: entryId, postings }: JournalTerms,
): EntryRefusal | undefined {
  if (entryId === undefined) return undefined;
  if (underKey(reversed, entryId) !== undefined) return 'fund/entry-reversed';
  if (!entryId.startsWith('journal.')) return undefined;
  const banks = postings.filter(({ account }) => account !== 'cash' && isMoneyAccount(account));
  const free = banks.every(({ account }) => underKey(claimable, claimKey(entryId, account)));
  return free ? undefined : 'fund/entry-claimed';
}

function linesFault(fund: OpenFund, { kind, postings }: JournalTerms): EntryRefusal | undefined {
  if (kind === 'reversal') return undefined;
  for (const line of postings) {
    const fault = accountFault(fund, kind, line) ?? purposeFault(fund, line);
    if (fault) return fault;
  }
  return undefined;
}

/** Lines of one kind: what its accounts may be, and whether money comes in on them or goes out. */
const shapes: Readonly<Record<Exclude<JournalKind, 'reversal'>, (line: Posting) => boolean>> = {
  transfer: ({ account }) => isMoneyAccount(account),
  interest: ({ account, amount }) => account === interest || (isMoneyAccount(account) && isDebit(amount)),
  fee: ({ account, amount }) => account === bankFees || (isMoneyAccount(account) && !isDebit(amount)),
  opening: ({ account }) => account === opening || isMoneyAccount(account),
  manual: () => true,
};

function accountFault(
  fund: OpenFund,
  kind: Exclude<JournalKind, 'reversal'>,
  line: Posting,
): EntryRefusal | undefined {
  const owner = ownerOf(line.account);
  if (owner === 'nobody') return 'fund/account-unknown';
  if (!shapes[kind](line)) return 'fund/account-not-of-kind';
  if (kind === 'opening') return undefined;
  if (isNewBank(fund, line.account)) return 'fund/account-unknown';
  return owner === 'documents' ? 'fund/account-of-documents' : undefined;
}

function purposeFault({ purposes }: OpenFund, { purpose }: Posting): EntryRefusal | undefined {
  return purpose === unrestricted || held(purposes, purpose) ? undefined : 'fund/purpose-unknown';
}

function isDebit(amount: MoneyJson): boolean {
  return money(amount).minor > 0n;
}

function isNewBank({ bankAccounts }: OpenFund, account: string): boolean {
  return account !== 'cash' && isMoneyAccount(account) && !bankAccounts.includes(account);
}

function newAccounts(fund: OpenFund, postings: readonly Posting[]): readonly FundEvent[] {
  const named = new Set(postings.map(({ account }) => account));
  return [...named]
    .filter((account) => isNewBank(fund, account))
    .map((account) => ({ type: 'AccountOpened', data: { account, by: 'person' } }));
}

function assertBalanced({ journalId, postings }: PostJournal): void {
  const sums = new Map<string, bigint>();
  for (const { purpose, amount } of postings) {
    const key = `${purpose} ${amount.currency}`;
    sums.set(key, (sums.get(key) ?? 0n) + money(amount).minor);
  }
  if (postings.length === 0 || [...sums.values()].some((sum) => sum !== 0n))
    throw new InvariantViolation(`journal ${journalId} does not balance`);
}
