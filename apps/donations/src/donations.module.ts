import { Module } from '@nestjs/common';
import { ledgerContracts, ledgerTopic } from '#contracts/ledger.v1.js';
import { receiptsContracts, receiptsTopic } from '#contracts/receipts.v1.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Service } from '#platform/service.js';
import { EVENT_STORE } from '#platform/tokens.js';
import { BankDue } from './in/bank-due.js';
import { BankItemDesk } from './in/bank-item-desk.js';
import { BankItemsController } from './in/bank-items.controller.js';
import { BookedAlready } from './in/booked-already.js';
import { CampaignOpening } from './in/campaign-opening.js';
import { CampaignsController } from './in/campaigns.controller.js';
import { DonationEntry } from './in/donation-entry.js';
import { DonationListsController } from './in/donation-lists.controller.js';
import { DonationsController } from './in/donations.controller.js';
import { DonorClassesController } from './in/donor-classes.controller.js';
import { DonorDesk } from './in/donor-desk.js';
import { DonorListsController } from './in/donor-lists.controller.js';
import { DonorsController } from './in/donors.controller.js';
import { Due } from './in/due.js';
import { Erasures } from './in/erasures.js';
import { Facts } from './in/facts.js';
import { Importer } from './in/importer.js';
import { ItemDonations } from './in/item-donations.js';
import { LedgerSubscription } from './in/ledger.subscription.js';
import { OpenStatements } from './in/open-statements.js';
import { MatchDesk } from './in/match-desk.js';
import { MatchesController } from './in/matches.controller.js';
import { Operations } from './in/operations.js';
import { PersonalData } from './in/personal-data.js';
import { PledgesController } from './in/pledges.controller.js';
import { ReceiptsSubscription } from './in/receipts.subscription.js';
import { RefundsController } from './in/refunds.controller.js';
import { RowRecording } from './in/row-recording.js';
import { StatementDesk } from './in/statement-desk.js';
import { StatementForecast } from './in/statement-forecast.js';
import { Rows, StatementImport } from './in/statement-import.js';
import { StatementsController } from './in/statements.controller.js';
import { STREAMS, streamsOf } from './in/streams.js';
import { UndoingDesk } from './in/undoing-desk.js';
import { VoidsController } from './in/voids.controller.js';
import { donationsPublisher } from './out/donations.publisher.js';
import { accountBalanceProjection } from './read/account-balance/account-balance.projection.js';
import { AccountBalanceQuery } from './read/account-balance/account-balance.query.js';
import { claimableEntryProjection } from './read/account-balance/claimable-entry.projection.js';
import { openingEntryProjection } from './read/account-balance/opening-entry.projection.js';
import { postedItemProjection } from './read/account-balance/posted-item.projection.js';
import { bankAccountProjection } from './read/bank-account/bank-account.projection.js';
import { bankItemProjection } from './read/bank-item/bank-item.projection.js';
import { BankItemQuery } from './read/bank-item/bank-item.query.js';
import { campaignProjection } from './read/campaign/campaign.projection.js';
import { CampaignQuery } from './read/campaign/campaign.query.js';
import { donationProjection } from './read/donation/donation.projection.js';
import { DonationQuery } from './read/donation/donation.query.js';
import { donorClassProjection } from './read/donor-class/donor-class.projection.js';
import { DonorClassQuery } from './read/donor-class/donor-class.query.js';
import { donorProjection } from './read/donor/donor.projection.js';
import { DonorQuery } from './read/donor/donor.query.js';
import { donationsDueDates } from './read/due-dates/due-dates.projection.js';
import { fundProjection } from './read/fund/fund.projection.js';
import { FundQuery } from './read/fund/fund.query.js';
import { historyProjection } from './read/history/history.projection.js';
import { HistoryQuery } from './read/history/history.query.js';
import { WithoutReceiptQuery } from './read/without-receipt/without-receipt.query.js';
import { namedRecordProjection } from './read/named-record/named-record.projection.js';
import { NamedRecordQuery } from './read/named-record/named-record.query.js';
import { pledgeProjection } from './read/pledge/pledge.projection.js';
import { PledgeQuery } from './read/pledge/pledge.query.js';
import { purposeProjection } from './read/purpose/purpose.projection.js';
import { PurposeQuery } from './read/purpose/purpose.query.js';
import { DoublesQuery } from './read/statement/doubles.query.js';
import { KnownRowsQuery } from './read/statement/known-rows.query.js';
import { statementProjection } from './read/statement/statement.projection.js';
import { StatementQuery } from './read/statement/statement.query.js';
import { Tables } from './read/tables.js';
import { StatementFiles } from './statement/statement-files.js';

/** Donors, campaigns, pledges, donations and bank statements: HTTP in, events, messages out. */
@Module({
  controllers: [
    DonorClassesController,
    DonorListsController,
    DonorsController,
    CampaignsController,
    PledgesController,
    DonationListsController,
    DonationsController,
    RefundsController,
    VoidsController,
    MatchesController,
    StatementsController,
    BankItemsController,
    LedgerSubscription,
    ReceiptsSubscription,
  ],
  providers: [
    { provide: STREAMS, inject: [EVENT_STORE], useFactory: (store: EventStore) => streamsOf(store) },
    ...[
      Facts,
      PersonalData,
      DonorDesk,
      DonationEntry,
      CampaignOpening,
      UndoingDesk,
      MatchDesk,
      Erasures,
      Due,
      Operations,
    ],
    ...[StatementFiles, StatementForecast, OpenStatements, StatementDesk],
    ...[RowRecording, Rows, StatementImport, Importer, ItemDonations, BankDue, BookedAlready, BankItemDesk],
    ...[
      Tables,
      FundQuery,
      PurposeQuery,
      DonationQuery,
      DonorClassQuery,
      DonorQuery,
      CampaignQuery,
      PledgeQuery,
      HistoryQuery,
      WithoutReceiptQuery,
      NamedRecordQuery,
      StatementQuery,
      KnownRowsQuery,
      DoublesQuery,
      BankItemQuery,
      AccountBalanceQuery,
    ],
  ],
})
export class DonationsModule {}

/** The donations service as the ways to run know it. */
export const donationsService: Service = {
  name: 'donations',
  module: DonationsModule,
  publishers: [donationsPublisher],
  streams: ['donation-', 'donor-', 'campaign-', 'appeal-', 'pledge-', 'statement-', 'bank-item-'],
  knows: { [ledgerTopic]: Object.keys(ledgerContracts), [receiptsTopic]: Object.keys(receiptsContracts) },
  rooms: ['donors'],
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
};
