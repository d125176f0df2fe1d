import { Controller, Get, Inject, Query, type StreamableFile } from '@nestjs/common';
import type { ReceiptBookRefusal } from '#domain/receipt-book/receipt-book.decide.js';
import type { OpenReceiptBook } from '#domain/receipt-book/receipt-book.state.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { roles, type Caller } from '#kernel/roles.js';
import { assertTimes } from '#platform/as-recorded.js';
import type { Clock } from '#platform/clock.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted } from '#platform/http/caller.js';
import { IdParam } from '#platform/http/fields.js';
import type { Language } from '#platform/http/language.js';
import { pageOf, PageQuery } from '#platform/http/paging.http.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { AlsoAsFile, AskedIn, fileName, fileOf, isFile } from '#platform/tabular/table-files.js';
import { tableRowsMax } from '#platform/tabular/table.js';
import { CLOCK } from '#platform/tokens.js';
import { RECEIPT_BOOKS, type ReceiptBooks } from '../handlers.js';
import { ReceiptRegisterQuery } from '../read/receipt-register/receipt-register.query.js';
import { bookStreamOf } from '../streams.js';
import { receiptAnswers } from './receipt-refusals.js';
import {
  RegisterPeriodQuery,
  registerColumns,
  registerItem,
  revisionOf,
  type ReceiptRegisterView,
} from './receipt-register.http.js';

/** A fund's register of receipts: every number in order, with what became void. */
@Controller('v1/funds/:id/receipt-register')
@Refuses(receiptAnswers)
export class ReceiptRegisterController {
  constructor(
    @Inject(RECEIPT_BOOKS) private readonly books: ReceiptBooks,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly register: ReceiptRegisterQuery,
  ) {}

  /** Every receipt number of a period in order, void or in force, as recorded at an instant. */
  @Get()
  @Allow(...roles)
  @AlsoAsFile()
  async show(
    @IdParam('id') fundId: string,
    @Query() query: RegisterPeriodQuery,
    @AskedBy() caller: Caller,
    @AskedIn() language: Language,
  ): Promise<ReceiptRegisterView | StreamableFile> {
    assertGranted(caller, fundId, ...roles);
    const { cursor, format, limit = PageQuery.defaultLimit, ...period } = query;
    assertTimes(period, this.clock.now());
    const { zone, code } = (await this.opened(fundId)).fund;
    const question = { fundId, zone, ...period };
    if (isFile(format)) {
      const { position, lines: rows } = await this.register.answer({ ...question, limit: tableRowsMax });
      const name = fileName(position, 'receipt-register', code, period.from, period.to);
      return fileOf({ name, columns: registerColumns, rows }, format, language);
    }
    const after = revisionOf(cursor);
    const page = { ...question, limit, ...(after === undefined ? {} : { after }) };
    const { position, lines } = await this.register.answer(page);
    const { from = null, to = null, recordedAt = null } = period;
    return {
      ...{ fundId, from, to, recordedAt },
      ...pageOf(lines, limit, position, registerItem, ({ bookRevision }) => [String(bookRevision)]),
    };
  }

  private async opened(fundId: string): Promise<OpenReceiptBook> {
    const { state } = await this.books.load(bookStreamOf(fundId));
    if (state.status === 'none') throw new DomainRefusal<ReceiptBookRefusal>('receipt-book/not-found');
    return state;
  }
}
