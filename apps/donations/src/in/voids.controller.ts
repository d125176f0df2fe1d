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
import { UndoingController } from './undoing.controller.js';
import { asker, UndoingDesk, type UndoingAnswer } from './undoing-desk.js';

/** Undoing a donation that was entered wrongly: asked for, agreed to by another person, reversed by the ledger. */
@Controller('v1/donations/:id/void')
@Refuses(donationAnswers)
export class VoidsController extends UndoingController {
  constructor(desk: UndoingDesk) {
    super(desk, 'void');
  }

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
        ...asker(caller),
        reasonRecordId,
      }),
    );
  }
}
