import { Body, Controller, Get, HttpCode, Param, Post, StreamableFile } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import type { CommandContext } from '#event-store/handle.js';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { CommandOf } from '#platform/http/command-of.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { IssuedReceipts } from '../issued-receipts.js';
import { PdfDesk } from './pdf-desk.js';
import { receiptOf } from './receipt-of.js';
import { receiptAnswers } from './receipt-refusals.js';
import { ReissueBody, ResendBody } from './receipts.http.js';
import { ReissueDesk } from './reissue-desk.js';
import { ResendDesk } from './resend-desk.js';

/** Who may see the payer's name and address on a receipt. */
const pdfReaders = ['administrator', 'accountant', 'cashier', 'approver', 'auditor'] as const;
const senders = ['accountant', 'cashier'] as const;

/** A mail that was asked for. */
export interface ResendView {
  readonly number: string;
  readonly messageId: string;
}

/** The receipt that replaces another. */
export interface ReissueView {
  readonly number: string;
  readonly replaces: string;
  readonly fundId: string;
  readonly donationId: string;
}

/** Receipts on paper and by mail: showing them, sending them again, replacing them. */
@Controller('v1/receipts/:number')
@Refuses(receiptAnswers)
export class ReceiptCopiesController {
  constructor(
    private readonly issuedReceipts: IssuedReceipts,
    private readonly pdfs: PdfDesk,
    private readonly resends: ResendDesk,
    private readonly reissues: ReissueDesk,
  ) {}

  /** The PDF; made now if nobody asked for it before. */
  @Get('pdf')
  @Allow(...pdfReaders)
  @ApiProduces('application/pdf')
  async pdf(@Param('number') number: string, @AskedBy() caller: Caller): Promise<StreamableFile> {
    const receipt = await receiptOf(this.issuedReceipts, number, caller, pdfReaders);
    const bytes = await this.pdfs.pdf(receipt, caller.staffId);
    return new StreamableFile(bytes, {
      type: 'application/pdf',
      disposition: `inline; filename="${number}.pdf"`,
    });
  }

  /** Mails the same PDF anew. */
  @Post('resends')
  @HttpCode(202)
  @Allow(...senders)
  async resend(
    @Param('number') number: string,
    @Body() body: ResendBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<ResendView> {
    const receipt = await receiptOf(this.issuedReceipts, number, caller, senders);
    return { number, messageId: await this.resends.resend(receipt, body, context) };
  }

  /** Voids the receipt and issues the next number in its place. */
  @Post('reissues')
  @Allow('accountant')
  async reissue(
    @Param('number') number: string,
    @Body() body: ReissueBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<ReissueView> {
    const receipt = await receiptOf(this.issuedReceipts, number, caller, ['accountant']);
    const issued = await this.reissues.reissue(receipt, body, context);
    return {
      number: issued.number,
      replaces: number,
      fundId: issued.fundId,
      donationId: issued.donation.donationId,
    };
  }
}
