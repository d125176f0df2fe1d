import { Injectable } from '@nestjs/common';
import { donation } from '#domain/donation/donation.decide.js';
import type { DonationDonor, DonationItem } from '#domain/donation/donation.events.js';
import type { CampaignFacts, PledgeFacts, RecordDonation } from '#domain/donation/recording.policy.js';
import type { CommandContext } from '#event-store/handle.js';
import { localDate } from '#kernel/dates.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { DonorBody, ItemBody, RecordDonationBody } from './donations.http.js';
import { DonorDesk, detailsOf } from './donor-desk.js';
import { Facts } from './facts.js';
import { plainMoney } from './plain.js';
import { PersonalData } from './personal-data.js';

/** A donor was named without an id or details, or with both; or one who is not to be named came with either. */
export type EntryRefusal = 'donation/donor-missing' | 'donation/donor-not-named';

/** Turns what a cashier sent into a command: looks up what it rests on, decides it, and only then seals what is personal. */
@Injectable()
export class DonationEntry {
  constructor(
    private readonly facts: Facts,
    private readonly personal: PersonalData,
    private readonly desk: DonorDesk,
  ) {}

  /** The command of a new donation, its personal records sealed and its new donor registered; throws every refusal of one. */
  async commandOf(body: RecordDonationBody, context: CommandContext): Promise<RecordDonation> {
    const command = await this.#draft(body, context);
    // Nothing is sealed and nobody registered for a donation that would be refused.
    donation.decide(donation.initialState, command);
    const { fundId, donor, memo } = body;
    if (donor.details) await this.desk.register(DonorDesk.donorIdOf(context), fundId, donor.details, context);
    if (memo !== undefined) await this.personal.sealText('memo', memo, subjectOf(command), context);
    return command;
  }

  async #draft(body: RecordDonationBody, context: CommandContext): Promise<RecordDonation> {
    const { fundId, method, amount, account, items = [], purpose, language = 'vi', memo } = body;
    const { today, ...fund } = await this.facts.fund(fundId);
    return {
      type: 'RecordDonation',
      donationId: context.commandId,
      ...{ fund, today, method, language },
      donor: await this.#donorOf(body.donor, fundId, context),
      ...(amount === undefined ? {} : { amount: plainMoney(amount) }),
      ...(account === undefined ? {} : { account }),
      items: items.map(itemOf),
      ...(await this.#purposeOf(purpose, fundId)),
      ...(await this.#appealOf(body)),
      receivedOn: localDate(body.receivedOn),
      ...(memo === undefined ? {} : { memoRecordId: PersonalData.recordIdOf(context, 'memo') }),
    };
  }

  async #donorOf(
    { kind, donorId, details }: DonorBody,
    fundId: string,
    context: CommandContext,
  ): Promise<DonationDonor> {
    if (kind !== 'named') {
      if (donorId !== undefined || details !== undefined)
        throw new DomainRefusal<EntryRefusal>('donation/donor-not-named');
      return { kind };
    }
    if ((donorId === undefined) === (details === undefined))
      throw new DomainRefusal<EntryRefusal>('donation/donor-missing');
    if (donorId !== undefined) return this.#registered(donorId, fundId);
    if (details === undefined) throw new DomainRefusal<EntryRefusal>('donation/donor-missing');
    const { email, phone, contactPerson } = details;
    const reachable = [email, phone, contactPerson].some((part) => part !== undefined);
    return {
      kind,
      donorId: DonorDesk.donorIdOf(context),
      ...DonorDesk.subjectsOf(context),
      ...detailsOf(details, PersonalData.recordIdOf(context, 'identity')),
      ...(reachable ? { contactRecordId: PersonalData.recordIdOf(context, 'contact') } : {}),
    };
  }

  async #registered(donorId: string, fundId: string): Promise<DonationDonor> {
    const donor = await this.facts.donor(donorId, fundId);
    const { subjectId, contactSubjectId, identityRecordId, contactRecordId, organisation, inProvince } =
      donor;
    return {
      ...{ kind: 'named', donorId, class: donor.class, inProvince },
      ...{ subjectId, contactSubjectId, identityRecordId },
      ...(contactRecordId === undefined ? {} : { contactRecordId }),
      ...(organisation === undefined ? {} : { organisation }),
    };
  }

  async #purposeOf(
    purpose: string | undefined,
    fundId: string,
  ): Promise<Pick<RecordDonation, 'purpose' | 'purposeCampaignId'>> {
    if (purpose === undefined) return {};
    if (purpose === 'unrestricted') return { purpose };
    const purposeCampaignId = await this.facts.campaignOfPurpose(purpose, fundId);
    return { purpose, ...(purposeCampaignId === undefined ? {} : { purposeCampaignId }) };
  }

  /** The campaign that it is for and the pledge that it fulfils; a pledge brings its campaign along. */
  async #appealOf({
    fundId,
    campaignId,
    pledgeId,
  }: RecordDonationBody): Promise<{ readonly campaign?: CampaignFacts; readonly pledge?: PledgeFacts }> {
    const made = pledgeId === undefined ? undefined : await this.facts.pledge(pledgeId, fundId);
    const wanted = campaignId ?? made?.campaignId;
    if (wanted === undefined) return {};
    const { purpose, receivingAccount, opensOn, closesOn } = await this.facts.campaign(wanted, fundId);
    const campaign = { campaignId: wanted, purpose, receivingAccount, opensOn, closesOn };
    if (!made) return { campaign };
    const { pledgeId: id, donorId, amount } = made;
    const pledge = { pledgeId: id, campaignId: made.campaignId, donorId, currency: amount.currency };
    return { campaign, pledge };
  }
}

function itemOf({ item, name, quantity, unit, valuation }: ItemBody): DonationItem {
  const named = { item, name, quantity, unit };
  return valuation === undefined
    ? named
    : { ...named, valuation: { value: plainMoney(valuation.value), basis: valuation.basis } };
}

function subjectOf({ donor, donationId }: RecordDonation): {
  readonly subjectId?: string;
  readonly id: string;
} {
  return donor.kind === 'named' ? { subjectId: donor.subjectId, id: donationId } : { id: donationId };
}
