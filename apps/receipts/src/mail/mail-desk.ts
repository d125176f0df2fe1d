import { Inject, Injectable } from '@nestjs/common';
import type { MailState, RenderedReceipt } from '#domain/receipt/receipt.state.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { RECEIPT_BOOKS, type ReceiptBooks } from '../handlers.js';
import { IssuedReceipts, type IssuedReceipt } from '../issued-receipts.js';
import { PersonalData } from '../personal-data.js';
import { bookStreamOf } from '../streams.js';
import { BOUNCE_ADDRESSES, type BounceAddresses } from './bounce-address.js';
import { composeMail, type ComposedMail } from './composed-mail.js';
import { MailPlans } from './mail-plans.js';

/** A mail ready to go, or why it must not. */
export type PreparedMail =
  | { readonly kind: 'ready'; readonly mail: ComposedMail }
  | { readonly kind: 'withdrawn'; readonly because: 'void' | 'no-address' };

/** Writes the mails of receipts out of what is stored: the same mail has the same bytes whenever it is written. */
@Injectable()
export class MailDesk {
  constructor(
    @Inject(RECEIPT_BOOKS) private readonly books: ReceiptBooks,
    @Inject(BOUNCE_ADDRESSES) private readonly bounces: BounceAddresses,
    private readonly issuedReceipts: IssuedReceipts,
    private readonly personalData: PersonalData,
    private readonly plans: MailPlans,
  ) {}

  /** The mail with the PDF of a receipt that is still in force, to an address that is still there and still wants mail. */
  async prepare({ ref, rendering }: RenderedReceipt, mail: MailState): Promise<PreparedMail> {
    const receipt = await this.issuedReceipts.find(ref.number);
    const because = receipt && (await this.reasonAgainst(receipt, mail));
    if (because) return { kind: 'withdrawn', because };
    const to = await this.personalData.address(mail.contactRecordId);
    const pdf =
      to && (await this.personalData.pdf(rendering.bytesRecordId, 'service:receipts', 'receipt mailed'));
    if (!to || !pdf) return { kind: 'withdrawn', because: 'no-address' };
    const { messageId, plannedAt } = mail;
    const parts = { number: ref.number, messageId, plannedAt, to, pdf, language: rendering.language };
    const composed = await composeMail({
      ...parts,
      fundName: await this.fundName(ref.fundId),
      from: this.plans.mailFrom,
      returnPath: this.bounces.addressOf(messageId),
      ...(rendering.replaces === undefined ? {} : { replaces: rendering.replaces }),
    });
    return { kind: 'ready', mail: composed };
  }

  /** Who wants no mail any more gets resends only, to an address that a person typed. */
  private async reasonAgainst(
    { issued, registered }: IssuedReceipt,
    { sequence }: MailState,
  ): Promise<'void' | 'no-address' | undefined> {
    if (!registered.inForce) return 'void';
    const isUnwanted =
      sequence === 0 && (await this.plans.correctedContact(issued.data.donation.payer)) === null;
    return isUnwanted ? 'no-address' : undefined;
  }

  private async fundName(fundId: string): Promise<{ readonly vi: string; readonly en: string }> {
    const { state } = await this.books.load(bookStreamOf(fundId));
    if (state.status !== 'open') throw new InvariantViolation('a receipt without its book');
    return state.fund.name;
  }
}
