import {
  campaignOpenedV1,
  donationMatchedV1,
  donationRecordedV1,
  refundApprovedV1,
  voidApprovedV1,
} from '#contracts/donations.v1.js';
import type { FundCommand } from '#domain/fund/fund.decide.js';
import { unrestricted } from '#domain/fund/postings.policy.js';
import { localDate } from '#kernel/dates.js';
import type { Message } from '#kernel/message.js';
import { z } from 'zod';
import { bankItemOf, classificationOf, classificationUndoneOf, statementOf } from './bank-messages.js';
import { journalOf } from './journal-messages.js';
import { present } from './plain.js';
import { sourceOf } from './source-messages.js';

/** A purpose becomes a key of the books, so it is what we name purposes by and nothing else. */
const purposeContract = z.union([z.literal(unrestricted), z.uuid()]);

/**
 * What a message asks of its fund, of the donations service or of a journal; undefined for what the books do not care about. Throws
 * `ZodError` where the data breaks its contract.
 */
export function commandOf(message: Message): FundCommand | undefined {
  switch (message.type) {
    case 'CampaignOpened.v1': {
      const { code, name, campaignId, ...campaign } = campaignOpenedV1.parse(message.data);
      const purpose = purposeContract.parse(campaign.purpose);
      return { type: 'AdmitCampaign', purpose, code, name, campaignId };
    }
    case 'DonationRecorded.v1': {
      const { source } = donationRecordedV1.parse(message.data);
      return { type: 'PostDonation', source: sourceOf(source), toldAt: message.time };
    }
    case 'RefundApproved.v1':
      return refundOf(message);
    case 'VoidApproved.v1':
      return voidOf(message);
    case 'DonationMatched.v1':
      return matchOf(message);
    case 'StatementConfirmed.v1':
      return statementOf(message);
    case 'BankItemRecorded.v1':
      return bankItemOf(message);
    case 'BankItemClassified.v1':
      return classificationOf(message);
    case 'ClassificationUndone.v1':
      return classificationUndoneOf(message);
    case 'JournalApproved.v1':
      return journalOf(message);
    default:
      return undefined;
  }
}

function refundOf(message: Message): FundCommand {
  const { refundId, amount, left, full, paidFrom, effectiveOn, source } = refundApprovedV1.parse(
    message.data,
  );
  return {
    type: 'PostRefund',
    refundId,
    ...present({ amount, left, paidFrom }),
    full,
    effectiveOn: localDate(effectiveOn),
    source: sourceOf(source),
    approvedAt: message.time,
  };
}

function voidOf(message: Message): FundCommand {
  const { voidId, left, effectiveOn, source } = voidApprovedV1.parse(message.data);
  return {
    type: 'PostVoid',
    voidId,
    ...present({ left }),
    effectiveOn: localDate(effectiveOn),
    source: sourceOf(source),
    approvedAt: message.time,
  };
}

function matchOf(message: Message): FundCommand {
  const { matchId, undoes, source, was, left, effectiveOn } = donationMatchedV1.parse(message.data);
  return {
    type: 'ReassignDonation',
    matchId,
    ...present({ undoes, left }),
    source: sourceOf(source),
    was: sourceOf(was),
    effectiveOn: localDate(effectiveOn),
    toldAt: message.time,
  };
}
