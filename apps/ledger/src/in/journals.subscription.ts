import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ledgerTopic } from '#contracts/ledger.v1.js';
import type { Message } from '#kernel/message.js';
import { streamOf } from '../fund-streams.js';
import type { SubscriptionExtras } from '#platform/transport/subscriptions.js';
import { FUNDS, type Funds } from '../funds.js';
import { journalStreamOf } from '../journal-streams.js';
import { JOURNALS, type Journals } from '../journals.js';
import { commandOf } from './donation-messages.js';
import { toJournalCommand } from './journal-messages.js';

const asks = 'JournalApproved.v1';
const answers = ['JournalPosted.v1', 'JournalRefused.v1'];

/** What journals ask of their funds and funds answer: two streams meet by messages, also those of one service. */
@Controller()
export class JournalsSubscription {
  constructor(
    @Inject(FUNDS) private readonly funds: Funds,
    @Inject(JOURNALS) private readonly journals: Journals,
  ) {}

  /** Messages of one fund, in order; the ledger tells of every donation there, which is not for journals. */
  @EventPattern(ledgerTopic, { types: [asks, ...answers] } satisfies SubscriptionExtras)
  async on(@Payload() messages: readonly Message[]): Promise<void> {
    const asking = messages.filter(({ type }) => type === asks);
    const [first] = asking;
    if (first) await this.funds.messages(streamOf(first.key), asking, commandOf);
    for (const answer of messages.filter(({ type }) => answers.includes(type)))
      await this.journals.messages(journalStreamOf(answer.subject), [answer], toJournalCommand);
  }
}
