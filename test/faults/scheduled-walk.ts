import { donationsPublisher } from '#apps/donations/src/out/donations.publisher.js';
import { bankItemOf, toBankItemCommand, toDonationCommand } from '#apps/donations/src/in/ledger-messages.js';
import { streamsOf, type Streams } from '#apps/donations/src/in/streams.js';
import { commandOf } from '#apps/ledger/src/in/donation-messages.js';
import type { Funds } from '#apps/ledger/src/funds.js';
import { JournalsSubscription } from '#apps/ledger/src/in/journals.subscription.js';
import { ledgerPublisher } from '#apps/ledger/src/out/ledger.publisher.js';
import { bookCommandOf } from '#apps/receipts/src/in/ledger-messages.js';
import { bookStreamOf } from '#apps/receipts/src/streams.js';
import { bankItem } from '#domain/bank-item/bank-item.decide.js';
import { donation } from '#domain/donation/donation.decide.js';
import { fund } from '#domain/fund/fund.decide.js';
import { journal } from '#domain/journal/journal.decide.js';
import { receiptBook } from '#domain/receipt-book/receipt-book.decide.js';
import { statement } from '#domain/statement/statement.decide.js';
import { newId } from '#event-store/command-id.js';
import type { EventStore } from '#event-store/event-store.js';
import { handle, type HandleOptions, type Handler } from '#event-store/handle.js';
import type { Decider } from '#kernel/decider.js';
import type { DomainEvent } from '#kernel/domain-event.js';
import type { Message, TopicSource } from '#kernel/message.js';
import type { BatchHandler } from '#messaging/messaging.js';
import { MortalStore } from './mortal-store.js';
import { ScheduledLink } from './scheduled-link.js';
import { links, services, type LinkName, type ServiceName } from './scheduled-steps.js';

/** How the services handle; a test puts something broken in its place. */
export type HandlingOf = <State, Command, Event extends DomainEvent>(
  store: EventStore,
  decider: Decider<State, Command, Event>,
  options: HandleOptions,
) => Handler<State, Command, Event>;

/** The handlers of one life of all services, as their modules make them. */
function handlersOn(stores: Readonly<Record<ServiceName, EventStore>>, handling: HandlingOf) {
  const options = (service: string): HandleOptions => ({ service, ids: newId });
  return {
    donations: handling(stores.donations, donation, options('donations')),
    statements: handling(stores.donations, statement, options('donations')),
    bankItems: handling(stores.donations, bankItem, options('donations')),
    journals: handling(stores.ledger, journal, options('ledger')),
    funds: handling(stores.ledger, fund, options('ledger')),
    books: handling(stores.receipts, receiptBook, options('receipts')),
  };
}

type Handlers = ReturnType<typeof handlersOn>;

/** What each link carries, whose process takes it, and what that process does with it: as the subscriptions have it. */
const wiring: Readonly<
  Record<LinkName, { source: TopicSource; to: ServiceName; on(by: Handlers): BatchHandler }>
> = {
  'donations to ledger': {
    source: donationsPublisher,
    to: 'ledger',
    on: (by) => async (messages) => {
      const [first] = messages;
      if (first) await by.funds.messages(`fund-${first.key}`, messages, commandOf);
    },
  },
  'ledger to ledger': {
    source: ledgerPublisher,
    to: 'ledger',
    on: (by) => (messages) => new JournalsSubscription(by.funds as Funds, by.journals).on(messages),
  },
  'ledger to donations': {
    source: ledgerPublisher,
    to: 'donations',
    on: (by) => async (messages) => {
      const answers = messages.filter((message) => toDonationCommand(message) !== undefined);
      for (const [donationId, batch] of groupedBy(answers, ({ subject }) => subject))
        await by.donations.messages(`donation-${donationId}`, batch, toDonationCommand);
      for (const [bankItemId, batch] of groupedBy(messages, bankItemOf))
        await by.bankItems.messages(`bank-item-${bankItemId}`, batch, toBankItemCommand);
    },
  },
  'ledger to receipts': {
    source: ledgerPublisher,
    to: 'receipts',
    on: (by) => async (messages) => {
      const [first] = messages;
      if (!first) return;
      await by.books.messages(bookStreamOf(first.key), messages, (message) => bookCommandOf(message, 1));
    },
  },
};

/** In order; those that are about nothing of the kind are left out. */
function groupedBy(
  messages: readonly Message[],
  about: (message: Message) => string | undefined,
): ReadonlyMap<string, Message[]> {
  const groups = new Map<string, Message[]>();
  for (const message of messages) {
    const id = about(message);
    if (id !== undefined) groups.set(id, [...(groups.get(id) ?? []), message]);
  }
  return groups;
}

/** The services of the walk in one process of the test, each of which may die alone, and the links between them. */
export class ScheduledServices {
  handlers: Handlers;
  readonly links: Readonly<Record<LinkName, ScheduledLink>>;
  readonly #stores: Record<ServiceName, MortalStore>;
  /** How long the next appends are on their way. */
  turns: readonly number[] = [];
  #turn = 0;

  constructor(
    private readonly store: EventStore,
    private readonly clock: { now(): Date },
    private readonly handling: HandlingOf = handle,
  ) {
    this.#stores = { donations: this.#mortal(), ledger: this.#mortal(), receipts: this.#mortal() };
    this.handlers = handlersOn(this.#stores, handling);
    this.links = Object.fromEntries(links.map((name) => [name, this.#link(name)])) as Readonly<
      Record<LinkName, ScheduledLink>
    >;
  }

  /** The donations service's way to its streams, as its process has it now. */
  get streams(): Streams {
    const { donations, statements, bankItems } = this.handlers;
    return { ...streamsOf(this.#stores.donations), donations, statements, bankItems };
  }

  /** Does something in a service's process; `died` where the process ends before it is done. */
  async in<Done>(service: ServiceName, something: Promise<Done>): Promise<Done | 'died'> {
    const outcome = await Promise.race([something, this.#stores[service].died]);
    if (outcome === 'died') this.restart(service);
    return outcome;
  }

  /** The service whose process takes what a link carries. */
  takerOf(link: LinkName): ServiceName {
    return wiring[link].to;
  }

  /** The service's process dies at its next append but `after`. */
  dieAt(service: ServiceName, at: 'before' | 'after', after: number): void {
    this.#stores[service].dieAt(at, after);
  }

  /** A fresh process of the service goes on from what is stored. */
  restart(service: ServiceName): void {
    this.#stores[service] = this.#mortal();
    this.handlers = handlersOn(this.#stores, this.handling);
    for (const name of links) if (wiring[name].to === service) this.links[name].restart(this.#taking(name));
  }

  /** Fresh processes of all services. */
  restartAll(): void {
    for (const service of services) this.restart(service);
  }

  #link(name: LinkName): ScheduledLink {
    return new ScheduledLink(wiring[name].source, this.#taking(name), this.clock);
  }

  #taking(name: LinkName): BatchHandler {
    return (messages) => wiring[name].on(this.handlers)(messages);
  }

  #mortal(): MortalStore {
    return new MortalStore(this.store, () => {
      this.#turn += 1;
      return this.turns[this.#turn % this.turns.length] ?? 0;
    });
  }
}
