import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ParkedStreams } from '#platform/operations/parked-streams.js';
import { toDonationCommand, toPledgeCommand } from './ledger-messages.js';
import { STREAMS, type Streams } from './streams.js';

/** Says who takes up messages that were parked in streams of this service. */
@Injectable()
export class Parked implements OnModuleInit {
  constructor(
    private readonly parked: ParkedStreams,
    @Inject(STREAMS) private readonly streams: Streams,
  ) {}

  onModuleInit(): void {
    const { donations, pledges } = this.streams;
    this.parked.register('donation-', (stream, subject) =>
      donations.replayParked(stream, toDonationCommand, subject),
    );
    this.parked.register('pledge-', (stream, subject) =>
      pledges.replayParked(stream, toPledgeCommand, subject),
    );
  }
}
