import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EventStore } from '#event-store/event-store.js';
import { OrphanSweep } from '#platform/operations/orphan-sweep.js';
import { ParkedStreams } from '#platform/operations/parked-streams.js';
import { EVENT_STORE } from '#platform/tokens.js';
import { RECEIPT_BOOKS, type ReceiptBooks } from '../handlers.js';
import { NamedRecordsQuery } from '../read/named-records/named-records.query.js';
import { receiptStreams } from '../streams.js';
import { bookCommandOf } from './ledger-messages.js';

/** Says who takes up messages parked in receipt books, and which vault records are named here. */
@Injectable()
export class Operations implements OnModuleInit {
  constructor(
    @Inject(RECEIPT_BOOKS) private readonly books: ReceiptBooks,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly parked: ParkedStreams,
    private readonly sweep: OrphanSweep,
    private readonly records: NamedRecordsQuery,
  ) {}

  onModuleInit(): void {
    this.parked.register(receiptStreams.books, async (stream, subject) => {
      const incarnation = await this.store.incarnation();
      return this.books.replayParked(stream, (message) => bookCommandOf(message, incarnation), subject);
    });
    this.sweep.register('donors', 'receipts', (recordIds) => this.records.named(recordIds));
  }
}
