import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { EventStore } from '#event-store/event-store.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { EVENT_STORE } from '#platform/tokens.js';
import { RECEIPTS_CONFIG, type ReceiptsConfig } from '../config.js';
import { RECEIPTS, type Receipts } from '../handlers.js';
import { ownCommandOf, receiptStreamOf } from '../streams.js';
import { BOUNCE_ADDRESSES, numberIn, type BounceAddresses } from './bounce-address.js';
import { failedDeliveryStatus } from './delivery-status.js';
import { listenForMail, type ReceivedMail, type SmtpListener } from './smtp-listener.js';

const bytesMax = 10 * 1_048_576;

/** Takes mails that come back over SMTP and records which receipt did not arrive. */
@Injectable()
export class Bounces implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #listener: SmtpListener | undefined;

  constructor(
    @Inject(RECEIPTS) private readonly receipts: Receipts,
    @Inject(RECEIPTS_CONFIG) private readonly config: ReceiptsConfig,
    @Inject(BOUNCE_ADDRESSES) private readonly addresses: BounceAddresses,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  /** The port that is listened on; undefined when none is. */
  get port(): number | undefined {
    return this.#listener?.port;
  }

  /** Listens where the configuration says, if it does. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.config.bounces === undefined) return;
    this.#listener = await listenForMail({
      ...this.config.bounces,
      bytesMax,
      accepts: (to) => this.addresses.messageIdOf(to) !== undefined,
      take: (mail) => this.take(mail),
    });
  }

  /** Takes no more. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#listener?.close();
  }

  /** A report of failure is recorded; delays, absence notes and the rest are let go. */
  private async take({ to, bytes }: ReceivedMail): Promise<void> {
    const status = await failedDeliveryStatus(bytes);
    if (status === undefined) return;
    for (const address of to) {
      const messageId = this.addresses.messageIdOf(address);
      if (messageId !== undefined) await this.record(messageId, status);
    }
  }

  /** The return belongs to the walk of the mail that it answers. */
  private async record(messageId: string, status: string): Promise<void> {
    const stream = receiptStreamOf(numberIn(messageId));
    const before = await lastOfMail(this.store, stream, messageId);
    if (before === undefined) return;
    await this.receipts.command(
      stream,
      { type: 'RecordBounce', messageId, status },
      {
        actor: 'service:receipts',
        commandId: ownCommandOf(`returned ${messageId}`),
        correlationId: before.correlationId,
        afterEventId: before.id,
      },
    );
  }
}

/** What was last recorded of the mail; undefined where the store knows none, as after a restore. */
async function lastOfMail(
  store: EventStore,
  stream: string,
  messageId: string,
): Promise<RecordedEvent | undefined> {
  let last: RecordedEvent | undefined;
  for await (const page of store.read(stream))
    last = page.findLast(({ data }) => 'messageId' in data && data.messageId === messageId) ?? last;
  return last;
}
