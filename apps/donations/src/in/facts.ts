import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { CampaignPurpose } from '#domain/campaign/campaign.decide.js';
import type { OpenedCampaign } from '#domain/campaign/campaign.state.js';
import type { RegisteredDonor } from '#domain/donor/donor.state.js';
import type { MadePledge } from '#domain/pledge/pledge.state.js';
import { dateInZone, type LocalDate } from '#kernel/dates.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Clock } from '#platform/clock.js';
import { CLOCK } from '#platform/tokens.js';
import { FundQuery, type KnownFund } from '../read/fund/fund.query.js';
import { PurposeQuery } from '../read/purpose/purpose.query.js';
import { STREAMS, type Streams } from './streams.js';

/** What a command rests on does not exist in this fund. */
export type FactRefusal =
  | 'donation/fund-unknown'
  | 'donation/donor-unknown'
  | 'donation/donor-erased'
  | 'donation/campaign-unknown'
  | 'donation/pledge-unknown';

/** A fund, and the date that it is there now. */
export interface FundToday extends KnownFund {
  readonly today: LocalDate;
}

const lagMs = 2_000;
const lookAgainMs = 25;

/** Looks up what a command rests on: funds and purposes in read models, all else in the streams that this service decides. */
@Injectable()
export class Facts {
  constructor(
    private readonly funds: FundQuery,
    private readonly purposes: PurposeQuery,
    @Inject(STREAMS) private readonly streams: Streams,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The fund today; the ledger's word of a fund just opened is waited for. Throws `donation/fund-unknown`. */
  async fund(fundId: string): Promise<FundToday> {
    const fund = await told(() => this.funds.find(fundId));
    if (!fund) throw new DomainRefusal<FactRefusal>('donation/fund-unknown');
    return { ...fund, today: dateInZone(this.clock.now().toISOString(), fund.zone) };
  }

  /** What the ledger says of a purpose of this fund; its word of one just opened is waited for. */
  async purpose(purpose: string, fundId: string): Promise<CampaignPurpose> {
    const known = await told(() => this.purposes.find(fundId, purpose));
    if (!known) return { purpose, status: 'unknown' };
    return { purpose, status: known.open ? 'open' : 'closed' };
  }

  /** The purpose of this fund that has the code, as far as the ledger has told; undefined where none has. */
  async purposeOfCode(code: string, fundId: string): Promise<string | undefined> {
    return (await this.purposes.findByCode(fundId, code))?.purpose;
  }

  /** A donor of this fund whose contact was not erased; throws `donation/donor-unknown`, `donation/donor-erased`. */
  async donor(donorId: string, fundId: string): Promise<RegisteredDonor> {
    const { state } = await this.streams.donors.load(`donor-${donorId}`);
    if (state.status === 'none' || state.fundId !== fundId)
      throw new DomainRefusal<FactRefusal>('donation/donor-unknown');
    if (state.status === 'erased') throw new DomainRefusal<FactRefusal>('donation/donor-erased');
    return state;
  }

  /** A campaign, of this fund where one is given; throws `donation/campaign-unknown`. */
  async campaign(campaignId: string, fundId?: string): Promise<OpenedCampaign> {
    const { state } = await this.streams.campaigns.load(`campaign-${campaignId}`);
    if (state.status === 'none' || (fundId !== undefined && state.fundId !== fundId))
      throw new DomainRefusal<FactRefusal>('donation/campaign-unknown');
    return state;
  }

  /** The campaign of this fund whose own purpose this is; undefined for any other purpose. */
  async campaignOfPurpose(purpose: string, fundId: string): Promise<string | undefined> {
    const { state } = await this.streams.campaigns.load(`campaign-${purpose}`);
    const isOwn = state.status !== 'none' && state.fundId === fundId && state.purpose === purpose;
    return isOwn ? state.campaignId : undefined;
  }

  /** A pledge of this fund; throws `donation/pledge-unknown`. */
  async pledge(pledgeId: string, fundId: string): Promise<MadePledge> {
    const { state } = await this.streams.pledges.load(`pledge-${pledgeId}`);
    if (state.status === 'none' || state.fundId !== fundId)
      throw new DomainRefusal<FactRefusal>('donation/pledge-unknown');
    return state;
  }
}

/** What a read model knows, looked up until the ledger's word must have come. */
async function told<Known>(find: () => Promise<Known | undefined>): Promise<Known | undefined> {
  for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
    const known = await find();
    if (known !== undefined || waitedMs >= lagMs) return known;
    await pause(lookAgainMs);
  }
}
