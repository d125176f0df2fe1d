import { Body, Controller, Post } from '@nestjs/common';
import type { CommandContext } from '#event-store/handle.js';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { donationAnswers } from './donation-refusals.js';
import { ReasonBody } from './pledges.http.js';
import { UndoingDesk, type UndoingAnswer } from './undoing-desk.js';

/** Undoing a donation that was entered wrongly: asked for, agreed to by another person, reversed by the ledger. */
@Controller('v1/donations/:id/void')
@Refuses(donationAnswers)
export class VoidsController {
  constructor(private readonly desk: UndoingDesk) {}

  /** Says that the donation was entered wrongly. */
  @Post()
  @Allow('accountant')
  async request(
    @IdParam('id') donationId: string,
    @Body() { reason }: ReasonBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<UndoingAnswer> {
    return this.desk.request(
      { donationId, caller, context, role: 'accountant' },
      reason,
      (reasonRecordId) => ({
        type: 'RequestVoid',
        voidId: context.commandId,
        by: caller.staffId,
        reasonRecordId,
      }),
    );
  }

  /** A second person's yes; the ledger is asked next. */
  @Post(':voidId/approval')
  @Allow('approver')
  async approve(
    @IdParam('id') donationId: string,
    @IdParam('voidId') voidId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<UndoingAnswer> {
    return this.desk.approve({ donationId, caller, context, role: 'approver' }, 'void', voidId);
  }

  /** A second person's no. */
  @Post(':voidId/rejection')
  @Allow('approver')
  async reject(
    @IdParam('id') donationId: string,
    @IdParam('voidId') voidId: string,
    @Body() { reason }: ReasonBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<UndoingAnswer> {
    return this.desk.reject({ donationId, caller, context, role: 'approver' }, 'void', voidId, reason);
  }

  /** Taken back by the person who asked, before anyone approved. */
  @Post(':voidId/withdrawal')
  @Allow('accountant')
  async withdraw(
    @IdParam('id') donationId: string,
    @IdParam('voidId') voidId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<UndoingAnswer> {
    return this.desk.withdraw({ donationId, caller, context, role: 'accountant' }, 'void', voidId);
  }
}
