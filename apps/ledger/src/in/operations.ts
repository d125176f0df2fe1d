import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { OrphanSweep } from '#platform/operations/orphan-sweep.js';
import { ParkedStreams } from '#platform/operations/parked-streams.js';
import { FUNDS, type Funds } from '../funds.js';
import { JOURNALS, type Journals } from '../journals.js';
import { AccountingQuery } from '../read/accounting.query.js';
import { commandOf } from './donation-messages.js';
import { toJournalCommand } from './journal-messages.js';

/** Says who takes up messages parked in streams of this service, and which vault records its events name. */
@Injectable()
export class Operations implements OnModuleInit {
  constructor(
    @Inject(FUNDS) private readonly funds: Funds,
    @Inject(JOURNALS) private readonly journals: Journals,
    private readonly parked: ParkedStreams,
    private readonly sweep: OrphanSweep,
    private readonly accounting: AccountingQuery,
  ) {}

  onModuleInit(): void {
    this.parked.register('fund-', (stream, subject) => this.funds.replayParked(stream, commandOf, subject));
    this.parked.register('journal-', (stream, subject) =>
      this.journals.replayParked(stream, toJournalCommand, subject),
    );
    this.sweep.register('books', 'ledger', (recordIds) => this.accounting.named(recordIds));
  }
}
