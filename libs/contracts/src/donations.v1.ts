import { z } from 'zod';
import { dateContract, moneyContract, sourceBlock } from './source-block.js';

/** Topic of the donations service; key: fund. Subject: the donation, campaign or pledge. */
export const donationsTopic = 'mangnon.donations.v1';

/** A campaign opened; the ledger opens its purpose. */
export const campaignOpenedV1 = z.object({
  campaignId: z.uuid(),
  fundId: z.uuid(),
  /** The purpose that its donations are restricted to. */
  purpose: z.string(),
  code: z.string(),
  name: z.object({ vi: z.string(), en: z.string() }),
  opensOn: dateContract,
  closesOn: dateContract,
});

/** A donation was recorded; the ledger posts it and never refuses it. */
export const donationRecordedV1 = z.object({ fundId: z.uuid(), source: sourceBlock });

/** Two persons agreed on paying a donation back, in full or in part; the ledger posts it or refuses. */
export const refundApprovedV1 = z.object({
  fundId: z.uuid(),
  refundId: z.uuid(),
  /** Money to pay back; for a donation in kind the whole of it goes back and this is absent. */
  amount: moneyContract.optional(),
  /** What is left of the donation after it; absent in kind. */
  left: moneyContract.optional(),
  full: z.boolean(),
  /** Account that pays it back: `cash` or `bank.<account>`; absent in kind. */
  paidFrom: z.string().optional(),
  /** The date of the refund in the fund's zone. */
  effectiveOn: dateContract,
  source: sourceBlock,
});

/** Two persons agreed that a donation was entered wrongly; the ledger reverses it or refuses. */
export const voidApprovedV1 = z.object({
  fundId: z.uuid(),
  voidId: z.uuid(),
  /** What earlier refunds have left of the donation, to be reversed; absent in kind. */
  left: moneyContract.optional(),
  effectiveOn: dateContract,
  source: sourceBlock,
});

/**
 * A donor's mail goes elsewhere from now on; a receipt that a person sends again goes there. No mail any more when
 * the record is absent. Subject: the donor.
 */
export const donorContactCorrectedV1 = z.object({
  fundId: z.uuid(),
  donorId: z.uuid(),
  subjectId: z.uuid(),
  /** Where mail goes now (vault, donors). */
  contactRecordId: z.uuid().optional(),
});

/** Everything on {@link donationsTopic}, by type. */
export const donationsContracts = {
  'CampaignOpened.v1': campaignOpenedV1,
  'DonationRecorded.v1': donationRecordedV1,
  'RefundApproved.v1': refundApprovedV1,
  'VoidApproved.v1': voidApprovedV1,
  'DonorContactCorrected.v1': donorContactCorrectedV1,
} as const;
