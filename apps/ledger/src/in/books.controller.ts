import { Controller, Get, Inject, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { dateInZone, fundZone } from '#kernel/dates.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { roles, type Caller } from '#kernel/roles.js';
import type { Clock } from '#platform/clock.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted, fundsGranted } from '#platform/http/caller.js';
import { IdParam } from '#platform/http/fields.js';
import type { Language } from '#platform/http/language.js';
import { decodeCursor, PageQuery, pageOf, type Page } from '#platform/http/paging.http.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { AlsoAsFile, AskedIn, fileOf, isFile } from '#platform/tabular/table-files.js';
import { CLOCK } from '#platform/tokens.js';
import { FUNDS, type Funds } from '../funds.js';
import { byAccount, byPurpose } from '../read/balances/balance-views.js';
import type { BalanceAnswer } from '../read/balances/balances.query.js';
import { BooksQuery } from '../read/books.query.js';
import { CHART, type ChartRow } from '../read/chart/chart.js';
import type { FundRow } from '../read/funds/funds.projection.js';
import { trialBalance, trialTotals } from '../read/trial-balance/trial-balance.js';
import {
  BalancesQuery,
  EntriesQuery,
  entryNumberOf,
  entryView,
  moneyed,
  purposeBalanceView,
  TrialBalanceQuery,
  trialLineView,
  type BalancesView,
  type EntryView,
  type StandsAt,
  type TrialBalanceView,
} from './books.http.js';
import { ledgerAnswers } from './ledger.http.js';
import { openedFund } from './opened-fund.js';
import { balanceTable, trialBalanceTable } from './book-tables.js';

/** A fund as lists tell it. */
export interface FundListItem {
  readonly fundId: string;
  readonly code: string;
  readonly level: string;
  readonly name: { readonly vi: string; readonly en: string };
  readonly parentFundId: string | null;
  readonly openedOn: string;
  readonly currency: string;
}

/** What the books say: read only, from the read models. */
@ApiTags('books')
@Controller('v1')
@Refuses(ledgerAnswers)
export class BooksController {
  constructor(
    @Inject(FUNDS) private readonly streams: Funds,
    @Inject(BooksQuery) private readonly books: BooksQuery,
    @Inject(CHART) private readonly chart: readonly ChartRow[],
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The funds that the caller has a role on, in order of their codes. */
  @Get('funds')
  @Allow(...roles)
  @ApiOperation({ summary: 'The funds that you have a role on, in order of their codes' })
  async funds(@Query() query: PageQuery, @AskedBy() caller: Caller): Promise<Page<FundListItem>> {
    const [after] = decodeCursor(query.cursor, 1) ?? [];
    const limit = query.limit ?? PageQuery.defaultLimit;
    const rows = await this.books.funds(fundsGranted(caller, ...roles), after, limit);
    return pageOf(rows, limit, this.books.position(), fundListItem, ({ code }) => [code]);
  }

  /** Balances by purpose or by account, as of a date and as recorded at an instant. */
  @Get('funds/:id/balances')
  @Allow(...roles)
  @AlsoAsFile()
  @ApiOperation({ summary: 'Balances by purpose or by account, as of a date and as recorded at an instant' })
  async balances(
    @IdParam('id') fundId: string,
    @Query() query: BalancesQuery,
    @AskedBy() caller: Caller,
    @AskedIn() language: Language,
  ): Promise<BalancesView | StreamableFile> {
    assertGranted(caller, fundId, ...roles);
    const { by = 'purpose', format } = query;
    const { code } = await openedFund(this.streams, fundId);
    const answer = await this.sums(fundId, query);
    const balances = await this.balancesBy(by, fundId, answer);
    const view = { ...standing(fundId, query, answer), by, balances };
    return isFile(format) ? fileOf(balanceTable(view, code), format, language) : view;
  }

  /** Opening, turnover and closing of every account; debits equal credits in each currency. */
  @Get('funds/:id/trial-balance')
  @Allow(...roles)
  @AlsoAsFile()
  @ApiOperation({ summary: 'Opening, turnover and closing of every account' })
  async trialBalance(
    @IdParam('id') fundId: string,
    @Query() query: TrialBalanceQuery,
    @AskedBy() caller: Caller,
    @AskedIn() language: Language,
  ): Promise<TrialBalanceView | StreamableFile> {
    assertGranted(caller, fundId, ...roles);
    const { regime, code } = await openedFund(this.streams, fundId);
    const answer = await this.sums(fundId, query);
    const lines = trialBalance(answer.sums);
    const date = query.asOf ?? dateInZone(this.clock.now().toISOString(), fundZone);
    const view: TrialBalanceView = {
      ...standing(fundId, query, answer),
      from: query.from ?? null,
      accountNumbers: 'to be confirmed by the chief accountant',
      lines: lines.map((line) => trialLineView(line, this.chart, regime, date)),
      totals: trialTotals(lines).map(moneyed),
    };
    const { format } = query;
    return isFile(format) ? fileOf(trialBalanceTable(view, code), format, language) : view;
  }

  /** Entries of a fund, the newest number first. */
  @Get('funds/:id/entries')
  @Allow(...roles)
  @ApiOperation({ summary: 'Entries, the newest number first, by date, purpose, account, donation or words' })
  async entries(
    @IdParam('id') fundId: string,
    @Query() query: EntriesQuery,
    @AskedBy() caller: Caller,
  ): Promise<Page<EntryView>> {
    assertGranted(caller, fundId, ...roles);
    const { cursor, limit = PageQuery.defaultLimit, q, ...filters } = query;
    const filter = { fundId, ...filters, ...(q === undefined ? {} : { words: q }) };
    const rows = await this.books.entries(filter, entryNumberOf(cursor), limit);
    return pageOf(rows, limit, this.books.position(), entryView, (row) => [String(row.entry_number)]);
  }

  /** One entry with its lines. */
  @Get('entries/:id')
  @Allow(...roles)
  @ApiOperation({ summary: 'One entry with its lines' })
  async entry(@Param('id') entryId: string, @AskedBy() caller: Caller): Promise<EntryView> {
    const row = await this.books.entry(entryId);
    if (!row) throw new DomainRefusal('ledger/entry-unknown');
    assertGranted(caller, row.fund_id, ...roles);
    return entryView(row);
  }

  private async balancesBy(
    by: 'purpose' | 'campaign' | 'account',
    fundId: string,
    { sums }: BalanceAnswer,
  ): Promise<BalancesView['balances']> {
    if (by === 'account') return byAccount(sums).map(moneyed);
    const purposes = await this.books.purposes(fundId);
    const balances = byPurpose(sums).map((balance) => purposeBalanceView(balance, purposes));
    return by === 'purpose' ? balances : balances.filter(({ campaignId }) => campaignId !== null);
  }

  private async sums(fundId: string, query: TrialBalanceQuery): Promise<BalanceAnswer> {
    this.assertTimes(query);
    const { asOf, from, recordedAt } = query;
    return this.books.sums({
      fundId,
      ...(asOf === undefined ? {} : { asOf }),
      ...(from === undefined ? {} : { from }),
      ...(recordedAt === undefined ? {} : { recordedAt }),
    });
  }

  private assertTimes({ asOf, from, recordedAt }: TrialBalanceQuery): void {
    if (recordedAt !== undefined && Date.parse(recordedAt) > this.clock.now().getTime())
      throw new DomainRefusal('ledger/recorded-in-future');
    if (asOf !== undefined && from !== undefined && from > asOf)
      throw new RequestFault('http/invalid', {
        fields: [{ field: 'from', reason: 'must not be after asOf' }],
      });
  }
}

function standing(
  fundId: string,
  { asOf, recordedAt }: BalancesQuery,
  { position }: BalanceAnswer,
): StandsAt {
  return { fundId, asOf: asOf ?? null, recordedAt: recordedAt ?? null, position };
}

function fundListItem(row: FundRow): FundListItem {
  return {
    fundId: row.fund_id,
    code: row.code,
    level: row.level,
    name: { vi: row.name_vi, en: row.name_en },
    parentFundId: row.parent_fund_id,
    openedOn: row.opened_on,
    currency: row.currency,
  };
}
