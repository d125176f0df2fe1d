import {
  donationPostedV1,
  refundPostedV1,
  refundRefusedV1,
  voidPostedV1,
  voidRefusedV1,
} from '#contracts/ledger.v1.js';
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
    default:
      return undefined;
  }
}

/** What a message of the ledger means to the pledge behind the donation; undefined where nothing was posted. */
export function toPledgeCommand({ type, data }: Message): PledgeCommand | undefined {
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
    default:
      return undefined;
  }
}

/** The pledge behind the donation that a message is about. */
export function pledgeOf(message: Message): string | undefined {
  const { source } = message.data as { readonly source?: { readonly pledgeId?: string } };
  return source?.pledgeId;
}
