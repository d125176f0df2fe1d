import { Module } from '@nestjs/common';
import { donationsContracts, donationsTopic } from '#contracts/donations.v1.js';
import { ledgerContracts, ledgerTopic } from '#contracts/ledger.v1.js';
import { receiptsContracts, receiptsTopic } from '#contracts/receipts.v1.js';
import type { EventStore } from '#event-store/event-store.js';
import type { SnapshotStore } from '#event-store/snapshots.js';
import type { Service } from '#platform/service.js';
import { EVENT_STORE, SNAPSHOTS } from '#platform/tokens.js';
import { FUNDS, fundsIn, type Funds } from './funds.js';
import { BooksController } from './in/books.controller.js';
import { CashCountsController } from './in/cash-counts.controller.js';
import { DonationsSubscription } from './in/donations.subscription.js';
import { FundsController } from './in/funds.controller.js';
import { JournalDesk } from './in/journal-desk.js';
import { JournalsController } from './in/journals.controller.js';
import { JournalsSubscription } from './in/journals.subscription.js';
import { MoneyBooksController } from './in/money-books.controller.js';
import { Narrations } from './in/narrations.js';
import { Operations } from './in/operations.js';
import { PeriodsController } from './in/periods.controller.js';
import { JOURNALS, journalsIn } from './journals.js';
import { ReceiptsSubscription } from './in/receipts.subscription.js';
import { ledgerPublisher } from './out/ledger.publisher.js';
import { AccountingQuery } from './read/accounting.query.js';
import { balances } from './read/balances/balances.projection.js';
import { BooksQuery } from './read/books.query.js';
import { cashCounts } from './read/cash-counts/cash-counts.projection.js';
import { CHART, shippedChart } from './read/chart/chart.js';
import { entries } from './read/entries/entries.projection.js';
import { funds } from './read/funds/funds.projection.js';
import { journals } from './read/journals/journals.projection.js';
import { namedRecords } from './read/named-records/named-records.projection.js';
import { periods } from './read/periods/periods.projection.js';
import { postings } from './read/postings/postings.projection.js';
import { purposes } from './read/purposes/purposes.projection.js';
import { receiptNumbers } from './read/receipt-numbers/receipt-numbers.projection.js';

/** Funds and their double entry. */
@Module({
  controllers: [
    FundsController,
    BooksController,
    MoneyBooksController,
    JournalsController,
    PeriodsController,
    CashCountsController,
    DonationsSubscription,
    JournalsSubscription,
    ReceiptsSubscription,
  ],
  providers: [
    BooksQuery,
    AccountingQuery,
    Narrations,
    JournalDesk,
    Operations,
    { provide: CHART, useFactory: shippedChart },
    { provide: JOURNALS, inject: [EVENT_STORE], useFactory: (store: EventStore) => journalsIn(store) },
    {
      provide: FUNDS,
      inject: [EVENT_STORE, SNAPSHOTS],
      useFactory: (store: EventStore, snapshots: SnapshotStore): Funds => fundsIn(store, snapshots),
    },
  ],
})
export class LedgerModule {}

/** The ledger as both ways to run know it. */
export const ledgerService: Service = {
  name: 'ledger',
  module: LedgerModule,
  publishers: [ledgerPublisher],
  streams: ['fund-', 'founding-', 'journal-'],
  knows: {
    [donationsTopic]: Object.keys(donationsContracts),
    [ledgerTopic]: Object.keys(ledgerContracts),
    [receiptsTopic]: Object.keys(receiptsContracts),
  },
  rooms: ['books'],
  projections: [
    funds,
    purposes,
    entries,
    postings,
    balances,
    journals,
    periods,
    cashCounts,
    namedRecords,
    receiptNumbers,
  ],
};
