import { Inject, Injectable } from '@nestjs/common';
import type { ReissueReceipt } from '#domain/receipt-book/receipt-book.decide.js';
import type { Payer, ReceiptIssued } from '#domain/receipt-book/receipt-book.events.js';
import type { EventStore } from '#event-store/event-store.js';
import type { CommandContext } from '#event-store/handle.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { EVENT_STORE } from '#platform/tokens.js';
import { RECEIPT_BOOKS, type ReceiptBooks } from '../handlers.js';
import type { IssuedReceipt } from '../issued-receipts.js';
import { payerSubjectOf } from '../payer-subjects.js';
import { PersonalData } from '../personal-data.js';
import { bookStreamOf, commandRecordOf } from '../streams.js';
import type { PayerBody, ReissueBody } from './receipts.http.js';
import { sealAbout } from './sealing.js';

/** Replaces receipts for people. */
@Injectable()
export class ReissueDesk {
  constructor(
    @Inject(RECEIPT_BOOKS) private readonly books: ReceiptBooks,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly personalData: PersonalData,
  ) {}

  /**
   * The receipt that replaces this one; the reason, and a corrected payer, are sealed first. A repeat gets the same answer
   * and seals nothing, whatever has become of the payer since.
   */
  async reissue(
    receipt: IssuedReceipt,
    body: ReissueBody,
    context: CommandContext,
  ): Promise<ReceiptIssued['data']> {
    const stream = bookStreamOf(receipt.issued.data.fundId);
    const handled =
      (await this.books.repeated(stream, context)) ??
      (await this.books.command(stream, await this.commandOf(receipt, body, context), context));
    const issued = handled.events.find((event) => event.type === 'ReceiptIssued');
    if (issued?.type !== 'ReceiptIssued') throw new InvariantViolation('a reissue gave no number');
    return issued.data;
  }

  private async commandOf(
    { issued, registered }: IssuedReceipt,
    { reason, payer }: ReissueBody,
    context: CommandContext,
  ): Promise<ReissueReceipt> {
    const { number, year, entryId, donation } = issued.data;
    const recordOf = (what: string): string => commandRecordOf(context.commandId, context.digest ?? '', what);
    const before = donation.payer;
    const subjectId = payerSubjectOf(before, number);
    const reasonRecordId = recordOf('reason');
    await sealAbout(this.personalData, subjectId, reasonRecordId, { text: reason });
    const corrected = payer && (await this.corrected(payer, before, subjectId, recordOf('payer')));
    return {
      type: 'ReissueReceipt',
      replaces: { number, year, donationId: donation.donationId, inForce: registered.inForce },
      voidingsSeen: registered.voidingsSeen,
      entryId,
      donation: corrected ? { ...donation, payer: corrected } : donation,
      storeIncarnation: await this.store.incarnation(),
      reasonRecordId,
    };
  }

  /** An organisation's public name belongs to the payer that was wrong. */
  private async corrected(
    { name, address }: PayerBody,
    before: Payer,
    subjectId: string,
    identityRecordId: string,
  ): Promise<Payer> {
    await sealAbout(this.personalData, subjectId, identityRecordId, {
      name,
      ...(address === undefined ? {} : { address }),
    });
    if (before.kind !== 'named') return { kind: 'named', subjectId, identityRecordId };
    const { organisation: _organisation, ...named } = before;
    return { ...named, identityRecordId };
  }
}
