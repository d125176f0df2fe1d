import { Module } from '@nestjs/common';
import { fund } from '#domain/fund/fund.decide.js';
import { newId } from '#event-store/command-id.js';
import type { EventStore } from '#event-store/event-store.js';
import { handle } from '#event-store/handle.js';
import type { Service } from '#platform/service.js';
import { EVENT_STORE } from '#platform/tokens.js';
import { FUNDS, type Funds } from './funds.js';
import { BooksController } from './in/books.controller.js';
import { DonationsSubscription } from './in/donations.subscription.js';
import { FundsController } from './in/funds.controller.js';
import { ledgerPublisher } from './out/ledger.publisher.js';
import { balances } from './read/balances/balances.projection.js';
import { entries } from './read/entries/entries.projection.js';
import { funds } from './read/funds/funds.projection.js';
import { postings } from './read/postings/postings.projection.js';
import { purposes } from './read/purposes/purposes.projection.js';

/** Funds and their double entry. */
@Module({
  controllers: [FundsController, BooksController, DonationsSubscription],
  providers: [
    {
      provide: FUNDS,
      inject: [EVENT_STORE],
      useFactory: (store: EventStore): Funds => handle(store, fund, { service: 'ledger', ids: newId }),
    },
  ],
})
export class LedgerModule {}

/** The ledger as both ways to run know it. */
export const ledgerService: Service = {
  name: 'ledger',
  module: LedgerModule,
  publishers: [ledgerPublisher],
  streams: ['fund-'],
  projections: [funds, purposes, entries, postings, balances],
};
