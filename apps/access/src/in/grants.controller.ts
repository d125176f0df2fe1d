import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Grant } from '#domain/staff/staff.state.js';
import type { CommandContext } from '#event-store/handle.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { ACCESS, type Access } from '../access.js';
import { FundTreeQuery } from '../read/fund/fund.query.js';
import { getPerson, staffStream } from '../streams.js';
import { accessAnswers } from './access-answers.http.js';
import { assertAdministers } from './managing.js';
import { GrantBody } from './staff.http.js';

/** Gives and withdraws roles on funds. */
@ApiTags('staff')
@Controller('v1/staff/:id/grants')
@Refuses(accessAnswers)
export class GrantsController {
  constructor(
    @Inject(ACCESS) private readonly access: Access,
    private readonly funds: FundTreeQuery,
  ) {}

  @Post()
  @Allow('administrator')
  @ApiOperation({ summary: 'Give a role on a fund, with dates' })
  async give(
    @IdParam('id') staffId: string,
    @Body() body: GrantBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<Grant> {
    const { role, fundId, from, below = false, until = null } = body;
    await assertAdministers(caller, fundId, below, this.funds);
    const grant = { grantId: context.commandId, role, fundId, below, from, until };
    await this.access.streams.staff.command(
      staffStream(staffId),
      { kind: 'GiveGrant', by: caller.staffId, ...grant },
      context,
    );
    return grant;
  }

  @Post(':grantId/withdrawal')
  @HttpCode(204)
  @Allow('administrator')
  @ApiOperation({ summary: 'End a role at once' })
  async withdraw(
    @IdParam('id') staffId: string,
    @IdParam('grantId') grantId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<void> {
    const person = await getPerson(this.access.streams, staffId);
    const grant = person.grants[grantId];
    if (grant) await assertAdministers(caller, grant.fundId, grant.below, this.funds);
    const command = { kind: 'WithdrawGrant', by: caller.staffId, grantId } as const;
    const handled = this.access.streams.staff;
    // A grant that is gone is told by its own refusal, or by the answer to the command that withdrew it.
    if (!grant && !(await handled.repeated(staffStream(staffId), context)))
      throw new DomainRefusal('staff/grant-unknown');
    await handled.command(staffStream(staffId), command, context);
  }
}
