import type { LocalDate } from '#kernel/dates.js';
import { moneyJson, type Currency, type MoneyJson } from '#kernel/money.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';

/** Why a statement's rows do not add up at all. */
export type ChainRefusal = 'statement/too-many-breaks' | 'statement/other-order';

/** A row as the chain of balances sees it; sums are minor units of the statement's currency, never negative but `balance`. */
export interface StatementRow {
  /** Line of the file on which the row begins; the first line is 1. */
  readonly line: number;
  readonly date: LocalDate;
  readonly debit: bigint;
  readonly credit: bigint;
  /** What the bank says the account stands at after the row. */
  readonly balance: bigint;
}

/** A row whose balance does not follow from the one before it and its own movement. */
export interface BalanceBreak {
  readonly line: number;
  readonly date: LocalDate;
  /** The balance before, plus credit, minus debit. */
  readonly expected: MoneyJson;
  /** The balance that stands there. */
  readonly found: MoneyJson;
  /** Found minus expected: money that came (positive) or went (negative) without a row that says so. */
  readonly difference: MoneyJson;
}

/** What a statement adds up to: opening + credits − debits + Σ differences of its breaks = closing. */
export interface ControlTotals {
  readonly rows: number;
  readonly opening: MoneyJson;
  readonly closing: MoneyJson;
  readonly credits: MoneyJson;
  readonly debits: MoneyJson;
  /** In the order of their lines. */
  readonly breaks: readonly BalanceBreak[];
  /** The earliest and the latest date of its rows. */
  readonly firstOn: LocalDate;
  readonly lastOn: LocalDate;
}

/** The totals of the rows counted so far, so that a million of them need not be held at once. */
export interface RunningTotals {
  readonly currency: Currency;
  readonly rows: number;
  readonly opening: bigint;
  readonly balance: bigint;
  readonly credits: bigint;
  readonly debits: bigint;
  readonly breaks: readonly BalanceBreak[];
  /** What the balance before the row counted last was by its own amount. */
  readonly before: bigint;
  /** Rows that do not follow from the one after them, as they all do where the newest stands first. */
  readonly breaksBackwards: number;
  readonly firstOn?: LocalDate;
  readonly lastOn?: LocalDate;
}

/** More breaks than this are no flaws but another order of rows or another column. */
const breaksMax = 500;

/** Nothing counted yet. */
export function noRows(currency: Currency): RunningTotals {
  const sums = { opening: 0n, balance: 0n, credits: 0n, debits: 0n, before: 0n };
  return { currency, rows: 0, ...sums, breaks: [], breaksBackwards: 0 };
}

/**
 * Counts the next row, in the order in which the bank booked them. The first one's balance tells the opening; the chain
 * goes on from the balance found, so that one flaw is one break. Refuses more than 500 breaks.
 */
export function countRow(totals: RunningTotals, row: StatementRow): RunningTotals {
  const movement = row.credit - row.debit;
  const before = totals.rows === 0 ? startingAt(totals, row, row.balance - movement) : totals;
  const broken = breakAt(row, before.balance + movement, totals.currency);
  return {
    ...before,
    rows: before.rows + 1,
    balance: row.balance,
    credits: before.credits + row.credit,
    debits: before.debits + row.debit,
    breaks: broken ? withBreak(before.breaks, broken) : before.breaks,
    before: row.balance - movement,
    breaksBackwards: before.breaksBackwards + (row.balance === before.before ? 0 : 1),
    firstOn: before.firstOn !== undefined && before.firstOn < row.date ? before.firstOn : row.date,
    lastOn: before.lastOn !== undefined && before.lastOn > row.date ? before.lastOn : row.date,
  };
}

/** Refuses rows of which far more follow from each other the other way round: each would leave money that no row explains. */
export function assertBookingOrder({ breaks, breaksBackwards }: RunningTotals): void {
  const [first] = breaks;
  if (first && breaksBackwards * 2 < breaks.length) refuse('statement/other-order', { line: first.line });
}

/** What the counted rows add up to; throws `InvariantViolation` when none was counted. */
export function controlTotals(totals: RunningTotals): ControlTotals {
  const { currency, rows, opening, balance, credits, debits, breaks, firstOn, lastOn } = totals;
  if (firstOn === undefined || lastOn === undefined)
    throw new InvariantViolation('a statement without rows has no totals');
  const sum = (minor: bigint): MoneyJson => moneyJson({ minor, currency });
  return {
    ...{ rows, opening: sum(opening), closing: sum(balance), credits: sum(credits), debits: sum(debits) },
    ...{ breaks, firstOn, lastOn },
  };
}

function startingAt(totals: RunningTotals, first: StatementRow, opening: bigint): RunningTotals {
  // Nothing stands before the first row that it could break with.
  return { ...totals, opening, balance: opening, before: first.balance };
}

function withBreak(breaks: readonly BalanceBreak[], broken: BalanceBreak): readonly BalanceBreak[] {
  const [first] = breaks;
  if (first && breaks.length === breaksMax)
    refuse('statement/too-many-breaks', { line: first.line, breaksMax });
  return [...breaks, broken];
}

function breakAt(
  { line, date, balance }: StatementRow,
  expected: bigint,
  currency: Currency,
): BalanceBreak | undefined {
  if (balance === expected) return undefined;
  const sum = (minor: bigint): MoneyJson => moneyJson({ minor, currency });
  return {
    ...{ line, date, expected: sum(expected), found: sum(balance) },
    difference: sum(balance - expected),
  };
}

function refuse(code: ChainRefusal, details: Readonly<Record<string, number>>): never {
  throw new DomainRefusal(code, details);
}
