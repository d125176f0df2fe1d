import type { LocalDate } from '#kernel/dates.js';
import { isMinorAmount, type MoneyJson } from '#kernel/money.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Bilingual, FundEvent, FundLevel, FundOpened } from './fund.events.js';
import type { FundState } from './fund.state.js';
import { isMoneyAccount, openingLines, unrestricted } from './postings.policy.js';

/** Why a fund is not opened as it was entered. */
export type FoundingRefusal =
  | 'fund/code-taken'
  | 'fund/code-malformed'
  | 'fund/district-abolished'
  | 'fund/opened-in-future'
  | 'fund/opened-before-decision'
  | 'fund/parent-unknown'
  | 'fund/parent-not-above'
  | 'fund/account-malformed'
  | 'fund/account-twice'
  | 'fund/purpose-code-taken'
  | 'fund/opening-account-unknown'
  | 'fund/opening-purpose-unknown'
  | 'fund/opening-not-positive';

/** A purpose to open; its id is made from the fund and the code, so that one code never gets two. */
export interface NewPurpose {
  readonly purpose: string;
  readonly code: string;
  readonly name: Bilingual;
}

/** Opens a fund with its chart, its purposes and what it holds on its first day. */
export interface OpenFundCommand {
  readonly type: 'OpenFund';
  readonly fundId: string;
  readonly about: Omit<FundOpened['data'], 'level' | 'parentFundId'> & {
    readonly level: FundLevel | 'district';
  };
  /** The fund that it belongs under, with its level as its stream says; no level where no such fund is open. */
  readonly parent?: { readonly fundId: string; readonly level?: FundLevel };
  readonly bankAccounts: readonly string[];
  readonly purposes: readonly NewPurpose[];
  readonly openingBalances: readonly {
    readonly account: string;
    readonly purpose: string;
    readonly amount: MoneyJson;
  }[];
  /** Today's date in the fund's zone. */
  readonly today: LocalDate;
}

/** A fund's code: it stands in receipt numbers, so it has no hyphen and no lower case. */
const codeShape = /^[A-Z][A-Z0-9]{1,9}$/;

const rank = { national: 0, province: 1, commune: 2 } as const;

/** Decides the fund's first events, the opening entry among them; throws `DomainRefusal` with a {@link FoundingRefusal}. */
export function openFund(state: FundState, command: OpenFundCommand): readonly FundEvent[] {
  if (state.status === 'open') refuse('fund/code-taken', { code: command.about.code });
  const level = levelOf(command);
  assertDates(command);
  assertChart(command);
  assertOpening(command);
  const parent = command.parent === undefined ? {} : { parentFundId: command.parent.fundId };
  return [
    { type: 'FundOpened', data: { ...command.about, level, ...parent } },
    ...command.bankAccounts.map((account): FundEvent => ({
      type: 'AccountOpened',
      data: { account, by: 'person' },
    })),
    ...command.purposes.map((purpose): FundEvent => ({ type: 'PurposeOpened', data: purpose })),
    ...openingEntry(command),
  ];
}

function levelOf({ about, parent }: OpenFundCommand): FundLevel {
  if (!codeShape.test(about.code)) refuse('fund/code-malformed');
  if (about.level === 'district') refuse('fund/district-abolished');
  if (!parent) return about.level;
  if (!parent.level) refuse('fund/parent-unknown');
  if (rank[parent.level] >= rank[about.level]) refuse('fund/parent-not-above');
  return about.level;
}

function assertDates({ about, today }: OpenFundCommand): void {
  if (about.openedOn > today) refuse('fund/opened-in-future', { today });
  if (about.openedOn < about.decision.date) refuse('fund/opened-before-decision');
}

function assertChart({ bankAccounts, purposes }: OpenFundCommand): void {
  for (const account of bankAccounts)
    if (account === 'cash' || !isMoneyAccount(account)) refuse('fund/account-malformed', { account });
  if (new Set(bankAccounts).size < bankAccounts.length) refuse('fund/account-twice');
  if (new Set(purposes.map(({ code }) => code)).size < purposes.length) refuse('fund/purpose-code-taken');
}

function assertOpening({ bankAccounts, purposes, openingBalances }: OpenFundCommand): void {
  const accounts = new Set(['cash', ...bankAccounts]);
  const known = new Set([unrestricted, ...purposes.map(({ purpose }) => purpose)]);
  for (const { account, purpose, amount } of openingBalances) {
    if (!accounts.has(account)) refuse('fund/opening-account-unknown', { account });
    if (!known.has(purpose)) refuse('fund/opening-purpose-unknown', { purpose });
    if (!isMinorAmount(amount.amount) || BigInt(amount.amount) <= 0n) refuse('fund/opening-not-positive');
  }
}

function openingEntry({ fundId, about, openingBalances }: OpenFundCommand): readonly FundEvent[] {
  if (openingBalances.length === 0) return [];
  const postings = openingBalances.flatMap(
    ({ account, purpose, amount }) => openingLines(account, purpose, amount).postings,
  );
  const entryId = `opening.${fundId}`;
  const entry = { entryId, entryNumber: 1, effectiveOn: about.openedOn, postings, stock: [] };
  return [{ type: 'OpeningBalancesPosted', data: entry }];
}

function refuse(code: FoundingRefusal, details: Readonly<Record<string, string>> = {}): never {
  throw new DomainRefusal(code, details);
}
