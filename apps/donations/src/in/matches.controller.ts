import { Body, Controller, Post } from '@nestjs/common';
import type { CommandContext } from '#event-store/handle.js';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { donationAnswers } from './donation-refusals.js';
import { donorAnswers } from './donor-refusals.js';
import { MatchDesk, type MatchAnswer } from './match-desk.js';
import { MatchBody } from './matches.http.js';
import { ReasonBody } from './pledges.http.js';

/** Saying whose a donation is, or what it answers: an accountant matches it, the ledger moves it, receipts follow. */
@Controller('v1/donations/:id/matches')
@Refuses({ ...donationAnswers, ...donorAnswers })
export class MatchesController {
  constructor(private readonly desk: MatchDesk) {}

  /** Matches the donation to a donor, a campaign, a purpose or a pledge. */
  @Post()
  @Allow('accountant')
  async match(
    @IdParam('id') donationId: string,
    @Body() body: MatchBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<MatchAnswer> {
    return this.desk.match({ donationId, caller, context }, body);
  }

  /** Takes the donation's last match back: it is again what it was before. */
  @Post(':matchId/undoing')
  @Allow('accountant')
  async undo(
    @IdParam('id') donationId: string,
    @IdParam('matchId') matchId: string,
    @Body() { reason }: ReasonBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<MatchAnswer> {
    return this.desk.undo({ donationId, caller, context }, matchId, reason);
  }
}
