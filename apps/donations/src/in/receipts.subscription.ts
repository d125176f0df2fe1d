import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { receiptsTopic } from '#contracts/receipts.v1.js';
import type { Message } from '#kernel/message.js';
import { READ_MODELS } from '#platform/tokens.js';
import type { ReadModels } from '#read-models/read-models.js';
import { historyProjection } from '../read/history/history.projection.js';

/** What receipts says of a donation belongs to its history. */
@Controller()
export class ReceiptsSubscription {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  /** Messages of one fund, in order. */
  @EventPattern(receiptsTopic)
  async on(@Payload() messages: readonly Message[]): Promise<void> {
    await this.readModels.applyMessages([historyProjection], messages);
  }
}
