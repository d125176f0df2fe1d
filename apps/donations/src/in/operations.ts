import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { OrphanSweep } from '#platform/operations/orphan-sweep.js';
import { ParkedStreams } from '#platform/operations/parked-streams.js';
import { NamedRecordQuery } from '../read/named-record/named-record.query.js';
import { toBankItemCommand, toDonationCommand, toPledgeCommand } from './ledger-messages.js';
import { STREAMS, type Streams } from './streams.js';

/** Says who takes up messages parked in streams of this service, and which vault records its events name. */
@Injectable()
export class Operations implements OnModuleInit {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    private readonly parked: ParkedStreams,
    private readonly sweep: OrphanSweep,
    private readonly records: NamedRecordQuery,
  ) {}

  onModuleInit(): void {
    const { donations, pledges, bankItems } = this.streams;
    this.parked.register('donation-', (stream, subject) =>
      donations.replayParked(stream, toDonationCommand, subject),
    );
    this.parked.register('pledge-', (stream, subject) =>
      pledges.replayParked(
        stream,
        (message) => toPledgeCommand(message, stream.slice('pledge-'.length)),
        subject,
      ),
    );
    this.parked.register('bank-item-', (stream, subject) =>
      bankItems.replayParked(stream, toBankItemCommand, subject),
    );
    this.sweep.register('donors', 'donations', (recordIds) => this.records.named(recordIds));
  }
}
