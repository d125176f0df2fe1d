import type { LocalDate } from '#kernel/dates.js';
import { isMinorAmount, type MoneyJson } from '#kernel/money.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type {
  DonationDonor,
  DonationItem,
  DonationMethod,
  DonationRecorded,
  DonationSource,
  StatementPlace,
} from './donation.events.js';

/** Why a donation is not recorded as it was entered. */
export type RecordingRefusal =
  | 'donation/amount-missing'
  | 'donation/amount-not-positive'
  | 'donation/account-missing'
  | 'donation/account-not-of-method'
  | 'donation/items-missing'
  | 'donation/items-with-money'
  | 'donation/money-with-items'
  | 'donation/quantity-not-positive'
  | 'donation/item-twice'
  | 'donation/valuation-not-positive'
  | 'donation/unidentified-needs-bank'
  | 'donation/received-in-future'
  | 'donation/received-before-fund'
  | 'donation/campaign-not-open'
  | 'donation/account-not-of-campaign'
  | 'donation/purpose-not-of-campaign'
  | 'donation/purpose-of-campaign'
  | 'donation/pledge-needs-money'
  | 'donation/pledge-other-currency'
  | 'donation/pledge-not-of-campaign'
  | 'donation/pledge-not-of-donor'
  | 'donation/pledge-of-unidentified';

/** What the campaign's stream says of it; `closesOn` is the last day on which it receives. */
export interface CampaignFacts {
  readonly campaignId: string;
  readonly purpose: string;
  /** The account that its appeal names: `cash` or `bank.<account>`. */
  readonly receivingAccount: string;
  readonly opensOn: LocalDate;
  readonly closesOn: LocalDate;
}

/** What the pledge's stream says of it. */
export interface PledgeFacts {
  readonly pledgeId: string;
  readonly campaignId: string;
  /** Who promised, and alone can fulfil it. */
  readonly donorId: string;
  readonly currency: MoneyJson['currency'];
}

/** Enters a donation with the facts it rests on; who looks them up refuses what does not exist. */
export interface RecordDonation {
  readonly type: 'RecordDonation';
  readonly donationId: string;
  readonly fund: { readonly fundId: string; readonly openedOn: LocalDate };
  /** Today's date in the fund's zone. */
  readonly today: LocalDate;
  readonly donor: DonationDonor;
  readonly method: DonationMethod;
  /** `bank.<account>` that received it, by bank; `cash` may be left out in cash. */
  readonly account?: string;
  readonly amount?: MoneyJson;
  readonly items: readonly DonationItem[];
  /** `unrestricted`, a purpose's id, or absent for the campaign's purpose (unrestricted without one). */
  readonly purpose?: string;
  /** The campaign that `purpose` is the own purpose of, whose window then counts; absent where it is no campaign's own. */
  readonly purposeCampaignId?: string;
  readonly campaign?: CampaignFacts;
  readonly pledge?: PledgeFacts;
  readonly receivedOn: LocalDate;
  readonly language: 'vi' | 'en';
  readonly memoRecordId?: string;
  /** The bank item that it was classified from; it has its money already. */
  readonly bankItemId?: string;
  readonly readFrom?: StatementPlace;
}

/** The one event of an accepted donation; throws `DomainRefusal` with a {@link RecordingRefusal}. */
export function donationRecorded(command: RecordDonation): DonationRecorded {
  assertReceivedInTime(command);
  assertWhatCameIn(command);
  assertPledge(command);
  if (command.donor.kind === 'unidentified' && command.method !== 'bank')
    refuse('donation/unidentified-needs-bank');
  const account = accountOf(command);
  assertAccountOfCampaign(command);
  const source: DonationSource = {
    donationId: command.donationId,
    donor: command.donor,
    method: command.method,
    ...account,
    ...(command.amount === undefined ? {} : { amount: command.amount }),
    items: command.items,
    purpose: purposeOf(command),
    ...(command.campaign === undefined ? {} : { campaignId: command.campaign.campaignId }),
    ...(command.pledge === undefined ? {} : { pledgeId: command.pledge.pledgeId }),
    ...(command.bankItemId === undefined ? {} : { bankItemId: command.bankItemId }),
    receivedOn: command.receivedOn,
    language: command.language,
  };
  return { type: 'DonationRecorded', data: { fundId: command.fund.fundId, source, ...tracesOf(command) } };
}

function tracesOf({
  memoRecordId,
  readFrom,
}: RecordDonation): Omit<DonationRecorded['data'], 'fundId' | 'source'> {
  return { ...(memoRecordId === undefined ? {} : { memoRecordId }), ...(readFrom && { readFrom }) };
}

function assertReceivedInTime({ receivedOn, today, fund, campaign }: RecordDonation): void {
  if (receivedOn > today) refuse('donation/received-in-future', { today });
  if (receivedOn < fund.openedOn) refuse('donation/received-before-fund', { openedOn: fund.openedOn });
  if (campaign && (receivedOn < campaign.opensOn || receivedOn > campaign.closesOn))
    refuse('donation/campaign-not-open', { opensOn: campaign.opensOn, closesOn: campaign.closesOn });
}

function assertWhatCameIn(command: RecordDonation): void {
  if (command.method === 'in-kind') {
    assertItems(command);
    return;
  }
  if (command.items.length > 0) refuse('donation/items-with-money');
  if (command.amount === undefined) refuse('donation/amount-missing');
  if (!isPositive(command.amount)) refuse('donation/amount-not-positive');
}

function assertItems({ items, amount }: RecordDonation): void {
  if (amount !== undefined) refuse('donation/money-with-items');
  if (items.length === 0) refuse('donation/items-missing');
  if (new Set(items.map((item) => item.item)).size < items.length) refuse('donation/item-twice');
  for (const { item, quantity, valuation } of items) {
    if (!/[1-9]/.test(quantity)) refuse('donation/quantity-not-positive', { item });
    if (valuation && !isPositive(valuation.value)) refuse('donation/valuation-not-positive', { item });
  }
}

function assertPledge({ pledge, amount, campaign, donor }: RecordDonation): void {
  if (!pledge) return;
  if (!amount) refuse('donation/pledge-needs-money');
  if (amount.currency !== pledge.currency) refuse('donation/pledge-other-currency');
  if (campaign?.campaignId !== pledge.campaignId) refuse('donation/pledge-not-of-campaign');
  assertPromisedBy(donor, pledge);
}

function assertPromisedBy(donor: DonationDonor, pledge: PledgeFacts): void {
  // A memo is a claim: whose money it is must be known before it counts for anybody's promise.
  if (donor.kind === 'unidentified') refuse('donation/pledge-of-unidentified');
  if (donor.kind !== 'named' || donor.donorId !== pledge.donorId) refuse('donation/pledge-not-of-donor');
}

function accountOf({ method, account }: RecordDonation): { readonly account?: string } {
  const kind = account?.startsWith('bank.') === true ? 'bank' : account;
  if (kind !== undefined && kind !== method) refuse('donation/account-not-of-method');
  if (method === 'in-kind') return {};
  if (method === 'cash') return { account: 'cash' };
  if (account === undefined) refuse('donation/account-missing');
  return { account };
}

/** An appeal names the one account that it receives transfers by; what went elsewhere is no answer to it. */
function assertAccountOfCampaign({ method, account, campaign }: RecordDonation): void {
  if (!campaign || method !== 'bank' || account === campaign.receivingAccount) return;
  refuse('donation/account-not-of-campaign', { receivingAccount: campaign.receivingAccount });
}

function purposeOf({ purpose, purposeCampaignId, campaign }: RecordDonation): string {
  if (!campaign) {
    if (purposeCampaignId !== undefined)
      refuse('donation/purpose-of-campaign', { campaignId: purposeCampaignId });
    return purpose ?? 'unrestricted';
  }
  if (purpose !== undefined && purpose !== campaign.purpose) refuse('donation/purpose-not-of-campaign');
  return campaign.purpose;
}

function isPositive(sum: MoneyJson): boolean {
  return isMinorAmount(sum.amount) && BigInt(sum.amount) > 0n;
}

function refuse(code: RecordingRefusal, details: Readonly<Record<string, string>> = {}): never {
  throw new DomainRefusal(code, details);
}
