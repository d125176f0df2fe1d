import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import type { CampaignCommand } from '#domain/campaign/campaign.decide.js';
import type { OpenedCampaign } from '#domain/campaign/campaign.state.js';
import type { CommandContext } from '#event-store/handle.js';
import { localDate } from '#kernel/dates.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller, Role } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted } from '#platform/http/caller.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import { fundsAsked } from '#platform/http/funds-asked.js';
import type { Page } from '#platform/http/paging.http.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { CampaignQuery, type ListedCampaign } from '../read/campaign/campaign.query.js';
import { campaignAnswers } from './campaign-refusals.js';
import { campaignIdOf, CampaignOpening } from './campaign-opening.js';
import { CampaignListQuery, ExtendCampaignBody, OpenCampaignBody } from './campaigns.http.js';
import { Facts } from './facts.js';
import { madeBy, placeOf, type RecordedPlace } from './opening.js';
import { plainDocument } from './plain.js';
import { readers } from './roles.js';
import { STREAMS, type Streams } from './streams.js';

/** Campaigns: opened with all their papers, extended by another decision, closed. */
@Controller('v1/campaigns')
@Refuses(campaignAnswers)
export class CampaignsController {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    private readonly facts: Facts,
    private readonly opening: CampaignOpening,
    private readonly campaigns: CampaignQuery,
  ) {}

  /** Opens a campaign under the id that its fund and code make. */
  @Post()
  @Allow('accountant')
  async open(
    @Body() body: OpenCampaignBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<{ readonly campaignId: string; readonly fundId: string } & RecordedPlace> {
    const { fundId } = body;
    assertGranted(caller, fundId, 'accountant');
    const opened = madeBy(await this.opening.open(body, context));
    return { campaignId: campaignIdOf(fundId, body.code), fundId, ...placeOf(opened) };
  }

  /** Lets it receive longer. */
  @Post(':id/extension')
  @Allow('accountant')
  async extend(
    @IdParam('id') campaignId: string,
    @Body() { closesOn, decision }: ExtendCampaignBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<{ readonly campaignId: string } & RecordedPlace> {
    const { fundId } = await this.#granted(campaignId, caller, 'accountant');
    const { today } = await this.facts.fund(fundId);
    const command = { closesOn: localDate(closesOn), decision: plainDocument(decision), today };
    return this.#act(campaignId, { type: 'ExtendCampaign', ...command }, context);
  }

  /** Ends it today, before its window does. */
  @Post(':id/closing')
  @Allow('accountant')
  async close(
    @IdParam('id') campaignId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<{ readonly campaignId: string } & RecordedPlace> {
    const { fundId } = await this.#granted(campaignId, caller, 'accountant');
    const { today } = await this.facts.fund(fundId);
    return this.#act(campaignId, { type: 'CloseCampaign', today }, context);
  }

  /** Lists campaigns, what was opened last first. */
  @Get()
  @Allow(...readers)
  async list(@Query() query: CampaignListQuery, @AskedBy() caller: Caller): Promise<Page<ListedCampaign>> {
    const { fundId, ...wanted } = query;
    const funds = fundsAsked(caller, fundId, readers);
    return this.campaigns.list(funds, wanted, query);
  }

  /** The campaign as its stream folds now. */
  @Get(':id')
  @Allow(...readers)
  async show(@IdParam('id') campaignId: string, @AskedBy() caller: Caller): Promise<OpenedCampaign> {
    return this.#granted(campaignId, caller, ...readers);
  }

  async #granted(campaignId: string, caller: Caller, ...roles: readonly Role[]): Promise<OpenedCampaign> {
    const { state } = await this.streams.campaigns.load(`campaign-${campaignId}`);
    if (state.status === 'none') throw new DomainRefusal('campaign/unknown');
    assertGranted(caller, state.fundId, ...roles);
    return state;
  }

  async #act(campaignId: string, command: CampaignCommand, context: CommandContext) {
    const handled = await this.streams.campaigns.command(`campaign-${campaignId}`, command, context);
    return { campaignId, ...placeOf(madeBy(handled)) };
  }
}
