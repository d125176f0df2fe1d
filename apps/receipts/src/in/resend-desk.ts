import { Inject, Injectable } from '@nestjs/common';
import type { RequestResend } from '#domain/receipt/receipt.decide.js';
import type { Payer } from '#domain/receipt-book/receipt-book.events.js';
import type { CommandContext } from '#event-store/handle.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { RECEIPTS, type Receipts } from '../handlers.js';
import type { IssuedReceipt } from '../issued-receipts.js';
import { MailPlans } from '../mail/mail-plans.js';
import { contactSubjectOf } from '../payer-subjects.js';
import { PersonalData } from '../personal-data.js';
import { commandRecordOf, receiptStreamOf } from '../streams.js';
import type { ResendBody } from './receipts.http.js';
import { sealFor } from './sealing.js';

/** Has receipts mailed again for people. */
@Injectable()
export class ResendDesk {
  constructor(
    @Inject(RECEIPTS) private readonly receipts: Receipts,
    private readonly personalData: PersonalData,
    private readonly plans: MailPlans,
  ) {}

  /**
   * The Message-ID of the new mail, to the address given, else to the donor's corrected one, else as before. A repeat gets
   * the same answer and seals nothing, whatever has become of the payer since.
   */
  async resend(receipt: IssuedReceipt, body: ResendBody, context: CommandContext): Promise<string> {
    const stream = receiptStreamOf(receipt.issued.data.number);
    const { events } =
      (await this.receipts.repeated(stream, context)) ??
      (await this.receipts.command(stream, await this.commandOf(receipt, body, context), context));
    const [requested] = events;
    if (requested?.type !== 'ResendRequested') throw new InvariantViolation('a resend planned no mail');
    return requested.data.mail.messageId;
  }

  private async commandOf(
    { issued, registered }: IssuedReceipt,
    body: ResendBody,
    context: CommandContext,
  ): Promise<RequestResend> {
    const { number, donation } = issued.data;
    const { payer } = donation;
    const subjectId = contactSubjectOf(payer, number);
    const reasonRecordId = commandRecordOf(context.commandId, context.digest ?? '', 'reason');
    await sealFor(this.personalData, subjectId, reasonRecordId, { text: body.reason });
    return {
      type: 'RequestResend',
      to: await this.addressee({ payer, subjectId }, body.email, context),
      inForce: registered.inForce,
      payerKnown: payer.kind === 'named',
      post: await this.plans.post(),
      reasonRecordId,
    };
  }

  private async addressee(
    { payer, subjectId }: { readonly payer: Payer; readonly subjectId: string },
    email: string | undefined,
    context: CommandContext,
  ): Promise<RequestResend['to']> {
    if (email !== undefined) {
      const contactRecordId = commandRecordOf(context.commandId, context.digest ?? '', 'contact');
      await sealFor(this.personalData, subjectId, contactRecordId, { email });
      return { kind: 'typed', contactRecordId };
    }
    const corrected = await this.plans.correctedContact(payer);
    if (corrected === undefined) return { kind: 'as-before' };
    return corrected === null ? { kind: 'nowhere' } : { kind: 'corrected', contactRecordId: corrected };
  }
}
