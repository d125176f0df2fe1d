import { Injectable } from '@nestjs/common';
import { donation } from '#domain/donation/donation.decide.js';
import type { DonationDonor, DonationItem, NamedDonor } from '#domain/donation/donation.events.js';
import type { CampaignFacts, PledgeFacts, RecordDonation } from '#domain/donation/recording.policy.js';
import { needsIdentity } from '#domain/donor/donor.decide.js';
import type { RegisteredDonor } from '#domain/donor/donor.state.js';
import type { CommandContext } from '#event-store/handle.js';
import { localDate } from '#kernel/dates.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import type { DonorBody, ItemBody, RecordDonationBody } from './donations.http.js';
import { DonorDesk, detailsOf } from './donor-desk.js';
import { Facts, type FundToday } from './facts.js';
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
    const { command, giver } = await this.drafted(body, context);
    // Nothing is sealed and nobody registered for a donation that would be refused.
    donation.decide(donation.initialState, command);
    await this.keepDonor(body, giver, context);
    if (body.memo !== undefined) await this.personal.sealText('memo', body.memo, subjectOf(command), context);
    return command;
  }

  /** What the body says, with all that it rests on looked up; nothing is decided, sealed or registered yet. */
  async drafted(
    body: RecordDonationBody,
    context: CommandContext,
  ): Promise<{ readonly command: RecordDonation; readonly giver: RegisteredDonor | undefined }> {
    const fund = await this.facts.fund(body.fundId);
    const giver = await this.#giverOf(body);
    return { command: await this.#draft(body, { fund, giver }, context), giver };
  }

  async #draft(
    body: RecordDonationBody,
    { fund: { today, ...fund }, giver }: Looked,
    context: CommandContext,
  ): Promise<RecordDonation> {
    const { fundId, method, amount, account, items = [], purpose, language = 'vi', memo } = body;
    return {
      type: 'RecordDonation',
      donationId: context.commandId,
      ...{ fund, today, method, language },
      donor: donorOf(body.donor, giver, context),
      ...(amount === undefined ? {} : { amount: plainMoney(amount) }),
      ...(account === undefined ? {} : { account }),
      items: items.map(itemOf),
      ...(await this.#purposeOf(purpose, fundId)),
      ...(await this.#appealOf(body)),
      receivedOn: localDate(body.receivedOn),
      ...(memo === undefined ? {} : { memoRecordId: PersonalData.recordIdOf(context, 'memo') }),
    };
  }

  /** The registered donor whom the body names by id; undefined where it names none. */
  async #giverOf({ donor, fundId }: RecordDonationBody): Promise<RegisteredDonor | undefined> {
    const { kind, donorId, details } = donor;
    const named = [donorId, details].filter((part) => part !== undefined).length;
    if (kind !== 'named' && named > 0) throw new DomainRefusal<EntryRefusal>('donation/donor-not-named');
    if (kind === 'named' && named !== 1) throw new DomainRefusal<EntryRefusal>('donation/donor-missing');
    return donorId === undefined ? undefined : this.facts.donor(donorId, fundId);
  }

  /** Registers the donor who comes along, or keeps the identity of one who is registered, before the donation is there. */
  async keepDonor(
    {
      fundId,
      donor: { donorId, details },
      ...body
    }: Pick<RecordDonationBody, 'fundId' | 'donor' | 'receivedOn'>,
    giver: RegisteredDonor | undefined,
    context: CommandContext,
  ): Promise<void> {
    const receivedOn = localDate(body.receivedOn);
    if (details)
      await this.desk.register(DonorDesk.donorIdOf(context), { fundId, receivedOn }, details, context);
    if (donorId !== undefined && giver && needsIdentity(giver, receivedOn))
      await this.desk.keepIdentity(donorId, receivedOn, context);
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

/** What a donation rests on, as it was looked up. */
interface Looked {
  readonly fund: FundToday;
  readonly giver: RegisteredDonor | undefined;
}

function donorOf(
  { kind, donorId, details }: DonorBody,
  giver: RegisteredDonor | undefined,
  context: CommandContext,
): DonationDonor {
  if (kind !== 'named') return { kind };
  if (giver && donorId !== undefined) return { kind, donorId, ...recordsOf(giver) };
  if (!details) throw new InvariantViolation('a named donor is looked up or comes along');
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

function recordsOf(giver: RegisteredDonor): Omit<NamedDonor, 'kind' | 'donorId'> {
  const { inProvince, subjectId, contactSubjectId, identityRecordId } = giver;
  const { contactRecordId, organisation } = giver;
  return {
    ...{ class: giver.class, inProvince, subjectId, contactSubjectId, identityRecordId },
    ...(contactRecordId === undefined ? {} : { contactRecordId }),
    ...(organisation === undefined ? {} : { organisation }),
  };
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
