import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ledgerTopic } from '#contracts/ledger.v1.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Message } from '#kernel/message.js';
import { EVENT_STORE } from '#platform/tokens.js';
import { RECEIPT_BOOKS, type ReceiptBooks } from '../handlers.js';
import { bookStreamOf } from '../streams.js';
import { bookCommandOf } from './ledger-messages.js';

/** Gives each entry of the ledger that stands for a donation its receipt, in order, once. */
@Controller()
export class LedgerSubscription {
  constructor(
    @Inject(RECEIPT_BOOKS) private readonly books: ReceiptBooks,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  /** Messages of one fund; throws only what makes them come again, or their key be held. */
  @EventPattern(ledgerTopic)
  async on(@Payload() messages: readonly Message[]): Promise<void> {
    const [first] = messages;
    if (!first) return;
    const incarnation = await this.store.incarnation();
    await this.books.messages(bookStreamOf(first.key), messages, (message) =>
      bookCommandOf(message, incarnation),
    );
  }
}
