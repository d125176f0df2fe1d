import type { LocalDate } from '#kernel/dates.js';
import { underKey } from '#kernel/keyed.js';
import { money, type MoneyJson } from '#kernel/money.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { accountingDate } from './accounting-date.policy.js';
import type { BankItem } from './bank-item.events.js';
import type { FundEvent } from './fund.events.js';
import type { OpenFund } from './fund.state.js';
import { bankMoved, isMoneyAccount, openingLines, unrestricted, type Lines } from './postings.policy.js';
import { shortfall } from './shortfall.policy.js';

/**
 * An accountant confirmed a bank's statement; from a message. The bank account exists from now on, and `openingEntry` is
 * what stood on it before the first row and the books do not know.
 */
export interface PostStatement {
  readonly type: 'PostStatement';
  readonly statementId: string;
  readonly account: string;
  readonly openingEntry?: { readonly amount: MoneyJson; readonly effectiveOn: LocalDate };
  /** When it was confirmed (RFC 3339). */
  readonly toldAt: string;
}

/** Posts a movement of a bank account that is no donation; from a message. */
export interface PostBankItem {
  readonly type: 'PostBankItem';
  readonly item: BankItem;
  /** When it was recorded (RFC 3339). */
  readonly toldAt: string;
}

/** Opens the bank account where it is new, and posts what stood on it; never refuses. */
export function postStatement(fund: OpenFund, command: PostStatement): readonly FundEvent[] {
  const { statementId, account, openingEntry, toldAt } = command;
  assertBank(account);
  const opened = accountOpened(fund, account);
  if (!openingEntry || openingEntry.amount.amount === '0') return opened;
  const { effectiveOn: bookedOn, amount } = openingEntry;
  const effectiveOn = accountingDate(fund, [bookedOn], toldAt);
  const posted: FundEvent = {
    type: 'OpeningBalancesPosted',
    data: {
      entryId: `opening.${statementId}`,
      entryNumber: fund.lastEntryNumber + 1,
      effectiveOn,
      ...openingOf(fund, account, amount),
      ...(bookedOn === effectiveOn ? {} : { bookedOn }),
    },
  };
  return [...opened, posted];
}

/** Posts what the bank says happened; never refuses, even where the account is then below zero in the books. */
export function postBankItem(fund: OpenFund, { item, toldAt }: PostBankItem): readonly FundEvent[] {
  const { bankItemId, account, kind, amount, bookedOn } = item;
  assertBank(account);
  const { minor } = money(amount);
  if (minor === 0n || (kind === 'debit' && minor > 0n))
    throw new InvariantViolation(`bank item ${bankItemId} moves nothing, or the wrong way`);
  if (underKey(fund.bankItems, bankItemId)) throw new InvariantViolation(`bank item ${bankItemId} is posted`);
  const posted: FundEvent = {
    type: 'BankItemPosted',
    data: {
      entryId: `bank-item.${bankItemId}`,
      entryNumber: fund.lastEntryNumber + 1,
      effectiveOn: accountingDate(fund, [bookedOn], toldAt),
      ...bankMoved(account, amount),
      item,
    },
  };
  return [...accountOpened(fund, account), posted];
}

/** A bank account that money moves on exists, whoever forgot to name it. */
export function accountOpened({ bankAccounts }: OpenFund, account: string): readonly FundEvent[] {
  if (account === 'cash' || bankAccounts.includes(account)) return [];
  return [{ type: 'AccountOpened', data: { account, by: 'arrival' } }];
}

// What the bank has less than the books may be spent already; then it is for a person to say where it went.
function openingOf(fund: OpenFund, account: string, amount: MoneyJson): Lines {
  const lines = openingLines(account, unrestricted, amount);
  return shortfall(fund, lines)?.code === 'fund/short' ? bankMoved(account, amount) : lines;
}

function assertBank(account: string): void {
  if (account === 'cash' || !isMoneyAccount(account))
    throw new InvariantViolation(`${account} is no bank account`);
}
