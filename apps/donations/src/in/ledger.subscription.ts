import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ledgerTopic } from '#contracts/ledger.v1.js';
import type { Message } from '#kernel/message.js';
import { READ_MODELS } from '#platform/tokens.js';
import type { ReadModels } from '#read-models/read-models.js';
import { accountBalanceProjection } from '../read/account-balance/account-balance.projection.js';
import { claimableEntryProjection } from '../read/account-balance/claimable-entry.projection.js';
import { openingEntryProjection } from '../read/account-balance/opening-entry.projection.js';
import { postedItemProjection } from '../read/account-balance/posted-item.projection.js';
import { bankAccountProjection } from '../read/bank-account/bank-account.projection.js';
import { fundProjection } from '../read/fund/fund.projection.js';
import { donationOf, historyProjection } from '../read/history/history.projection.js';
import {
  bankItemOf,
  pledgesOf,
  toBankItemCommand,
  toDonationCommand,
  toPledgeCommand,
} from './ledger-messages.js';
import { purposeProjection } from '../read/purpose/purpose.projection.js';
import { STREAMS, type Streams } from './streams.js';

const answers = new Set([
  'RefundPosted.v1',
  'RefundRefused.v1',
  'VoidPosted.v1',
  'VoidRefused.v1',
  'DonationReassigned.v1',
  'ReassignmentRefused.v1',
]);

/** Read models that the ledger feeds. */
const tables = [
  fundProjection,
  bankAccountProjection,
  purposeProjection,
  historyProjection,
  accountBalanceProjection,
  openingEntryProjection,
  claimableEntryProjection,
  postedItemProjection,
];

/**
 * What the ledger says: which funds and purposes there are, what it posted on bank accounts, how refunds, voids, matches and what
 * was said of bank items ended, which donations count for a pledge.
 */
@Controller()
export class LedgerSubscription {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(STREAMS) private readonly streams: Streams,
  ) {}

  /** Messages of one fund, in order. */
  @EventPattern(ledgerTopic)
  async on(@Payload() messages: readonly Message[]): Promise<void> {
    await this.readModels.applyMessages(tables, messages);
    const { donations, pledges, bankItems } = this.streams;
    const answering = messages.filter(({ type }) => answers.has(type));
    for (const [donationId, batch] of groupedBy(answering, oneOf(donationOf)))
      await donations.messages(`donation-${donationId}`, batch, toDonationCommand);
    for (const [pledgeId, batch] of groupedBy(messages, pledgesOf))
      await pledges.messages(`pledge-${pledgeId}`, batch, (one) => toPledgeCommand(one, pledgeId));
    for (const [bankItemId, batch] of groupedBy(messages, oneOf(bankItemOf)))
      await bankItems.messages(`bank-item-${bankItemId}`, batch, toBankItemCommand);
  }
}

/** What a message is about, where that is one thing at most. */
function oneOf(about: (message: Message) => string | undefined): (message: Message) => readonly string[] {
  return (message) => {
    const id = about(message);
    return id === undefined ? [] : [id];
  };
}

/** Messages by what they are about, in order; those about nothing of the kind are left out. */
function groupedBy(
  messages: readonly Message[],
  about: (message: Message) => readonly string[],
): ReadonlyMap<string, readonly Message[]> {
  const groups = new Map<string, Message[]>();
  for (const message of messages)
    for (const id of about(message)) {
      const group = groups.get(id);
      if (group) group.push(message);
      else groups.set(id, [message]);
    }
  return groups;
}
