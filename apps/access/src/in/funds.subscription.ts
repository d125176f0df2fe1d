import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ledgerTopic } from '#contracts/ledger.v1.js';
import type { Message } from '#kernel/message.js';
import { READ_MODELS } from '#platform/tokens.js';
import type { ReadModels } from '#read-models/read-models.js';
import { fundProjection } from '../read/fund/fund.projection.js';

/** Learns from the ledger which funds stand under which. */
@Controller()
export class FundsSubscription {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  /** Messages of one fund, in order. */
  @EventPattern(ledgerTopic)
  async on(@Payload() messages: readonly Message[]): Promise<void> {
    await this.readModels.applyMessages([fundProjection], messages);
  }
}
