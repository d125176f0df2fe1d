import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CommandContext } from '#event-store/handle.js';
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
import { assertMayManage } from './managing.js';
import { AccountBody } from './staff.http.js';
import type { RegisteredStaff } from './staff.controller.js';

/** The accounts of a person, as administrators look after them. */
@ApiTags('staff')
@Controller('v1/staff/:id/accounts')
@Refuses(accessAnswers)
export class AccountsController {
  constructor(
    @Inject(ACCESS) private readonly access: Access,
    private readonly funds: FundTreeQuery,
  ) {}

  @Post()
  @Allow('administrator')
  @ApiOperation({ summary: 'Open a further login name' })
  async open(
    @IdParam('id') staffId: string,
    @Body() { login }: AccountBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<{ readonly accountId: string }> {
    await this.#assertMayManage(staffId, caller);
    await this.access.accounts.open(staffId, login, caller.staffId, context);
    return { accountId: context.commandId };
  }

  @Post(':accountId/link')
  @Allow('administrator')
  @ApiOperation({ summary: 'Make a one-time link to choose a password, to hand over' })
  async issueLink(
    @IdParam('id') staffId: string,
    @IdParam('accountId') accountId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<RegisteredStaff> {
    await this.#assertMayManage(staffId, caller);
    const { secret, hash: linkHash, expiresAt } = this.access.passwords.makeLink(staffId);
    const { repeated } = await this.access.streams.staff.command(
      staffStream(staffId),
      { kind: 'IssuePasswordLink', by: caller.staffId, accountId, linkHash, expiresAt },
      context,
    );
    const shown = repeated
      ? { link: null, linkExpiresAt: null }
      : { link: `/password?link=${secret}`, linkExpiresAt: expiresAt };
    return { staffId, accountId, ...shown };
  }

  @Post(':accountId/unlocking')
  @HttpCode(204)
  @Allow('administrator')
  @ApiOperation({ summary: 'Lift a lock' })
  async unlock(
    @IdParam('id') staffId: string,
    @IdParam('accountId') accountId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<void> {
    await this.#assertMayManage(staffId, caller);
    const command = { kind: 'UnlockAccount', by: caller.staffId, accountId } as const;
    await this.access.streams.staff.command(staffStream(staffId), command, context);
  }

  @Post(':accountId/closing')
  @HttpCode(204)
  @Allow('administrator')
  @ApiOperation({ summary: 'Close a login name for good' })
  async close(
    @IdParam('id') staffId: string,
    @IdParam('accountId') accountId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<void> {
    await this.#assertMayManage(staffId, caller);
    const command = { kind: 'CloseAccount', by: caller.staffId, accountId } as const;
    await this.access.streams.staff.command(staffStream(staffId), command, context);
  }

  async #assertMayManage(staffId: string, caller: Caller): Promise<void> {
    await assertMayManage(caller, await getPerson(this.access.streams, staffId), this.funds);
  }
}
