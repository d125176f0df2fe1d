import { Inject, Injectable } from '@nestjs/common';
import { campaign, type OpenCampaign } from '#domain/campaign/campaign.decide.js';
import type { CampaignEvent } from '#domain/campaign/campaign.events.js';
import type { CampaignState } from '#domain/campaign/campaign.state.js';
import { uuidV5 } from '#event-store/command-id.js';
import type { CommandContext, Handled } from '#event-store/handle.js';
import { localDate } from '#kernel/dates.js';
import type { OpenCampaignBody } from './campaigns.http.js';
import { Facts } from './facts.js';
import { plainBilingual, plainDocument, plainMoney } from './plain.js';
import { STREAMS, type Streams } from './streams.js';

/**
 * The id of the campaign with this code in a fund. Because the code makes the id, two campaigns opened at once under one
 * code meet in one stream, and the second is refused.
 */
export function campaignIdOf(fundId: string, code: string): string {
  return uuidV5(fundId, `campaign ${code}`);
}

/** Opens campaigns, each under the id that its fund and code make. */
@Injectable()
export class CampaignOpening {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    private readonly facts: Facts,
  ) {}

  /**
   * Opens the campaign, once per `context.commandId`: a repeat is answered from the stored event. Throws the refusals of a
   * campaign, also `idempotency/body-differs` where the key came with another code before.
   */
  async open(
    body: OpenCampaignBody,
    context: CommandContext,
  ): Promise<Handled<CampaignState, CampaignEvent>> {
    const { campaigns, campaignKeys } = this.streams;
    const campaignId = campaignIdOf(body.fundId, body.code);
    const [stream, keyStream] = [`campaign-${campaignId}`, `appeal-${context.commandId}`];
    await campaignKeys.repeated(keyStream, context);
    const repeated = await campaigns.repeated(stream, context);
    if (repeated) return repeated;
    const command = await this.#commandOf(campaignId, body);
    const { state } = await campaigns.load(stream);
    // Refused before the key is bound to it, a body may be mended and sent again under the same key.
    if (state.status === 'none') {
      campaign.decide(state, command);
      await campaignKeys.command(keyStream, { type: 'AskCampaign', campaignId }, context);
    }
    return campaigns.command(stream, command, context);
  }

  async #commandOf(campaignId: string, body: OpenCampaignBody): Promise<OpenCampaign> {
    const { fundId, code, name, receivingAccount, purposeStatement, target } = body;
    const { today } = await this.facts.fund(fundId);
    return {
      type: 'OpenCampaign',
      ...{ campaignId, fundId, code, name: plainBilingual(name), today },
      ...papersOf(body),
      ...(receivingAccount === undefined ? {} : { receivingAccount }),
      ...(await this.#purposeOf(body)),
      ...(purposeStatement && { purposeStatement: plainBilingual(purposeStatement) }),
      ...(target && { target: plainMoney(target) }),
    };
  }

  async #purposeOf({
    fundId,
    code,
    purpose,
  }: OpenCampaignBody): Promise<Pick<OpenCampaign, 'purpose' | 'purposeOfCode'>> {
    if (purpose !== undefined) return { purpose: await this.facts.purpose(purpose, fundId) };
    const purposeOfCode = await this.facts.purposeOfCode(code, fundId);
    return purposeOfCode === undefined ? {} : { purposeOfCode };
  }
}

function papersOf({ appeal, committeeDecision, opensOn, closesOn }: OpenCampaignBody) {
  return {
    ...(appeal && { appeal: plainDocument(appeal) }),
    ...(committeeDecision && { committeeDecision: plainDocument(committeeDecision) }),
    ...(opensOn === undefined ? {} : { opensOn: localDate(opensOn) }),
    ...(closesOn === undefined ? {} : { closesOn: localDate(closesOn) }),
  };
}
