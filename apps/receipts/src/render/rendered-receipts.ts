import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { reasonOf } from '#event-store/handle-errors.js';
import type { Replay } from '#event-store/handle-parked.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import { ParkedStreams } from '#platform/operations/parked-streams.js';
import { inSpanAfter } from '#platform/tracing/spans.js';
import { mayPass } from '#platform/transport/failures.js';
import { IssuedReceipts, type IssuedReceipt } from '../issued-receipts.js';
import { numberOf, receiptStreams } from '../streams.js';
import { DrawingFailed, type Urgency } from './pdf-press.js';
import { Renderer } from './renderer.js';

const logger = new Logger('receipts');

/** Renders receipts by their number, where one's own fault shall stop nobody. */
@Injectable()
export class RenderedReceipts implements OnModuleInit {
  #owed = 0;

  constructor(
    private readonly issuedReceipts: IssuedReceipts,
    private readonly renderer: Renderer,
    private readonly parked: ParkedStreams,
  ) {}

  /** Says who takes up messages parked in the streams of receipts. */
  onModuleInit(): void {
    this.parked.register(receiptStreams.all, (stream, subject) => this.takeUp(numberOf(stream), subject));
  }

  /** Whether receipts that are owed to somebody are being rendered here at this moment. */
  get isOwing(): boolean {
    return this.#owed > 0;
  }

  /** Renders receipts that are owed, one after the other, as {@link RenderedReceipts.render} does; ends early, with a throw, once aborted. */
  async renderOwed(numbers: readonly string[], signal: AbortSignal): Promise<void> {
    this.#owed += 1;
    try {
      for (const number of numbers) {
        signal.throwIfAborted();
        await this.render(number, 'owed');
      }
    } finally {
      this.#owed -= 1;
    }
  }

  /** Throws only what may pass by itself; a fault of this receipt is recorded, and told of in the log. */
  async render(number: string, urgency: Urgency): Promise<void> {
    try {
      const receipt = await this.issued(number);
      const drawn = {
        name: 'draw receipt',
        kind: 'internal',
        attributes: { 'mangnon.receipt': number },
      } as const;
      await inSpanAfter(receipt.issued, drawn, () => this.renderer.render(receipt, urgency));
    } catch (error) {
      if (mayPass(error)) throw error;
      const why = error instanceof DrawingFailed && error.cause !== undefined ? error.cause : error;
      logger.error(`${number} is not rendered: ${reasonOf(why)}`);
    }
  }

  private async takeUp(number: string, subject?: string): Promise<Replay> {
    const receipt = await this.issuedReceipts.find(number);
    if (!receipt) throw new DomainRefusal('operations/stream-unknown');
    return this.renderer.takeUp(receipt, subject);
  }

  private async issued(number: string): Promise<IssuedReceipt> {
    const receipt = await this.issuedReceipts.find(number);
    if (!receipt) throw new InvariantViolation(`the register does not know ${number}`);
    return receipt;
  }
}
