import { Body, Controller, Post } from '@nestjs/common';
import type { CommandContext } from '#event-store/handle.js';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { donationAnswers } from './donation-refusals.js';
import { RequestRefundBody } from './donations.http.js';
import { plainMoney } from './plain.js';
import { UndoingController } from './undoing.controller.js';
import { asker, UndoingDesk, type UndoingAnswer } from './undoing-desk.js';

/** Paying a donation back: asked for by an accountant, agreed to by another person, posted by the ledger. */
@Controller('v1/donations/:id/refunds')
@Refuses(donationAnswers)
export class RefundsController extends UndoingController {
  constructor(desk: UndoingDesk) {
    super(desk, 'refund');
  }

  /** Asks for a refund of all that is left, or of `amount`. */
  @Post()
  @Allow('accountant')
  async request(
    @IdParam('id') donationId: string,
    @Body() { amount, paidFrom, reason }: RequestRefundBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<UndoingAnswer> {
    return this.desk.request(
      { donationId, caller, context, role: 'accountant' },
      reason,
      (reasonRecordId) => ({
        type: 'RequestRefund',
        refundId: context.commandId,
        ...(amount === undefined ? {} : { amount: plainMoney(amount) }),
        ...(paidFrom === undefined ? {} : { paidFrom }),
        ...asker(caller),
        reasonRecordId,
      }),
    );
  }
}
