import {
  donationPostedV1,
  donationReassignedV1,
  fundOpenedV1,
  purposeOpenedV1,
  refundPostedV1,
  voidPostedV1,
} from '#contracts/ledger.v1.js';
import type { SourceBlock } from '#contracts/source-block.js';
import type { ReceiptBookCommand } from '#domain/receipt-book/receipt-book.decide.js';
import type { Payer, ReceiptedDonation, ReceiptedItem } from '#domain/receipt-book/receipt-book.events.js';
import { localDate } from '#kernel/dates.js';
import { canonicalJson } from '#kernel/json.js';
import type { Message } from '#kernel/message.js';
import { InvariantViolation } from '#kernel/refusal.js';

/**
 * What a message of the ledger asks of the fund's receipt book while the store is in this incarnation; undefined for
 * what needs no receipt. Throws `ZodError` where the data breaks its contract.
 */
export function bookCommandOf(message: Message, storeIncarnation: number): ReceiptBookCommand | undefined {
  switch (message.type) {
    case 'FundOpened.v1':
      return openOf(message);
    case 'PurposeOpened.v1': {
      const { purpose, name } = purposeOpenedV1.parse(message.data);
      return { type: 'NamePurpose', purpose, name };
    }
    case 'DonationPosted.v1': {
      const { entryId, source } = donationPostedV1.parse(message.data);
      return {
        type: 'IssueReceipt',
        entryId,
        ...standing(message, storeIncarnation),
        donation: certified(source),
      };
    }
    case 'RefundPosted.v1':
      return refundOf(message, storeIncarnation);
    case 'VoidPosted.v1': {
      const { source } = voidPostedV1.parse(message.data);
      return { type: 'VoidReceipt', donationId: source.donationId, cause: 'void' };
    }
    case 'DonationReassigned.v1':
      return matchOf(message, storeIncarnation);
    default:
      return undefined;
  }
}

function openOf(message: Message): ReceiptBookCommand {
  const { fundId, code, name, decision, address, zone } = fundOpenedV1.parse(message.data);
  const { number, date, issuer } = decision;
  return {
    type: 'OpenReceiptBook',
    fund: {
      fundId,
      code,
      name,
      decision: { number, date: localDate(date), issuer },
      ...(address === undefined ? {} : { address }),
      zone,
    },
  };
}

function refundOf(message: Message, storeIncarnation: number): ReceiptBookCommand {
  const { entryId, source, full, left } = refundPostedV1.parse(message.data);
  if (full) return { type: 'VoidReceipt', donationId: source.donationId, cause: 'refund' };
  if (left === undefined) throw new InvariantViolation('a refund in part does not say what is left');
  const donation = { ...certified(source), amount: left };
  const replacing = { type: 'ReplaceReceipt', cause: 'refund', isPayerNew: false } as const;
  return { ...replacing, entryId, ...standing(message, storeIncarnation), donation };
}

/** A receipt says who gave and what for, and nothing of pledges: where it says the same as before, it stays. */
function matchOf(message: Message, storeIncarnation: number): ReceiptBookCommand | undefined {
  const { entryId, source, was, left } = donationReassignedV1.parse(message.data);
  const donation = { ...certified(source), ...(left && { amount: left }) };
  const isPayerNew = canonicalJson(donation.payer) !== canonicalJson(payerOf(was.donor));
  if (!isPayerNew && donation.purpose === was.purpose) return undefined;
  const replacing = { type: 'ReplaceReceipt', cause: 'match', isPayerNew } as const;
  return { ...replacing, entryId, ...standing(message, storeIncarnation), donation };
}

function standing(message: Message, storeIncarnation: number) {
  const incarnations = { message: message.position.incarnation, store: storeIncarnation };
  return { recordedAt: message.time, incarnations };
}

function certified(source: SourceBlock): ReceiptedDonation {
  const { donationId, donor, method, account, amount, items, purpose, receivedOn, language } = source;
  return {
    donationId,
    payer: payerOf(donor),
    method,
    ...(account === undefined ? {} : { account }),
    ...(amount === undefined ? {} : { amount }),
    items: items.map(itemOf),
    purpose,
    receivedOn: localDate(receivedOn),
    language,
  };
}

function payerOf(donor: SourceBlock['donor']): Payer {
  if (donor.kind !== 'named') return { kind: donor.kind };
  const { subjectId, identityRecordId, contactRecordId, contactSubjectId, organisation } = donor;
  return {
    kind: 'named',
    subjectId,
    identityRecordId,
    ...(contactRecordId === undefined ? {} : { contactRecordId }),
    ...(contactSubjectId === undefined ? {} : { contactSubjectId }),
    ...(organisation === undefined ? {} : { organisation }),
  };
}

function itemOf({ name, quantity, unit, valuation }: SourceBlock['items'][number]): ReceiptedItem {
  return { name, quantity, unit, ...(valuation === undefined ? {} : { valuation }) };
}
