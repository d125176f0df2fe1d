import type { LocalDate } from '#kernel/dates.js';
import type { MoneyJson } from '#kernel/money.js';
import { IsChoice, IsDay, IsId, IsInstant, IsText } from '#platform/http/fields.js';
import { decodeCursor, PageQuery } from '#platform/http/paging.http.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { IsFormat, type Format } from '#platform/tabular/table-files.js';
import type { Posting, StockMove } from '#domain/fund/entry.events.js';
import type { PurposeBalance, AccountBalance } from '../read/balances/balance-views.js';
import { officialAccount, type ChartRow } from '../read/chart/chart.js';
import type { EntryRow } from '../read/entries/entries.projection.js';
import type { PurposeRow } from '../read/purposes/purposes.projection.js';
import type { TrialLine } from '../read/trial-balance/trial-balance.js';
import { moneyOf } from './funds.http.js';

/** In which two times the books are looked at. */
class TimesQuery {
  @IsDay({ optional: true, description: 'only what counts up to this date; all when absent' })
  readonly asOf?: LocalDate;

  @IsInstant({ optional: true, description: 'only what was recorded up to this instant; all when absent' })
  readonly recordedAt?: string;

  @IsFormat()
  readonly format?: Format;
}

/** Which balances to tell. */
export class BalancesQuery extends TimesQuery {
  @IsChoice(['purpose', 'campaign', 'account'], {
    optional: true,
    description: 'purpose when absent; campaign tells only the purposes of campaigns',
  })
  readonly by?: 'purpose' | 'campaign' | 'account';
}

/** Which trial balance to tell. */
export class TrialBalanceQuery extends TimesQuery {
  @IsDay({ optional: true, description: 'first day of the turnover; all is turnover when absent' })
  readonly from?: LocalDate;
}

/** Which entries to list. */
export class EntriesQuery extends PageQuery {
  @IsDay({ optional: true, description: 'first accounting date' })
  readonly from?: string;

  @IsDay({ optional: true, description: 'last accounting date' })
  readonly to?: string;

  @IsText({ optional: true })
  readonly purpose?: string;

  @IsText({ optional: true })
  readonly account?: string;

  @IsId({ optional: true })
  readonly donation?: string;

  @IsText({ optional: true, description: 'words of organisations and things, without accents and case' })
  readonly q?: string;
}

/** What an answer about the books stands at. */
export interface StandsAt {
  readonly fundId: string;
  readonly asOf: string | null;
  readonly recordedAt: string | null;
  /** The one position that `recordedAt` (or now) was resolved to; null before the first entry. */
  readonly position: string | null;
}

/** Balances of a fund. */
export interface BalancesView extends StandsAt {
  readonly by: 'purpose' | 'campaign' | 'account';
  readonly balances: readonly (PurposeBalanceView | AccountBalanceView)[];
}

/** A purpose's balance: opening + received − returned + moved − spent + other = available + stock. */
export type PurposeBalanceView = Moneyed<Omit<PurposeBalance, 'currency'>> & {
  /** The campaign that it was opened for. */
  readonly campaignId: string | null;
  readonly code: string | null;
  readonly name: { readonly vi: string; readonly en: string } | null;
};

/** An account's balance; a debit is positive. */
export type AccountBalanceView = Moneyed<Omit<AccountBalance, 'currency'>>;

/** A trial balance of a fund. */
export interface TrialBalanceView extends StandsAt {
  readonly from: string | null;
  /** Who has yet to confirm the official numbers. */
  readonly accountNumbers: 'to be confirmed by the chief accountant';
  readonly lines: readonly TrialLineView[];
  readonly totals: readonly Moneyed<Omit<TrialLine, 'account' | 'currency'>>[];
}

/** A line of a trial balance, with the official account where the mapping knows one. */
export type TrialLineView = Moneyed<Omit<TrialLine, 'currency'>> & {
  readonly accountNo: string | null;
  readonly name: { readonly vi: string; readonly en: string } | null;
};

/** An entry of the books. */
export interface EntryView {
  readonly entryId: string;
  readonly fundId: string;
  readonly entryNumber: number;
  readonly kind: string;
  readonly effectiveOn: string;
  readonly receivedOn: string | null;
  readonly recordedAt: string;
  readonly position: string;
  readonly donationId: string | null;
  readonly reversesEntryId: string | null;
  readonly reversedBy: readonly string[];
  readonly diverted: string | null;
  readonly postings: readonly Posting[];
  readonly stock: readonly StockMove[];
}

type Moneyed<Sums> = { readonly [Name in keyof Sums]: Sums[Name] extends bigint ? MoneyJson : Sums[Name] };

/** The same members with every count of minor units as money of its `currency`. */
export function moneyed<Sums extends { readonly currency: string }>(
  sums: Sums,
): Moneyed<Omit<Sums, 'currency'>> {
  const { currency, ...members } = sums;
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? moneyOf(value, currency) : value,
    ]),
  ) as Moneyed<Omit<Sums, 'currency'>>;
}

/** A purpose's balance with the purpose's name. */
export function purposeBalanceView(
  balance: PurposeBalance,
  purposes: readonly PurposeRow[],
): PurposeBalanceView {
  const known = purposes.find(({ purpose }) => purpose === balance.purpose);
  return {
    ...moneyed(balance),
    campaignId: known?.campaign_id ?? null,
    code: known?.code ?? null,
    name: known ? { vi: known.name_vi, en: known.name_en } : null,
  };
}

/** A trial line with its official account on that date. */
export function trialLineView(
  line: TrialLine,
  chart: readonly ChartRow[],
  regime: string,
  date: string,
): TrialLineView {
  const official = officialAccount(chart, regime, line.account, date);
  return { ...moneyed(line), accountNo: official?.accountNo ?? null, name: official?.name ?? null };
}

/** The entry number that a list's cursor stands for; throws `http/invalid` for any other cursor. */
export function entryNumberOf(cursor: string | undefined): number | undefined {
  const [text] = decodeCursor(cursor, 1) ?? [];
  if (text === undefined) return undefined;
  if (/^[0-9]{1,9}$/.test(text)) return Number.parseInt(text, 10);
  throw new RequestFault('http/invalid', {
    fields: [{ field: 'cursor', reason: 'is not a cursor of this list' }],
  });
}

/** An entry as it is told. */
export function entryView(row: EntryRow): EntryView {
  const lines = JSON.parse(row.lines) as Pick<EntryView, 'postings' | 'stock'>;
  return {
    entryId: row.entry_id,
    fundId: row.fund_id,
    entryNumber: row.entry_number,
    kind: row.kind,
    effectiveOn: row.effective_on,
    receivedOn: row.received_on,
    recordedAt: row.recorded_at,
    position: `${String(row.incarnation)}.${row.number}`,
    donationId: row.donation_id,
    reversesEntryId: row.reverses_entry_id,
    reversedBy: row.reversed_by,
    diverted: row.diverted,
    ...lines,
  };
}
