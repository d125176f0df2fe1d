import type { BalanceBreak, ControlTotals } from '#domain/statement/control-totals.policy.js';
import { doubtsOf } from '#domain/statement/confirmation.decide.js';
import type {
  EnteredDonations,
  ForeseenCampaign,
  ForeseenRows,
  ImportedRows,
  LaterOpening,
  OpeningEntry,
  OtherHalf,
  SameFile,
  StatementDoubt,
  StatementUploaded,
} from '#domain/statement/statement.events.js';
import type { StatementState } from '#domain/statement/statement.state.js';
import { minus, money, moneyJson, type MoneyJson } from '#kernel/money.js';
import type { StatementProgress } from '../read/statement/statement.query.js';

/** What a statement adds up to and what its rows would become, as things stood when it was uploaded. */
export interface StatementPreview {
  /** Rows of the file. */
  readonly rows: number;
  readonly firstOn: string;
  readonly lastOn: string;
  /** opening + credits − debits + the differences of the breaks = closing. */
  readonly opening: MoneyJson;
  readonly credits: MoneyJson;
  readonly debits: MoneyJson;
  readonly closing: MoneyJson;
  /** Lines whose balance does not follow from the one before, each with the money that no row explains. */
  readonly breaks: readonly BalanceBreak[];
  /** What the books say that the account stood at before the first row. */
  readonly bookBalance: MoneyJson;
  /** Opening less book balance: zero, or an opening entry is needed. */
  readonly openingDifference: MoneyJson;
  readonly willRecord: {
    readonly donations: number;
    readonly debits: number;
    readonly unexplained: number;
  };
  /** Rows and unexplained balances that are recorded already. */
  readonly known: number;
  /** Donations whose memo names a campaign. */
  readonly campaigns: readonly ForeseenCampaign[];
  /** Donations whose memo names a campaign that did not receive then or there, or several: into suspense. */
  readonly misdirected: number;
  /** The entry to reverse first, where it has the money of new rows in it already. */
  readonly laterOpening?: LaterOpening;
  /** What the books would then say beyond the closing balance: money that they have and the bank has not told. */
  readonly closingDifference?: MoneyJson;
  /** Donations entered by hand that new rows may say again. */
  readonly entered?: EnteredDonations;
  /** Rows that say what own transfers, refunds or journals moved already: recorded as bank items to be claimed; twenty at most are named. */
  readonly otherHalves?: ShownHalves;
  /** Another statement with the very same rows, named where it is of this fund. */
  readonly sameFile?: Partial<Omit<SameFile, 'fundId'>>;
  /** What the confirmation has to name as seen. */
  readonly doubts: readonly StatementDoubt[];
  /** What a person should look at before confirming, as codes. */
  readonly warnings: readonly StatementWarning[];
}

/** Rows whose money the books have already. */
export interface ShownHalves {
  readonly count: number;
  readonly first: readonly Omit<OtherHalf, 'rowId'>[];
}

/** Why a person should look twice. */
export type StatementWarning =
  | StatementDoubt
  | 'closing-differs'
  | 'own-transfers'
  | 'balances-broken'
  | 'opening-differs'
  | 'opening-below-books'
  | 'before-opening-entry'
  | 'nothing-new'
  | 'partly-known'
  | 'misdirected';

/** A statement as it stands now. */
export interface StatementView {
  readonly statementId: string;
  readonly fundId: string;
  readonly account: string;
  /** `uploaded`, `confirmed` (its rows are being recorded), `imported` or `discarded`. */
  readonly status: Exclude<StatementState['status'], 'none'>;
  /** Name of the profile that the file was read by. */
  readonly profile: string;
  readonly uploadedBy: string;
  readonly preview: StatementPreview;
  /** Once it is confirmed. */
  readonly openingEntry?: OpeningEntry;
  /** How far its rows are; absent until it is confirmed. */
  readonly progress?: ShownProgress;
  /** What its rows became, once all are recorded. */
  readonly imported?: ImportedRows;
}

/** How far the rows of a confirmed statement are. */
export interface ShownProgress extends StatementProgress {
  /** Donations and bank items that there will be, as foreseen when it was uploaded until all are recorded. */
  readonly expected: number;
  /** Whether every row is recorded and posted, and every donation has its receipt number. */
  readonly complete: boolean;
}

/** What is told of an upload before anybody confirms it. */
export function previewOf({ fundId, totals, foreseen }: StatementUploaded['data']): StatementPreview {
  const { donations, debits, unexplained, known, campaigns, misdirected, bookBalance } = foreseen;
  const { laterOpening, closingDifference, entered, otherHalves, sameFile } = foreseen;
  const difference = minus(money(totals.opening), money(bookBalance));
  return {
    ...totals,
    bookBalance,
    openingDifference: moneyJson(difference),
    willRecord: { donations, debits, unexplained },
    ...{ known, campaigns, misdirected },
    ...(laterOpening && { laterOpening }),
    ...(closingDifference && { closingDifference }),
    ...(entered && { entered }),
    ...(otherHalves && { otherHalves: shownHalves(otherHalves) }),
    ...(sameFile && { sameFile: shownFile(sameFile, fundId) }),
    doubts: doubtsOf(foreseen),
    warnings: warningsOf(totals, foreseen, difference.minor),
  };
}

const halvesShownMax = 20;

function shownHalves(halves: readonly OtherHalf[]): ShownHalves {
  const first = halves.slice(0, halvesShownMax).map(({ rowId: _rowId, ...half }) => half);
  return { count: halves.length, first };
}

/** Another fund's statements are nobody's business here. */
function shownFile({ fundId, statementId, account }: SameFile, ownFundId: string) {
  return fundId === ownFundId ? { statementId, account } : {};
}

function warningsOf(
  totals: ControlTotals,
  foreseen: ForeseenRows,
  difference: bigint,
): readonly StatementWarning[] {
  const { donations, debits, unexplained, known, misdirected } = foreseen;
  const fresh = donations + debits + unexplained;
  const all: readonly (readonly [StatementWarning, boolean])[] = [
    ['nothing-new', fresh === 0],
    ['partly-known', fresh > 0 && known > 0],
    ['balances-broken', totals.breaks.length > 0],
    ['opening-differs', difference > 0n],
    ['opening-below-books', difference < 0n],
    ['before-opening-entry', foreseen.laterOpening !== undefined],
    ['closing-differs', foreseen.closingDifference !== undefined],
    ['own-transfers', foreseen.otherHalves !== undefined],
    ['misdirected', misdirected > 0],
  ];
  return [...all.flatMap(([warning, holds]) => (holds ? [warning] : [])), ...doubtsOf(foreseen)];
}

/** What the API shows of a statement; `progress` is asked for where there is any. */
export function statementView(
  state: Exclude<StatementState, { readonly status: 'none' }>,
  progress: StatementProgress | undefined,
): StatementView {
  const { statementId, fundId, account, profile, uploadedBy } = state.upload;
  const imported = state.status === 'imported' ? state.rows : undefined;
  const openingEntry = 'openingEntry' in state ? state.openingEntry : undefined;
  return {
    ...{ statementId, fundId, account, status: state.status, profile: profile.name, uploadedBy },
    preview: previewOf(state.upload),
    ...(openingEntry && { openingEntry }),
    ...(progress && { progress: shownProgress(state.upload, progress, imported) }),
    ...(imported && { imported }),
  };
}

function shownProgress(
  { foreseen }: StatementUploaded['data'],
  progress: StatementProgress,
  imported: ImportedRows | undefined,
): ShownProgress {
  const { donations, debits, unexplained } = imported ?? foreseen;
  const expected = donations + debits + unexplained;
  const complete = imported !== undefined && progress.posted === expected && progress.numbered === donations;
  return { ...progress, expected, complete };
}
