import { Body, Controller, Get, Inject, Put, StreamableFile } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import type { OpenReceiptBook } from '#domain/receipt-book/receipt-book.state.js';
import type { ReceiptBookRefusal } from '#domain/receipt-book/receipt-book.decide.js';
import { receiptNumber } from '#domain/receipt-book/receipt-number.policy.js';
import type { CommandContext } from '#event-store/handle.js';
import { dateInZone, yearOf } from '#kernel/dates.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import { roles, type Caller } from '#kernel/roles.js';
import type { Clock } from '#platform/clock.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted } from '#platform/http/caller.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { CLOCK } from '#platform/tokens.js';
import { RECEIPT_BOOKS, type ReceiptBooks } from '../handlers.js';
import { PdfPress } from '../render/pdf-press.js';
import { moneyPage } from '../render/sample-pages.js';
import { bookStreamOf } from '../streams.js';
import { receiptAnswers } from './receipt-refusals.js';
import { TemplateBody, templateOf, type TemplateView } from './receipt-template.http.js';

/** How a fund's receipts look. */
@Controller('v1/funds/:id/receipt-template')
@Refuses(receiptAnswers)
export class ReceiptTemplateController {
  constructor(
    @Inject(RECEIPT_BOOKS) private readonly books: ReceiptBooks,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly press: PdfPress,
  ) {}

  /** The template that the next receipt is drawn with. */
  @Get()
  @Allow(...roles)
  async show(@IdParam('id') fundId: string, @AskedBy() caller: Caller): Promise<TemplateView> {
    assertGranted(caller, fundId, ...roles);
    const { templateVersion: version, template } = await this.opened(fundId);
    return { version, template };
  }

  /** Changes it; receipts that are drawn already keep their looks. */
  @Put()
  @Allow('administrator', 'accountant')
  async change(
    @IdParam('id') fundId: string,
    @Body() body: TemplateBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<TemplateView> {
    assertGranted(caller, fundId, 'administrator', 'accountant');
    const command = { type: 'ChangeTemplate', template: templateOf(body) } as const;
    const { events } = await this.books.command(bookStreamOf(fundId), command, context);
    const [changed] = events;
    if (changed?.type !== 'ReceiptTemplateChanged') throw new InvariantViolation('no template was changed');
    const { version, template } = changed.data;
    return { version, template };
  }

  /** A receipt of nobody with the template in force. */
  @Get('preview')
  @Allow(...roles)
  @ApiProduces('application/pdf')
  async preview(@IdParam('id') fundId: string, @AskedBy() caller: Caller): Promise<StreamableFile> {
    assertGranted(caller, fundId, ...roles);
    const { fund, template } = await this.opened(fundId);
    const issuedAt = this.clock.now().toISOString();
    const issuedOn = dateInZone(issuedAt, fund.zone);
    const book = yearOf(issuedOn);
    const number = receiptNumber(fund.code, book, '', 0);
    const page = { ...moneyPage, fund, template, number, book, issuedOn, issuedAt, receivedOn: issuedOn };
    const disposition = 'inline; filename="preview.pdf"';
    return new StreamableFile(await this.press.draw(page), { type: 'application/pdf', disposition });
  }

  private async opened(fundId: string): Promise<OpenReceiptBook> {
    const { state } = await this.books.load(bookStreamOf(fundId));
    if (state.status === 'none') throw new DomainRefusal<ReceiptBookRefusal>('receipt-book/not-found');
    return state;
  }
}
