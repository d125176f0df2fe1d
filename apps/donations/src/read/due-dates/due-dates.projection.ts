import type { CampaignEvent } from '#domain/campaign/campaign.events.js';
import type { BankItemEvent } from '#domain/bank-item/bank-item.events.js';
import type { DonorEvent } from '#domain/donor/donor.events.js';
import type { StatementEvent } from '#domain/statement/statement.events.js';
import type { LocalDate } from '#kernel/dates.js';
import { dueDatesProjection, type DueDateRule } from '#platform/due-dates/due-date.js';

/** A campaign's window has passed. */
export const campaignCloses: DueDateRule<CampaignEvent> = {
  name: 'campaign-closes',
  streams: ['campaign-'],
  change: (event) => {
    switch (event.type) {
      case 'CampaignOpened':
      case 'CampaignExtended': {
        const { closesOn } = event.data;
        return { key: event.stream, dueAt: overEverywhere(closesOn), payload: { closesOn } };
      }
      case 'CampaignClosed':
        return { key: event.stream, dueAt: undefined };
    }
  },
};

/** Accounting law no longer keeps the identity of a donor whose contact was erased. */
export const identityExpires: DueDateRule<DonorEvent> = {
  name: 'identity-expires',
  streams: ['donor-'],
  change: (event) => {
    if (event.type !== 'PersonalDataErased') return undefined;
    const { identityKeptUntil } = event.data;
    const dueAt = identityKeptUntil === undefined ? undefined : overEverywhere(identityKeptUntil);
    return { key: event.stream, dueAt };
  },
};

/** A bank item was a donation, which is recorded next. */
export const itemDonation: DueDateRule<BankItemEvent> = {
  name: 'item-donation',
  streams: ['bank-item-'],
  change: (event) => {
    switch (event.type) {
      case 'BankItemClassified':
        if (event.data.classification.as !== 'donation') return undefined;
        return { key: event.stream, dueAt: event.recordedAt };
      case 'ClassificationPosted':
      case 'ClassificationDeclined':
        return { key: event.stream, dueAt: undefined };
      default:
        return undefined;
    }
  },
};

/** A statement's file has done its work: each row is sealed by itself, or nothing of it is ever recorded. */
export const statementFileGoes: DueDateRule<StatementEvent> = {
  name: 'statement-file-goes',
  streams: ['statement-'],
  change: ({ type, stream, recordedAt }) =>
    type === 'StatementImported' || type === 'StatementDiscarded'
      ? { key: stream, dueAt: recordedAt }
      : undefined,
};

/** How long a statement waits to be confirmed. */
const waitsMs = 30 * 24 * 3_600_000;

/** Nobody has confirmed a statement: what people wrote in its memos is not kept for nothing. */
export const statementLapses: DueDateRule<StatementEvent> = {
  name: 'statement-lapses',
  streams: ['statement-'],
  change: ({ type, stream, recordedAt }) => {
    if (type === 'StatementImported') return undefined;
    const lapsesAt = new Date(Date.parse(recordedAt) + waitsMs).toISOString();
    return { key: stream, dueAt: type === 'StatementUploaded' ? lapsesAt : undefined };
  },
};

/** What this service sends itself at a time that its events name. */
export const donationsDueDates = dueDatesProjection('donations', 3, [
  campaignCloses,
  identityExpires,
  itemDonation,
  statementFileGoes,
  statementLapses,
]);

/**
 * The instant at which a day is over in every zone: nothing rests on being told to the hour. A table holds no year with
 * five digits, so that a day at the end of 9999, which was taken once, stays in its year.
 */
function overEverywhere(day: LocalDate): string {
  const over = new Date(Date.parse(`${day}T00:00:00Z`) + 36 * 3_600_000);
  return over.getUTCFullYear() > 9999 ? '9999-12-31T23:59:59.999Z' : over.toISOString();
}
