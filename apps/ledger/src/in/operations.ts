import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ParkedStreams } from '#platform/operations/parked-streams.js';
import { FUNDS, type Funds } from '../funds.js';
import { commandOf } from './donation-messages.js';

/** Says who takes up messages parked in streams of this service. */
@Injectable()
export class Operations implements OnModuleInit {
  constructor(
    @Inject(FUNDS) private readonly funds: Funds,
    private readonly parked: ParkedStreams,
  ) {}

  onModuleInit(): void {
    this.parked.register('fund-', (stream, subject) => this.funds.replayParked(stream, commandOf, subject));
  }
}
