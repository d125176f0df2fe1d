import { accessPublisher } from '#apps/access/src/out/access.publisher.js';
import { fundProjection as accessFunds } from '#apps/access/src/read/fund/fund.projection.js';
import { namedRecordProjection as accessNamedRecords } from '#apps/access/src/read/named-record/named-record.projection.js';
import { staffProjection } from '#apps/access/src/read/staff/staff.projection.js';
import { donationsPublisher } from '#apps/donations/src/out/donations.publisher.js';
import { accountBalanceProjection } from '#apps/donations/src/read/account-balance/account-balance.projection.js';
import { claimableEntryProjection } from '#apps/donations/src/read/account-balance/claimable-entry.projection.js';
import { openingEntryProjection } from '#apps/donations/src/read/account-balance/opening-entry.projection.js';
import { postedItemProjection } from '#apps/donations/src/read/account-balance/posted-item.projection.js';
import { bankAccountProjection } from '#apps/donations/src/read/bank-account/bank-account.projection.js';
import { bankItemProjection } from '#apps/donations/src/read/bank-item/bank-item.projection.js';
import { campaignProjection } from '#apps/donations/src/read/campaign/campaign.projection.js';
import { donationProjection } from '#apps/donations/src/read/donation/donation.projection.js';
import { donorClassProjection } from '#apps/donations/src/read/donor-class/donor-class.projection.js';
import { donorProjection } from '#apps/donations/src/read/donor/donor.projection.js';
import { donationsDueDates } from '#apps/donations/src/read/due-dates/due-dates.projection.js';
import { fundProjection } from '#apps/donations/src/read/fund/fund.projection.js';
import { historyProjection } from '#apps/donations/src/read/history/history.projection.js';
import { namedRecordProjection } from '#apps/donations/src/read/named-record/named-record.projection.js';
import { pledgeProjection } from '#apps/donations/src/read/pledge/pledge.projection.js';
import { statementProjection } from '#apps/donations/src/read/statement/statement.projection.js';
import { purposeProjection } from '#apps/donations/src/read/purpose/purpose.projection.js';
import { ledgerPublisher } from '#apps/ledger/src/out/ledger.publisher.js';
import { balances } from '#apps/ledger/src/read/balances/balances.projection.js';
import { cashCounts } from '#apps/ledger/src/read/cash-counts/cash-counts.projection.js';
import { entries } from '#apps/ledger/src/read/entries/entries.projection.js';
import { funds } from '#apps/ledger/src/read/funds/funds.projection.js';
import { journals } from '#apps/ledger/src/read/journals/journals.projection.js';
import { namedRecords as namedBookRecords } from '#apps/ledger/src/read/named-records/named-records.projection.js';
import { periods } from '#apps/ledger/src/read/periods/periods.projection.js';
import { postings } from '#apps/ledger/src/read/postings/postings.projection.js';
import { purposes } from '#apps/ledger/src/read/purposes/purposes.projection.js';
import { receiptNumbers } from '#apps/ledger/src/read/receipt-numbers/receipt-numbers.projection.js';
import { receiptsPublisher } from '#apps/receipts/src/out/receipts.publisher.js';
import { donationReceipts } from '#apps/receipts/src/read/donation-receipts/donation-receipts.projection.js';
import { donorContacts } from '#apps/receipts/src/read/donor-contacts/donor-contacts.projection.js';
import { receiptsDueDates } from '#apps/receipts/src/read/due-dates/due-dates.projection.js';
import { namedRecords } from '#apps/receipts/src/read/named-records/named-records.projection.js';
import { register } from '#apps/receipts/src/read/register/register.projection.js';
import type { TopicSource } from '#kernel/message.js';
import { parkedProjection } from '#platform/operations/parked.projection.js';
import type { AnyProjection } from '#read-models/projection.js';
import type { ServiceRights } from '#platform/database-users/database-users.js';

/** A service as a replay knows it: its pure parts alone. test/cli holds this list against the services themselves. */
export interface ReplayedService extends ServiceRights {
  readonly publishers: readonly TopicSource[];
  readonly projections: readonly AnyProjection[];
}

/** Every service that keeps read models. */
export const replayedServices: readonly ReplayedService[] = [
  {
    name: 'access',
    rooms: ['staff'],
    streams: ['staff-', 'login-'],
    publishers: [accessPublisher],
    projections: [staffProjection, accessNamedRecords, accessFunds],
  },
  {
    name: 'donations',
    rooms: ['donors'],
    streams: ['donation-', 'donor-', 'campaign-', 'appeal-', 'pledge-', 'statement-', 'bank-item-'],
    publishers: [donationsPublisher],
    projections: [
      donationProjection,
      donorClassProjection,
      donorProjection,
      campaignProjection,
      pledgeProjection,
      namedRecordProjection,
      donationsDueDates,
      fundProjection,
      purposeProjection,
      historyProjection,
      statementProjection,
      bankAccountProjection,
      bankItemProjection,
      accountBalanceProjection,
      openingEntryProjection,
      claimableEntryProjection,
      postedItemProjection,
    ],
  },
  {
    name: 'ledger',
    rooms: ['books'],
    streams: ['fund-', 'founding-', 'journal-'],
    publishers: [ledgerPublisher],
    projections: [
      funds,
      purposes,
      entries,
      postings,
      balances,
      journals,
      periods,
      cashCounts,
      namedBookRecords,
      receiptNumbers,
    ],
  },
  {
    name: 'receipts',
    rooms: ['donors'],
    streams: ['receipt-'],
    publishers: [receiptsPublisher],
    projections: [register, donationReceipts, donorContacts, namedRecords, receiptsDueDates],
  },
];

/** Every projection that is compared, with what waits in each service's streams. */
export function replayedProjections(
  services: readonly ReplayedService[] = replayedServices,
): readonly AnyProjection[] {
  return services.flatMap(({ name, streams, projections }) => [
    ...projections,
    parkedProjection(name, streams),
  ]);
}

/** Every topic's translation. */
export function replayedSources(
  services: readonly ReplayedService[] = replayedServices,
): readonly TopicSource[] {
  return services.flatMap(({ publishers }) => publishers);
}
