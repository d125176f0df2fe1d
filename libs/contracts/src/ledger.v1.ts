import { z } from 'zod';
import { messageParkedV1, messageReplayedV1 } from './parked.js';
import { dateContract, moneyContract, sourceBlock } from './source-block.js';

/** Topic of the ledger; key: fund. Subject: the donation, bank item or journal; the fund where none is concerned. */
export const ledgerTopic = 'mangnon.ledger.v1';

/** A fund opened; other services learn what they need of it from here. */
export const fundOpenedV1 = z.object({
  fundId: z.uuid(),
  /** Unique, such as `LS`; receipts are numbered under it. */
  code: z.string(),
  level: z.enum(['national', 'province', 'commune']),
  name: z.object({ vi: z.string(), en: z.string() }),
  /** Number and date of the decision that founded it, and who signed it. */
  decision: z.object({ number: z.string(), date: dateContract, issuer: z.string() }),
  address: z.string().optional(),
  openedOn: dateContract,
  zone: z.string(),
  currency: moneyContract.shape.currency,
  /** The fund that it belongs under. */
  parentFundId: z.uuid().optional(),
});

/** A bank account of the fund that its books have from now on, whether or not any money was there. */
export const accountOpenedV1 = z.object({
  fundId: z.uuid(),
  /** `bank.<account>`. */
  account: z.string(),
});

/** A purpose that money may be restricted to. */
export const purposeOpenedV1 = z.object({
  fundId: z.uuid(),
  purpose: z.string(),
  code: z.string(),
  name: z.object({ vi: z.string(), en: z.string() }),
  campaignId: z.uuid().optional(),
});

/** The purpose takes no more donations: what is given for it later goes to suspense. */
export const purposeClosedV1 = z.object({ fundId: z.uuid(), purpose: z.string() });

/** One line of an entry; the lines of an entry sum to zero per currency and per purpose. Positive is a debit. */
export const postingContract = z.object({ account: z.string(), purpose: z.string(), amount: moneyContract });

const entry = {
  fundId: z.uuid(),
  entryId: z.string(),
  /** Running number of the entry in its fund, from 1. */
  entryNumber: z.number().int().positive(),
  effectiveOn: dateContract,
  postings: z.array(postingContract),
};

/** A donation stands in the books; receipts gives it a number. The year of the number is that of the message's time. */
export const donationPostedV1 = z.object({
  ...entry,
  /** Where the money really went: the donation's purpose, or `suspense`. */
  postedPurpose: z.string(),
  source: sourceBlock,
});

const undoing = { ...entry, reversesEntryId: z.string(), source: sourceBlock };

/** A refund stands in the books. A full one voids the receipt, a partial one voids and reissues it for `left`. */
export const refundPostedV1 = z.object({
  ...undoing,
  refundId: z.uuid(),
  amount: moneyContract.optional(),
  left: moneyContract.optional(),
  full: z.boolean(),
});

/** A wrong entry was reversed; its receipt is void. */
export const voidPostedV1 = z.object({ ...undoing, voidId: z.uuid() });

const refused = {
  fundId: z.uuid(),
  donationId: z.uuid(),
  /** Stable refusal code of the ledger, such as `fund/short`. */
  code: z.string(),
  shortBy: moneyContract.optional(),
};

/** The ledger refused a refund; nothing was posted. */
export const refundRefusedV1 = z.object({ ...refused, refundId: z.uuid() });

/** The ledger refused a void; nothing was posted. */
export const voidRefusedV1 = z.object({ ...refused, voidId: z.uuid() });

/**
 * Any other entry stands in the books: opening balances, a bank item, a journal. What `kind` says more of has messages of
 * its own; this one is for whoever keeps balances of accounts.
 */
export const entryPostedV1 = z.object({
  ...entry,
  kind: z.enum(['opening', 'bank-item', 'journal', 'reversal']),
  /** Of what a bank's statement says: the day that it says it of, where a closed period moved the entry to another. */
  bookedOn: dateContract.optional(),
});

const classified = {
  fundId: z.uuid(),
  bankItemId: z.uuid(),
  classificationId: z.uuid(),
  /** Whether this answers what was said of the item, or that it was taken back. */
  of: z.enum(['classification', 'undoing']),
};

/** What was said of a bank item stands in the books, or stands there no longer. */
export const classificationPostedV1 = z.object({
  ...entry,
  ...classified,
  /** The day that the bank booked the item on, where a closed period moved the entry to another. */
  bookedOn: dateContract.optional(),
});

/** The ledger refused what was said of a bank item; nothing was posted. */
export const classificationRefusedV1 = z.object({
  ...classified,
  /** Stable refusal code of the ledger. */
  code: z.string(),
  shortBy: moneyContract.optional(),
});

/**
 * A donation belongs to another donor, purpose or pledge than it was (`was`). Where its receipt says otherwise, that is void
 * and a new one names what it is now.
 */
export const donationReassignedV1 = z.object({
  ...entry,
  matchId: z.uuid(),
  /** Where the money is now. */
  postedPurpose: z.string(),
  /** What refunds have left of it; absent in kind. */
  left: moneyContract.optional(),
  source: sourceBlock,
  was: sourceBlock,
});

/** The ledger refused to move a donation; nothing was posted. */
export const reassignmentRefusedV1 = z.object({ ...refused, matchId: z.uuid() });

/** Two persons agreed on a journal, or one where the bank itself says so; the ledger asks its own fund to post it. */
export const journalApprovedV1 = z.object({
  fundId: z.uuid(),
  journalId: z.uuid(),
  kind: z.enum(['opening', 'transfer', 'interest', 'fee', 'manual', 'reversal']),
  postings: z.array(postingContract),
  /** The entry that it reverses. */
  reversesEntryId: z.string().optional(),
  effectiveOn: dateContract,
});

/** A journal stands in the books. */
export const journalPostedV1 = z.object({
  ...entry,
  journalId: z.uuid(),
  /** The entry that it reverses. */
  reversesEntryId: z.string().optional(),
});

/** The fund refused a journal; nothing was posted. */
export const journalRefusedV1 = z.object({
  fundId: z.uuid(),
  journalId: z.uuid(),
  code: z.string(),
  shortBy: moneyContract.optional(),
});

/** Everything on {@link ledgerTopic}, by type. */
export const ledgerContracts = {
  'FundOpened.v1': fundOpenedV1,
  'AccountOpened.v1': accountOpenedV1,
  'PurposeOpened.v1': purposeOpenedV1,
  'PurposeClosed.v1': purposeClosedV1,
  'DonationPosted.v1': donationPostedV1,
  'RefundPosted.v1': refundPostedV1,
  'RefundRefused.v1': refundRefusedV1,
  'VoidPosted.v1': voidPostedV1,
  'VoidRefused.v1': voidRefusedV1,
  'EntryPosted.v1': entryPostedV1,
  'ClassificationPosted.v1': classificationPostedV1,
  'ClassificationRefused.v1': classificationRefusedV1,
  'DonationReassigned.v1': donationReassignedV1,
  'ReassignmentRefused.v1': reassignmentRefusedV1,
  'JournalApproved.v1': journalApprovedV1,
  'JournalPosted.v1': journalPostedV1,
  'JournalRefused.v1': journalRefusedV1,
  'MessageParked.v1': messageParkedV1,
  'MessageReplayed.v1': messageReplayedV1,
} as const;
