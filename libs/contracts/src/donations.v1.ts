import { z } from 'zod';
import {
  bankItemBlock,
  classificationContract,
  dateContract,
  moneyContract,
  sourceBlock,
} from './source-block.js';

/** Topic of the donations service; key: fund. Subject: the donation, campaign, pledge, statement or bank item. */
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

/** An accountant confirmed a bank's statement; the ledger posts the opening entry, if there is one. */
export const statementConfirmedV1 = z.object({
  fundId: z.uuid(),
  statementId: z.uuid(),
  /** `bank.<account>`. */
  account: z.string(),
  /** Money that stood on the account before the first row and that the books do not know. */
  openingEntry: z.object({ amount: moneyContract, effectiveOn: dateContract }).optional(),
});

/** A movement of a bank account that is no donation; the ledger posts it and never refuses it. */
export const bankItemRecordedV1 = z.object({ fundId: z.uuid(), item: bankItemBlock });

const classified = {
  fundId: z.uuid(),
  classificationId: z.uuid(),
  item: bankItemBlock,
  classification: classificationContract,
};

/** It is said what a bank item was; the ledger posts it or refuses. As a donation it is posted with that donation. */
export const bankItemClassifiedV1 = z.object(classified);

/** It was something else; the ledger reverses what it posted or refuses. */
export const classificationUndoneV1 = z.object(classified);

/**
 * A donation belongs to another donor, campaign or pledge than was recorded, or again to what it was (`undoes`); the ledger
 * moves the money between purposes, or refuses. Subject: the donation.
 */
export const donationMatchedV1 = z.object({
  fundId: z.uuid(),
  matchId: z.uuid(),
  /** The match that this one takes back. */
  undoes: z.uuid().optional(),
  /** The donation as it is now. */
  source: sourceBlock,
  /** The donation as it was until now. */
  was: sourceBlock,
  /** What refunds have left of it; absent in kind. */
  left: moneyContract.optional(),
  effectiveOn: dateContract,
});

/**
 * What was said of a donation was destroyed: how to reach those who were named on its receipts, and are no registered
 * donors, goes too.
 */
export const donationTextsErasedV1 = z.object({ fundId: z.uuid(), donationId: z.uuid() });

/** Everything on {@link donationsTopic}, by type. */
export const donationsContracts = {
  'CampaignOpened.v1': campaignOpenedV1,
  'DonationRecorded.v1': donationRecordedV1,
  'RefundApproved.v1': refundApprovedV1,
  'VoidApproved.v1': voidApprovedV1,
  'DonorContactCorrected.v1': donorContactCorrectedV1,
  'DonationTextsErased.v1': donationTextsErasedV1,
  'StatementConfirmed.v1': statementConfirmedV1,
  'BankItemRecorded.v1': bankItemRecordedV1,
  'BankItemClassified.v1': bankItemClassifiedV1,
  'ClassificationUndone.v1': classificationUndoneV1,
  'DonationMatched.v1': donationMatchedV1,
} as const;
