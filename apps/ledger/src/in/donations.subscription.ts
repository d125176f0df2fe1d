import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { donationsTopic } from '#contracts/donations.v1.js';
import type { Message } from '#kernel/message.js';
import { streamOf } from '../fund-streams.js';
import { FUNDS, type Funds } from '../funds.js';
import { commandOf } from './donation-messages.js';

/** Answers what the donations service tells of a fund, in order, once. */
@Controller()
export class DonationsSubscription {
  constructor(@Inject(FUNDS) private readonly funds: Funds) {}

  /** Messages of one fund; throws only what makes them come again, or their key be held. */
  @EventPattern(donationsTopic)
  async on(@Payload() messages: readonly Message[]): Promise<void> {
    const [first] = messages;
    if (first) await this.funds.messages(streamOf(first.key), messages, commandOf);
  }
}
