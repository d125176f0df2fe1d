import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { fund } from '#domain/fund/fund.decide.js';
import type { FundEvent, FundLevel } from '#domain/fund/fund.events.js';
import type { OpenFund } from '#domain/fund/fund.state.js';
import type { CommandContext, Handled } from '#event-store/handle.js';
import { dateInZone, fundZone } from '#kernel/dates.js';
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
import { fundIdOfCode, streamOf } from '../fund-streams.js';
import { FUNDS, type Funds } from '../funds.js';
import { commandOf } from './donation-messages.js';
import {
  FundBody,
  fundView,
  newPurpose,
  openFundCommand,
  PurposeBody,
  purposeView,
  type FundView,
  type PurposeView,
} from './funds.http.js';
import { ledgerAnswers } from './ledger.http.js';

/** Funds and their purposes. */
@ApiTags('funds')
@Controller('v1/funds')
@Refuses(ledgerAnswers)
export class FundsController {
  constructor(
    @Inject(FUNDS) private readonly funds: Funds,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Opens a fund, and takes up what was told of it before. Whoever opens one under another needs to administer that one. */
  @Post()
  @Allow('administrator')
  @ApiOperation({ summary: 'Open a fund with its chart, purposes and opening balances' })
  async open(
    @Body() body: FundBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<FundView> {
    assertGranted(caller, body.parentFundId ?? '*', 'administrator');
    const fundId = fundIdOfCode(body.code);
    const today = dateInZone(this.clock.now().toISOString(), fundZone);
    const command = openFundCommand(fundId, body, await this.levelOf(body.parentFundId), today);
    const opened = await this.funds.open(command, context);
    await this.funds.replayParked(streamOf(fundId), commandOf);
    return fundView(fundId, asMade(opened), opened.events.at(-1)?.revision ?? opened.revision);
  }

  /** A fund as its stream says now. */
  @Get(':id')
  @Allow(...roles)
  @ApiOperation({ summary: 'A fund, from its own events: there at once' })
  async get(@IdParam('id') fundId: string, @AskedBy() caller: Caller): Promise<FundView> {
    assertGranted(caller, fundId, ...roles);
    const { state, revision } = await this.funds.load(streamOf(fundId));
    if (state.status === 'none' || revision === 'no_stream') throw new DomainRefusal('fund/unknown');
    return fundView(fundId, state, revision);
  }

  /** Opens a purpose. */
  @Post(':id/purposes')
  @Allow('administrator', 'accountant')
  @ApiOperation({ summary: 'Open a purpose that money may be restricted to' })
  async openPurpose(
    @IdParam('id') fundId: string,
    @Body() body: PurposeBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<PurposeView> {
    assertGranted(caller, fundId, 'administrator', 'accountant');
    const purpose = newPurpose(fundId, body);
    await this.funds.command(streamOf(fundId), { type: 'OpenPurpose', ...purpose }, context);
    return { ...purpose, campaignId: null, open: true };
  }

  /** Closes a purpose to more donations. */
  @Post(':id/purposes/:purpose/close')
  @HttpCode(200)
  @Allow('administrator', 'accountant')
  @ApiOperation({ summary: 'Stop a purpose from taking more donations; what it holds stays' })
  async closePurpose(
    @IdParam('id') fundId: string,
    @Param('purpose') purpose: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<PurposeView> {
    assertGranted(caller, fundId, 'administrator', 'accountant');
    const closed = await this.funds.command(streamOf(fundId), { type: 'ClosePurpose', purpose }, context);
    const view = closed.state.status === 'open' ? purposeView(closed.state, purpose) : undefined;
    if (!view) throw new InvariantViolation(`purpose ${purpose} was closed and is not there`);
    return view;
  }

  private async levelOf(parentFundId: string | undefined): Promise<FundLevel | undefined> {
    if (parentFundId === undefined) return undefined;
    const { state } = await this.funds.load(streamOf(parentFundId));
    return state.status === 'open' ? state.about.level : undefined;
  }
}

/** The fund as the command's own events made it: a repeat is told what the first time was told. */
function asMade({ events }: Handled<unknown, FundEvent>): OpenFund {
  const made = events.reduce(
    (state, { type, data }) => fund.evolve(state, { type, data } as FundEvent),
    fund.initialState,
  );
  if (made.status === 'none') throw new InvariantViolation('a fund was opened and is not there');
  return made;
}
