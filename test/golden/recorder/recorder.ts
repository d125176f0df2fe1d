import { createHash } from 'node:crypto';
import { commandOf } from '#apps/ledger/src/in/donation-messages.js';
import { toJournalCommand } from '#apps/ledger/src/in/journal-messages.js';
import { ledgerPublisher } from '#apps/ledger/src/out/ledger.publisher.js';
import {
  bankItemOf,
  pledgesOf,
  toBankItemCommand,
  toDonationCommand,
  toPledgeCommand,
} from '#apps/donations/src/in/ledger-messages.js';
import { donationsPublisher } from '#apps/donations/src/out/donations.publisher.js';
import { bookCommandOf } from '#apps/receipts/src/in/ledger-messages.js';
import { receiptsPublisher } from '#apps/receipts/src/out/receipts.publisher.js';
import { bankItem } from '#domain/bank-item/bank-item.decide.js';
import { campaign } from '#domain/campaign/campaign.decide.js';
import { campaignKey } from '#domain/campaign/campaign-key.decide.js';
import { donation } from '#domain/donation/donation.decide.js';
import { donor } from '#domain/donor/donor.decide.js';
import { foundingKey } from '#domain/fund/founding-key.decide.js';
import { fund } from '#domain/fund/fund.decide.js';
import { journal } from '#domain/journal/journal.decide.js';
import { pledge } from '#domain/pledge/pledge.decide.js';
import type { ReceiptIssued } from '#domain/receipt-book/receipt-book.events.js';
import { receiptBook } from '#domain/receipt-book/receipt-book.decide.js';
import { receipt } from '#domain/receipt/receipt.decide.js';
import { statement } from '#domain/statement/statement.decide.js';
import { login } from '#domain/staff/login.decide.js';
import { staff } from '#domain/staff/staff.decide.js';
import { uuidV5 } from '#event-store/command-id.js';
import type { EventStore } from '#event-store/event-store.js';
import { handle, type CommandContext, type Handler } from '#event-store/handle.js';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { dateInZone, type LocalDate } from '#kernel/dates.js';
import type { DomainEvent, RecordedEvent } from '#kernel/domain-event.js';
import { messageOf } from '#kernel/message-of.js';
import type { Message } from '#kernel/message.js';

const namespace = '6f0a7a0e-5a0c-4f1e-9a53-2f6b8f0f3b11';
const minuteMs = 60_000;

/**
 * The services' deciders over a store in memory, with their own translations between them, so that what is recorded is
 * what they write. Ids are the same in every recording; salts are not.
 */
export class Recorder {
  #at = Date.parse('2024-12-30T01:00:00.000Z');
  #made = 0;
  #seen = 0;
  #store = new InMemoryEventStore({ now: () => new Date(this.#at) });
  readonly #ids = (): string => {
    this.#made += 1;
    return this.id(`event ${String(this.#made)}`);
  };
  #handlers = handlersOver(this.#store, this.#ids);
  readonly #kept = new Set<string>();

  get handlers(): Handlers {
    return this.#handlers;
  }

  /** RFC 3339, UTC. */
  get now(): string {
    return new Date(this.#at).toISOString();
  }

  get today(): LocalDate {
    return dateInZone(this.now);
  }

  /** Streams to be recorded though no type of event in them is new: what they fold to is. */
  get kept(): ReadonlySet<string> {
    return this.#kept;
  }

  /** Has a stream recorded that says something new by known events. */
  keep(stream: string): void {
    this.#kept.add(stream);
  }

  /** The same UUID for the same words. */
  id(words: string): string {
    return uuidV5(namespace, words);
  }

  /** Lets days go by. */
  wait(days: number): void {
    this.#at += days * 24 * 60 * minuteMs;
  }

  /** A person's command, a minute after what was before, and all that follows from it in other services. */
  async does<Command>(
    who: string,
    handler: Pick<Handler<unknown, Command, DomainEvent>, 'command'>,
    stream: string,
    command: Command,
  ): Promise<readonly RecordedEvent[]> {
    this.#at += minuteMs;
    const { events } = await handler.command(stream, command, this.#context(who));
    await this.settle();
    return events;
  }

  /** Takes up what is parked in a fund's stream. */
  async replay(stream: string): Promise<void> {
    await this.#handlers.funds.replayParked(stream, commandOf);
    await this.settle();
  }

  /** That a receipt was issued waits in its own stream, and is taken up without anything left to do. */
  async parks(issued: RecordedEvent<ReceiptIssued>): Promise<void> {
    const [stream, message] = [`receipt-${issued.data.number}`, messageOf(receiptsPublisher, issued)];
    const broken = (): never => {
      throw new TypeError('a bug');
    };
    await this.#handlers.receipts.messages(stream, message ? [message] : [], broken);
    await this.#handlers.receipts.replayParked(stream, () => undefined);
    await this.settle();
  }

  /** The store as a restore of all that it holds would leave it. */
  async restore(): Promise<void> {
    this.#store = this.#store.restored(await this.#store.head());
    this.#handlers = handlersOver(this.#store, this.#ids);
  }

  /** Every event recorded, in order. */
  async events(): Promise<readonly RecordedEvent[]> {
    const reading = new AbortController();
    const events: RecordedEvent[] = [];
    for await (const batch of this.#store.subscribe({ consumer: 'recorder', signal: reading.signal })) {
      events.push(...batch.events);
      if (batch.caughtUp) reading.abort();
    }
    return events;
  }

  /** Takes every message to where it belongs, until nobody has anything more to say. */
  async settle(): Promise<void> {
    for (let events = await this.events(); this.#seen < events.length; events = await this.events()) {
      const fresh = events.slice(this.#seen);
      this.#seen = events.length;
      for (const event of fresh) await this.#tell(event);
    }
  }

  async #tell(event: RecordedEvent): Promise<void> {
    const donated = messageOf(donationsPublisher, event);
    if (donated) await this.#handlers.funds.messages(`fund-${donated.key}`, [donated], commandOf);
    const posted = messageOf(ledgerPublisher, event);
    if (!posted) return;
    await this.#tellOwn(posted);
    await this.#tellPosted(posted);
  }

  /** What the ledger tells itself: its journals and funds meet by messages too. */
  async #tellOwn(message: Message): Promise<void> {
    const { funds, journals } = this.#handlers;
    if (message.type === 'JournalApproved.v1')
      await funds.messages(`fund-${message.key}`, [message], commandOf);
    if (toJournalCommand(message))
      await journals.messages(`journal-${message.subject}`, [message], toJournalCommand);
  }

  async #tellPosted(message: Message): Promise<void> {
    const { books, donations, pledges, bankItems } = this.#handlers;
    const incarnation = await this.#store.incarnation();
    await books.messages(`receipt-book-${message.key}`, [message], (one) => bookCommandOf(one, incarnation));
    if (toDonationCommand(message))
      await donations.messages(`donation-${message.subject}`, [message], toDonationCommand);
    const bankItemId = bankItemOf(message);
    if (bankItemId !== undefined)
      await bankItems.messages(`bank-item-${bankItemId}`, [message], toBankItemCommand);
    for (const pledgeId of pledgesOf(message))
      await pledges.messages(`pledge-${pledgeId}`, [message], (one) => toPledgeCommand(one, pledgeId));
  }

  #context(who: string): CommandContext {
    this.#made += 1;
    const commandId = this.id(`command ${String(this.#made)}`);
    const digest = createHash('sha256').update(commandId).digest('base64url');
    return { actor: `staff:${this.id(who)}`, commandId, digest, correlationId: commandId };
  }
}

/** The ways to every aggregate over one store. */
function handlersOver(store: EventStore, ids: () => string) {
  const of = (service: string) => ({ service, ids });
  return {
    logins: handle(store, login, of('access')),
    people: handle(store, staff, of('access')),
    donors: handle(store, donor, of('donations')),
    campaigns: handle(store, campaign, of('donations')),
    appeals: handle(store, campaignKey, of('donations')),
    pledges: handle(store, pledge, of('donations')),
    donations: handle(store, donation, of('donations')),
    statements: handle(store, statement, of('donations')),
    bankItems: handle(store, bankItem, of('donations')),
    foundings: handle(store, foundingKey, of('ledger')),
    funds: handle(store, fund, of('ledger')),
    journals: handle(store, journal, of('ledger')),
    books: handle(store, receiptBook, of('receipts')),
    receipts: handle(store, receipt, of('receipts')),
  };
}

/** The ways to every aggregate. */
type Handlers = ReturnType<typeof handlersOver>;
