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
import { MESSAGING, READ_MODELS } from '#platform/tokens.js';
import type { ReadModels } from '#read-models/read-models.js';
import { RegisterQuery } from '../read/register/register.query.js';
import { IssuedReceipts } from '../issued-receipts.js';
import { DrawingFailed } from './pdf-press.js';
import { Renderer } from './renderer.js';

/** How long the register may take to show what was just issued, in milliseconds. */
const patienceMs = 10_000;

/**
 * Renders the receipts of known payers as they are issued, behind the numbering and at its own pace: a consumer of our
 * own topic in a group of its own. A PDF that cannot be drawn holds up no other.
 */
@Injectable()
export class EagerRendering implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stopping = new AbortController();
  #consumer: Consumer | undefined;

  constructor(
    @Inject(MESSAGING) private readonly messaging: Messaging,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    private readonly register: RegisterQuery,
    private readonly issuedReceipts: IssuedReceipts,
    private readonly renderer: Renderer,
  ) {}

  /** Joins its group. */
  async onApplicationBootstrap(): Promise<void> {
    const handle = (messages: readonly Message[]): Promise<void> => this.handle(messages);
    this.#consumer = await this.messaging.consume({ group: 'receipts-render', topic: receiptsTopic, handle });
  }

  /** Finishes the receipt in hand; what else was taken comes again. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#consumer?.stop();
  }

  /** Most receipts of a large import name nobody, so the register is asked for all of them at once. */
  private async handle(messages: readonly Message[]): Promise<void> {
    const issued = messages.filter(({ type }) => type === 'ReceiptIssued.v1');
    const last = issued.at(-1);
    if (!last) return;
    await this.readModels.waitFor('receipts', last.position, patienceMs);
    const numbers = issued.map(({ data }) => receiptIssuedV1.parse(data).number);
    const unrendered = await this.register.unrendered(numbers);
    for (const number of numbers.filter((one) => unrendered.has(one))) {
      this.#stopping.signal.throwIfAborted();
      await this.render(number);
    }
  }

  private async render(number: string): Promise<void> {
    const receipt = await this.issuedReceipts.find(number);
    if (!receipt) throw new InvariantViolation(`the register does not know ${number}`);
    try {
      await this.renderer.render(receipt);
    } catch (error) {
      if (!(error instanceof DrawingFailed)) throw error;
    }
  }
}
