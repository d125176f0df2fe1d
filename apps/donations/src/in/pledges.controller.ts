import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import type { MadePledge } from '#domain/pledge/pledge.state.js';
import type { CommandContext } from '#event-store/handle.js';
import { localDate } from '#kernel/dates.js';
import { moneyJson, type MoneyJson } from '#kernel/money.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted } from '#platform/http/caller.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import { fundsAsked } from '#platform/http/funds-asked.js';
import type { Page } from '#platform/http/paging.http.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { PledgeQuery, type ListedPledge } from '../read/pledge/pledge.query.js';
import { Facts } from './facts.js';
import { madeBy, once, placeOf, type RecordedPlace } from './opening.js';
import { PersonalData } from './personal-data.js';
import { plainMoney } from './plain.js';
import { pledgeAnswers } from './pledge-refusals.js';
import { MakePledgeBody, PledgeListQuery, ReasonBody } from './pledges.http.js';
import { readers, recorders } from './roles.js';
import { STREAMS, type Streams } from './streams.js';

/** A pledge as it stands now. */
export interface PledgeView {
  readonly pledgeId: string;
  readonly fundId: string;
  readonly campaignId: string;
  readonly donorId: string;
  readonly status: MadePledge['status'];
  readonly amount: MoneyJson;
  readonly paid: MoneyJson;
  readonly dueOn: string;
}

/** Pledges: promises to a campaign that donations fulfil. */
@Controller('v1/pledges')
@Refuses(pledgeAnswers)
export class PledgesController {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    private readonly facts: Facts,
    private readonly personal: PersonalData,
    private readonly pledges: PledgeQuery,
  ) {}

  /** Makes a pledge under the id of the command. */
  @Post()
  @Allow(...recorders)
  async make(
    @Body() body: MakePledgeBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<{ readonly pledgeId: string; readonly fundId: string } & RecordedPlace> {
    const { fundId, status, opensOn, closesOn } = await this.facts.campaign(body.campaignId);
    assertGranted(caller, fundId, ...recorders);
    const { commandId: pledgeId } = context;
    const handled = await once(this.streams.pledges, `pledge-${pledgeId}`, context, async () => {
      const { today } = await this.facts.fund(fundId);
      await this.facts.donor(body.donorId, fundId);
      return {
        type: 'MakePledge' as const,
        ...{ pledgeId, fundId, today, donorId: body.donorId },
        campaign: { campaignId: body.campaignId, status, opensOn, closesOn },
        amount: plainMoney(body.amount),
        dueOn: localDate(body.dueOn),
      };
    });
    return { pledgeId, fundId, ...placeOf(madeBy(handled)) };
  }

  /** Takes the promise back. */
  @Post(':id/withdrawal')
  @Allow(...recorders)
  async withdraw(
    @IdParam('id') pledgeId: string,
    @Body() { reason }: ReasonBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<{ readonly pledgeId: string } & RecordedPlace> {
    const { donorId } = await this.#granted(pledgeId, caller, recorders);
    const { state: donor } = await this.streams.donors.load(`donor-${donorId}`);
    const subject = donor.status === 'none' ? {} : { subjectId: donor.subjectId };
    const about = { ...subject, id: pledgeId };
    const reasonRecordId = await this.personal.sealText('reason', reason, about, context);
    const command = { type: 'WithdrawPledge', reasonRecordId } as const;
    const handled = await this.streams.pledges.command(`pledge-${pledgeId}`, command, context);
    return { pledgeId, ...placeOf(madeBy(handled)) };
  }

  /** Lists pledges, what was made last first. */
  @Get()
  @Allow(...readers)
  async list(@Query() query: PledgeListQuery, @AskedBy() caller: Caller): Promise<Page<ListedPledge>> {
    const { fundId, ...wanted } = query;
    const funds = fundsAsked(caller, fundId, readers);
    return this.pledges.list(funds, wanted, query);
  }

  /** The pledge as its stream folds now. */
  @Get(':id')
  @Allow(...readers)
  async show(@IdParam('id') id: string, @AskedBy() caller: Caller): Promise<PledgeView> {
    const pledge = await this.#granted(id, caller, readers);
    const { pledgeId, fundId, campaignId, donorId, status, amount, paid, dueOn } = pledge;
    const sums = { amount: moneyJson(amount), paid: moneyJson(paid) };
    return { pledgeId, fundId, campaignId, donorId, status, ...sums, dueOn };
  }

  async #granted(
    pledgeId: string,
    caller: Caller,
    roles: typeof readers | typeof recorders,
  ): Promise<MadePledge> {
    const { state } = await this.streams.pledges.load(`pledge-${pledgeId}`);
    if (state.status === 'none') throw new DomainRefusal('pledge/unknown');
    assertGranted(caller, state.fundId, ...roles);
    return state;
  }
}
