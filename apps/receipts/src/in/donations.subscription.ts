import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { donationsTopic } from '#contracts/donations.v1.js';
import type { Message } from '#kernel/message.js';
import { READ_MODELS } from '#platform/tokens.js';
import type { ReadModels } from '#read-models/read-models.js';
import { donorContacts } from '../read/donor-contacts/donor-contacts.projection.js';

/** Learns where donors want their mail from now on. */
@Controller()
export class DonationsSubscription {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  /** Messages of one fund; throws only what makes them come again. */
  @EventPattern(donationsTopic)
  async on(@Payload() messages: readonly Message[]): Promise<void> {
    await this.readModels.applyMessages(donorContacts, messages);
  }
}
