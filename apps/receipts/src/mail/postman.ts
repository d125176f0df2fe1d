import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { MailCommand } from '#domain/receipt/receipt.decide.js';
import type { MailState } from '#domain/receipt/receipt.state.js';
import type { EventStore } from '#event-store/event-store.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { InvariantViolation } from '#kernel/refusal.js';
import type { Clock } from '#platform/clock.js';
import type { DueDate } from '#platform/due-dates/due-date.js';
import { inSpanAfter } from '#platform/tracing/spans.js';
import { CLOCK, EVENT_STORE } from '#platform/tokens.js';
import { RECEIPTS, type Receipts } from '../handlers.js';
import { ownCommandOf, receiptStreamOf } from '../streams.js';
import { numberIn } from './bounce-address.js';
import { MailDesk, type PreparedMail } from './mail-desk.js';
import { MAIL_SERVER, type MailServer } from './mail-server.js';
import type { SmtpAnswer } from './smtp-answer.js';

/** A mail that no server took for so long is given up (RFC 5321 §4.5.4.1 speaks of 4 to 5 days). */
const giveUpAfterMs = 5 * 24 * 3_600_000;
const firstPauseMs = 60_000;
const pauseMsMax = 4 * 3_600_000;

/** Hands planned mails to the mail server, each until it answers for good. */
@Injectable()
export class Postman implements OnApplicationShutdown {
  constructor(
    @Inject(RECEIPTS) private readonly receipts: Receipts,
    @Inject(MAIL_SERVER) private readonly server: MailServer,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly desk: MailDesk,
  ) {}

  /** Lets go of the mail server. */
  onApplicationShutdown(): void {
    this.server.close();
  }

  /**
   * Sends the mail that is due, named by its Message-ID, once if it is still to be sent, and records the answer. After a
   * crash between the server's answer and our record the same bytes go out again under the same Message-ID, or none do:
   * where the donor's address was corrected, another mail takes its place.
   */
  async send(due: DueDate): Promise<void> {
    const { key: messageId } = due;
    const number = numberIn(messageId);
    const { state } = await this.receipts.load(receiptStreamOf(number));
    if (state.status !== 'rendered') return;
    const mail = state.mails.find((planned) => planned.messageId === messageId);
    if (mail?.outcome !== 'pending') return;
    const planned = await this.eventOf(due);
    const mailed = {
      name: 'mail receipt',
      kind: 'client',
      attributes: { 'mangnon.receipt': number },
    } as const;
    await inSpanAfter(planned, mailed, async () => {
      const prepared = await this.desk.prepare(state, mail);
      await this.record(planned, await this.outcomeOf(prepared, mail), mail.attempts);
    });
  }

  private async outcomeOf(prepared: PreparedMail, mail: MailState): Promise<MailCommand> {
    const { messageId } = mail;
    switch (prepared.kind) {
      case 'withdrawn':
        return { type: 'WithdrawMail', messageId, because: prepared.because };
      case 'elsewhere': {
        const { contactRecordId, post } = prepared;
        return { type: 'ReplanMail', messageId, contactRecordId, post };
      }
      case 'ready':
        return this.answered(await this.server.send(prepared.mail), mail);
    }
  }

  private answered(
    answer: SmtpAnswer,
    { messageId, plannedAt, readyAt = plannedAt, attempts }: MailState,
  ): MailCommand {
    if (answer.kind === 'taken') return { type: 'RecordSent', messageId };
    const { status } = answer;
    if (answer.kind === 'refused') return { type: 'RecordBounce', messageId, status };
    const now = this.clock.now().getTime();
    if (now - Date.parse(readyAt) > giveUpAfterMs)
      return { type: 'RecordBounce', messageId, status: '4.4.7' };
    const pause = Math.min(firstPauseMs * 2 ** attempts, pauseMsMax);
    return { type: 'DeferMail', messageId, retryAt: new Date(now + pause).toISOString(), status };
  }

  /** The outcome belongs to the walk of the event that the mail was due by. */
  private async record(planned: RecordedEvent, outcome: MailCommand, attempts: number): Promise<void> {
    const { id, stream, correlationId } = planned;
    await this.receipts.command(stream, outcome, {
      actor: 'service:receipts',
      commandId: ownCommandOf(`${outcome.type} ${outcome.messageId} ${String(attempts)}`),
      correlationId,
      afterEventId: id,
    });
  }

  private async eventOf({ stream, revision }: DueDate): Promise<RecordedEvent> {
    for await (const [event] of this.store.read(stream, revision)) if (event) return event;
    throw new InvariantViolation(`${stream} has no event ${String(revision)}`);
  }
}
