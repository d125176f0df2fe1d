import { Body, Post } from '@nestjs/common';
import type { CommandContext } from '#event-store/handle.js';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import { ReasonBody } from './pledges.http.js';
import type { UndoingAnswer, UndoingDesk } from './undoing-desk.js';

/** What a refund and a void have alike once it was asked for: a second person's answer, or taking it back. */
export abstract class UndoingController {
  constructor(
    protected readonly desk: UndoingDesk,
    private readonly kind: 'refund' | 'void',
  ) {}

  /** A second person's yes; the ledger is asked next. */
  @Post(':undoingId/approval')
  @Allow('approver')
  async approve(
    @IdParam('id') donationId: string,
    @IdParam('undoingId') undoingId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<UndoingAnswer> {
    return this.desk.approve({ donationId, caller, context, role: 'approver' }, this.kind, undoingId);
  }

  /** A second person's no. */
  @Post(':undoingId/rejection')
  @Allow('approver')
  async reject(
    @IdParam('id') donationId: string,
    @IdParam('undoingId') undoingId: string,
    @Body() { reason }: ReasonBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<UndoingAnswer> {
    return this.desk.reject({ donationId, caller, context, role: 'approver' }, this.kind, undoingId, reason);
  }

  /** Taken back by the person who asked, before anyone approved. */
  @Post(':undoingId/withdrawal')
  @Allow('accountant')
  async withdraw(
    @IdParam('id') donationId: string,
    @IdParam('undoingId') undoingId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<UndoingAnswer> {
    return this.desk.withdraw({ donationId, caller, context, role: 'accountant' }, this.kind, undoingId);
  }
}
