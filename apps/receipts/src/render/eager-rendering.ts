import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { receiptIssuedV1, receiptsTopic } from '#contracts/receipts.v1.js';
import type { Message } from '#kernel/message.js';
import { InvariantViolation } from '#kernel/refusal.js';
import type { Consumer, Messaging } from '#messaging/messaging.js';
import { MESSAGING } from '#platform/tokens.js';
import { IssuedReceipts } from '../issued-receipts.js';
import { DrawingFailed } from './pdf-press.js';
import { Renderer } from './renderer.js';

/** Few at a time, so that stopping need not wait long. */
const batchMessagesMax = 10;

/**
 * Renders the receipts of known payers as they are issued, behind the numbering and at its own pace: a consumer of our
 * own topic in a group of its own. A PDF that cannot be drawn holds up no other.
 */
@Injectable()
export class EagerRendering implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #consumer: Consumer | undefined;

  constructor(
    @Inject(MESSAGING) private readonly messaging: Messaging,
    private readonly issuedReceipts: IssuedReceipts,
    private readonly renderer: Renderer,
  ) {}

  /** Joins its group. */
  async onApplicationBootstrap(): Promise<void> {
    this.#consumer = await this.messaging.consume({
      group: 'receipts-render',
      topic: receiptsTopic,
      batchMessagesMax,
      handle: (messages) => this.handle(messages),
    });
  }

  /** Finishes the receipts in hand. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#consumer?.stop();
  }

  private async handle(messages: readonly Message[]): Promise<void> {
    for (const { type, data } of messages)
      if (type === 'ReceiptIssued.v1') await this.render(receiptIssuedV1.parse(data).number);
  }

  private async render(number: string): Promise<void> {
    const receipt = await this.issuedReceipts.find(number);
    if (!receipt) throw new InvariantViolation(`the register does not know ${number}`);
    if (receipt.issued.data.donation.payer.kind !== 'named') return;
    try {
      await this.renderer.render(receipt);
    } catch (error) {
      if (!(error instanceof DrawingFailed)) throw error;
    }
  }
}
