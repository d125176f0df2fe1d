import { minus, money, moneyJson, type MoneyJson } from '#kernel/money.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { ControlTotals } from './control-totals.policy.js';
import type {
  ForeseenRows,
  LaterOpening,
  OpeningEntry,
  OtherHalf,
  StatementDoubt,
  StatementEvent,
} from './statement.events.js';
import type { UploadedStatement } from './statement.state.js';

/** Why what a statement adds up to is not confirmed. */
export type ConfirmationRefusal =
  | 'statement/nothing-new'
  | 'statement/another-under-way'
  | 'statement/before-opening-entry'
  | 'statement/opening-below-books'
  | 'statement/opening-differs'
  | 'statement/opening-changed'
  | 'statement/closing-differs'
  | 'statement/doubts-unseen';

/** What its confirmation rests on, as things stand now. */
export interface FoundNow {
  /** What the books say the account stood at before the statement's first row, rows known from other files counted. */
  readonly bookBalance: MoneyJson;
  /** How many of its rows and unexplained balances are not recorded yet. */
  readonly newRows: number;
  /** Another statement of the account whose rows are not all in the books yet; absent where there is none. */
  readonly underWay?: string;
  /** An opening entry that has money of new rows in it; absent where there is none. */
  readonly laterOpening?: LaterOpening;
  /** By how much the books would differ from the closing balance; absent where they would not. */
  readonly closingDifference?: MoneyJson;
  /** What a person has to have seen. */
  readonly doubts: readonly StatementDoubt[];
  readonly otherHalves: readonly OtherHalf[];
}

/** What the person who confirms has seen. */
export interface SeenByPerson {
  /** The difference to the statement's opening that is to be posted as an opening entry. */
  readonly openingEntry?: MoneyJson;
  /** By how much the books will differ from the closing balance. */
  readonly closingDifference?: MoneyJson;
  readonly doubts: readonly StatementDoubt[];
}

/** An accountant's yes to the totals, and to what was doubtful about them. */
export interface ConfirmStatement {
  readonly type: 'ConfirmStatement';
  readonly found: FoundNow;
  readonly seen: SeenByPerson;
  readonly by: string;
}

/** Decides StatementConfirmed; refuses whatever was not seen as it stands now. */
export function confirmed({ upload }: UploadedStatement, command: ConfirmStatement): StatementEvent {
  const { found, seen, by: confirmedBy } = command;
  const { statementId, fundId, account, totals } = upload;
  assertMayBeEntered(found);
  const openingEntry = openingEntryOf(totals, found, seen);
  assertSeen(found, seen);
  const { doubts, otherHalves, closingDifference } = found;
  return {
    type: 'StatementConfirmed',
    data: {
      ...{ statementId, fundId, account, confirmedBy },
      ...(openingEntry && { openingEntry }),
      ...(doubts.length > 0 && { doubts }),
      ...(closingDifference && { closingDifference }),
      ...(otherHalves.length > 0 && { otherHalves }),
    },
  };
}

/** What a person has to have seen of these rows before they are entered. */
export function doubtsOf({ accountNew, sameFile, entered }: ForeseenRows): readonly StatementDoubt[] {
  const all: readonly (readonly [StatementDoubt, boolean])[] = [
    ['account-new', accountNew === true],
    ['same-file', sameFile !== undefined],
    ['entered-by-hand', entered !== undefined],
  ];
  return all.flatMap(([doubt, holds]) => (holds ? [doubt] : []));
}

function assertMayBeEntered({ underWay, newRows, laterOpening }: FoundNow): void {
  if (underWay !== undefined) refuse('statement/another-under-way', { statementId: underWay });
  if (newRows === 0) refuse('statement/nothing-new');
  // What came before an opening entry is in it: posted once more, it would be there twice.
  if (laterOpening) refuse('statement/before-opening-entry', { ...laterOpening });
}

/** Undefined where the books stand at the opening. More in the books than in the bank is an error to be found there first. */
function openingEntryOf(
  { opening, firstOn }: ControlTotals,
  { bookBalance }: FoundNow,
  { openingEntry }: SeenByPerson,
): OpeningEntry | undefined {
  const amount = minus(money(opening), money(bookBalance));
  const { currency } = opening;
  const [difference, told] = [amount.minor.toString(), { opening: opening.amount }];
  const details = { currency, ...told, bookBalance: bookBalance.amount };
  if (amount.minor < 0n) refuse('statement/opening-below-books', details);
  if (!openingEntry && amount.minor > 0n) refuse('statement/opening-differs', { ...details, difference });
  if (openingEntry && !isSame(openingEntry, moneyJson(amount)))
    refuse('statement/opening-changed', { ...details, difference });
  return amount.minor === 0n ? undefined : { amount: moneyJson(amount), effectiveOn: firstOn };
}

function assertSeen({ doubts, closingDifference }: FoundNow, seen: SeenByPerson): void {
  const unseen = doubts.filter((doubt) => !seen.doubts.includes(doubt));
  if (unseen.length > 0) refuse('statement/doubts-unseen', { doubts: unseen.join(' ') });
  if (closingDifference && !(seen.closingDifference && isSame(seen.closingDifference, closingDifference)))
    refuse('statement/closing-differs', {
      ...{ currency: closingDifference.currency, difference: closingDifference.amount },
    });
}

function isSame(one: MoneyJson, other: MoneyJson): boolean {
  return one.amount === other.amount && one.currency === other.currency;
}

function refuse(code: ConfirmationRefusal, details: Readonly<Record<string, string>> = {}): never {
  throw new DomainRefusal(code, details);
}
