import { Controller, Get, Inject, Query, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { roles, type Caller } from '#kernel/roles.js';
import { assertTimes } from '#platform/as-recorded.js';
import type { Clock } from '#platform/clock.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted } from '#platform/http/caller.js';
import { IdParam } from '#platform/http/fields.js';
import type { Language } from '#platform/http/language.js';
import { PageQuery } from '#platform/http/paging.http.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { AlsoAsFile, AskedIn, fileOf, isFile } from '#platform/tabular/table-files.js';
import { tableRowsMax } from '#platform/tabular/table.js';
import { CLOCK } from '#platform/tokens.js';
import { FUNDS, type Funds } from '../funds.js';
import { BooksQuery } from '../read/books.query.js';
import { ledgerAnswers } from './ledger.http.js';
import {
  BankBookQuery,
  CashBookQuery,
  moneyBookColumns,
  moneyBookLines,
  moneyBookName,
  moneyBookView,
  placeOf,
  type MoneyBookView,
} from './money-books.http.js';
import { openedFund } from './opened-fund.js';
import { present } from './plain.js';

/** Two lines of a file are no entries. */
const entriesOfFileMax = tableRowsMax - 2;

/** The books of money: cash, and each bank account. */
@ApiTags('books')
@Controller('v1/funds/:id')
@Refuses(ledgerAnswers)
export class MoneyBooksController {
  constructor(
    @Inject(FUNDS) private readonly funds: Funds,
    @Inject(BooksQuery) private readonly books: BooksQuery,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The cash book of a period: opening, every entry with the balance after it, closing. */
  @Get('cash-book')
  @Allow(...roles)
  @AlsoAsFile()
  @ApiOperation({ summary: 'The cash book: opening, every entry with the balance after it, closing' })
  async cashBook(
    @IdParam('id') fundId: string,
    @Query() query: CashBookQuery,
    @AskedBy() caller: Caller,
    @AskedIn() language: Language,
  ): Promise<MoneyBookView | StreamableFile> {
    assertGranted(caller, fundId, ...roles);
    return this.book(fundId, 'cash', query, language);
  }

  /** The book of a bank account in a period: opening, every entry with the balance after it, closing. */
  @Get('bank-book')
  @Allow(...roles)
  @AlsoAsFile()
  @ApiOperation({
    summary: 'The book of a bank account: opening, every entry with the balance after it, closing',
  })
  async bankBook(
    @IdParam('id') fundId: string,
    @Query() { account, ...query }: BankBookQuery,
    @AskedBy() caller: Caller,
    @AskedIn() language: Language,
  ): Promise<MoneyBookView | StreamableFile> {
    assertGranted(caller, fundId, ...roles);
    return this.book(fundId, account, query, language);
  }

  private async book(
    fundId: string,
    account: string,
    query: CashBookQuery,
    language: Language,
  ): Promise<MoneyBookView | StreamableFile> {
    assertTimes(query, this.clock.now());
    const about = await openedFund(this.funds, fundId);
    const { from, to, recordedAt, format, currency = about.currency } = query;
    const question = { fundId, account, currency, ...present({ from, to, recordedAt }) };
    if (isFile(format)) {
      const book = await this.books.moneyBook({ ...question, limit: entriesOfFileMax });
      const rows = moneyBookLines(book, currency);
      const name = moneyBookName(question, about.code, book);
      return fileOf({ name, columns: moneyBookColumns, rows }, format, language);
    }
    const { cursor, limit = PageQuery.defaultLimit } = query;
    const book = await this.books.moneyBook({ ...question, ...present({ after: placeOf(cursor) }), limit });
    return moneyBookView(question, book, limit);
  }
}
