import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { receiptsTopic } from '#contracts/receipts.v1.js';
import type { Message } from '#kernel/message.js';
import type { SubscriptionExtras } from '#platform/transport/subscriptions.js';
import { READ_MODELS } from '#platform/tokens.js';
import type { ReadModels } from '#read-models/read-models.js';
import { receiptNumberMessages, receiptNumbers } from '../read/receipt-numbers/receipt-numbers.projection.js';

/** What receipts say of numbers belongs into the books of money, as the voucher of what came in. */
@Controller()
export class ReceiptsSubscription {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  /** Messages of one fund, in order. */
  @EventPattern(receiptsTopic, { types: receiptNumberMessages } satisfies SubscriptionExtras)
  async on(@Payload() messages: readonly Message[]): Promise<void> {
    await this.readModels.applyMessages([receiptNumbers], messages);
  }
}
