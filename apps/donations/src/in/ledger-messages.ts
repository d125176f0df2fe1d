import {
  classificationPostedV1,
  classificationRefusedV1,
  donationPostedV1,
  donationReassignedV1,
  reassignmentRefusedV1,
  refundPostedV1,
  refundRefusedV1,
  voidPostedV1,
  voidRefusedV1,
} from '#contracts/ledger.v1.js';
import type { BankItemCommand } from '#domain/bank-item/bank-item.decide.js';
import type { DonationCommand } from '#domain/donation/donation.decide.js';
import type { PledgeCommand } from '#domain/pledge/pledge.decide.js';
import type { Message } from '#kernel/message.js';

/** What a message of the ledger means to the donation that it answers; undefined where it answers none. */
export function toDonationCommand({ type, data }: Message): DonationCommand | undefined {
  switch (type) {
    case 'RefundPosted.v1': {
      const { refundId, entryId } = refundPostedV1.parse(data);
      return { type: 'CompleteUndoing', kind: 'refund', id: refundId, entryId };
    }
    case 'VoidPosted.v1': {
      const { voidId, entryId } = voidPostedV1.parse(data);
      return { type: 'CompleteUndoing', kind: 'void', id: voidId, entryId };
    }
    case 'RefundRefused.v1': {
      const { refundId, code, shortBy } = refundRefusedV1.parse(data);
      return { type: 'DeclineUndoing', kind: 'refund', id: refundId, code, ...(shortBy && { shortBy }) };
    }
    case 'VoidRefused.v1': {
      const { voidId, code, shortBy } = voidRefusedV1.parse(data);
      return { type: 'DeclineUndoing', kind: 'void', id: voidId, code, ...(shortBy && { shortBy }) };
    }
    case 'DonationReassigned.v1': {
      const { matchId, entryId } = donationReassignedV1.parse(data);
      return { type: 'CompleteMatch', matchId, entryId };
    }
    case 'ReassignmentRefused.v1': {
      const { matchId, code, shortBy } = reassignmentRefusedV1.parse(data);
      return { type: 'DeclineMatch', matchId, code, ...(shortBy && { shortBy }) };
    }
    default:
      return undefined;
  }
}

/** What a message of the ledger means to a pledge that it is about; undefined where nothing was posted. */
export function toPledgeCommand({ type, data }: Message, pledgeId: string): PledgeCommand | undefined {
  switch (type) {
    case 'DonationPosted.v1': {
      const { donationId, amount } = donationPostedV1.parse(data).source;
      return amount && { type: 'CountDonation', donationId, amount };
    }
    case 'RefundPosted.v1': {
      const { source, amount } = refundPostedV1.parse(data);
      return { type: 'UndoDonation', donationId: source.donationId, by: 'refund', ...(amount && { amount }) };
    }
    case 'VoidPosted.v1': {
      const { source } = voidPostedV1.parse(data);
      return { type: 'UndoDonation', donationId: source.donationId, by: 'void' };
    }
    case 'DonationReassigned.v1': {
      const { source, was, left } = donationReassignedV1.parse(data);
      if (source.pledgeId === was.pledgeId) return undefined;
      const { donationId } = source;
      if (pledgeId === was.pledgeId) return { type: 'UndoDonation', donationId, by: 'match' };
      return left && { type: 'CountDonation', donationId, amount: left };
    }
    default:
      return undefined;
  }
}

/** What a message of the ledger means to the bank item that it answers; undefined where it answers none. */
export function toBankItemCommand({ type, data }: Message): BankItemCommand | undefined {
  switch (type) {
    case 'ClassificationPosted.v1': {
      const { classificationId, of, entryId } = classificationPostedV1.parse(data);
      return { type: 'SettleClassification', classificationId, of, entryId };
    }
    case 'ClassificationRefused.v1': {
      const { classificationId, of, code, shortBy } = classificationRefusedV1.parse(data);
      return { type: 'DeclineClassification', classificationId, of, code, ...(shortBy && { shortBy }) };
    }
    // The item was a donation, which goes by the id of what was said of the item.
    case 'DonationPosted.v1': {
      const { source, entryId } = donationPostedV1.parse(data);
      return {
        ...{ type: 'SettleClassification', of: 'classification' },
        ...{ classificationId: source.donationId, entryId },
      };
    }
    case 'VoidPosted.v1': {
      const { source, entryId } = voidPostedV1.parse(data);
      return { type: 'ReleaseBankItem', classificationId: source.donationId, entryId };
    }
    default:
      return undefined;
  }
}

/** The bank item that a message is about, or that the donation that it is about was. */
export function bankItemOf({ type, data }: Message): string | undefined {
  const { bankItemId, source } = data as {
    readonly bankItemId?: string;
    readonly source?: { readonly bankItemId?: string };
  };
  if (type === 'DonationPosted.v1' || type === 'VoidPosted.v1') return source?.bankItemId;
  return bankItemId;
}

/** The pledges behind the donation that a message is about: that of now, and that of before where it was matched elsewhere. */
export function pledgesOf({ data }: Message): readonly string[] {
  const { source, was } = data as Readonly<
    Record<'source' | 'was', { readonly pledgeId?: string } | undefined>
  >;
  const named = [source?.pledgeId, was?.pledgeId].filter((pledgeId) => pledgeId !== undefined);
  return [...new Set(named)];
}
