import { Module } from '@nestjs/common';
import { donationsContracts, donationsTopic } from '#contracts/donations.v1.js';
import type { EventStore } from '#event-store/event-store.js';
import type { SnapshotStore } from '#event-store/snapshots.js';
import type { Service } from '#platform/service.js';
import { EVENT_STORE, SNAPSHOTS } from '#platform/tokens.js';
import { FUNDS, fundsIn, type Funds } from './funds.js';
import { BooksController } from './in/books.controller.js';
import { DonationsSubscription } from './in/donations.subscription.js';
import { FundsController } from './in/funds.controller.js';
import { Operations } from './in/operations.js';
import { ledgerPublisher } from './out/ledger.publisher.js';
import { balances } from './read/balances/balances.projection.js';
import { BooksQuery } from './read/books.query.js';
import { CHART, shippedChart } from './read/chart/chart.js';
import { entries } from './read/entries/entries.projection.js';
import { funds } from './read/funds/funds.projection.js';
import { postings } from './read/postings/postings.projection.js';
import { purposes } from './read/purposes/purposes.projection.js';

/** Funds and their double entry. */
@Module({
  controllers: [FundsController, BooksController, DonationsSubscription],
  providers: [
    BooksQuery,
    Operations,
    { provide: CHART, useFactory: shippedChart },
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
  streams: ['fund-', 'founding-'],
  knows: { [donationsTopic]: Object.keys(donationsContracts) },
  projections: [funds, purposes, entries, postings, balances],
};
