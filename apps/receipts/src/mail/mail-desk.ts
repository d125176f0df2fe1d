import { Inject, Injectable } from '@nestjs/common';
import { followsDonor, type Post } from '#domain/receipt/receipt.decide.js';
import type { MailState, RenderedReceipt } from '#domain/receipt/receipt.state.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { RECEIPT_BOOKS, type ReceiptBooks } from '../handlers.js';
import { IssuedReceipts, type IssuedReceipt } from '../issued-receipts.js';
import { PersonalData } from '../personal-data.js';
import { bookStreamOf } from '../streams.js';
import { BOUNCE_ADDRESSES, type BounceAddresses } from './bounce-address.js';
import { composeMail, type ComposedMail } from './composed-mail.js';
import { MailPlans } from './mail-plans.js';

/** A mail ready to go, why it must not, or the corrected contact that another is to go to. */
export type PreparedMail =
  | { readonly kind: 'ready'; readonly mail: ComposedMail }
  | { readonly kind: 'elsewhere'; readonly contactRecordId: string; readonly post: Post }
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
  async prepare(rendered: RenderedReceipt, mail: MailState): Promise<PreparedMail> {
    const receipt = await this.issuedReceipts.find(rendered.ref.number);
    if (receipt && !receipt.registered.inForce) return { kind: 'withdrawn', because: 'void' };
    const to = await this.personalData.address(mail.contactRecordId);
    const elsewhere = receipt && (await this.elsewhere(receipt, mail, to));
    return elsewhere ?? (await this.written(rendered, mail, to));
  }

  private async written(
    { ref, rendering }: RenderedReceipt,
    mail: MailState,
    to: string | undefined,
  ): Promise<PreparedMail> {
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

  /**
   * What the donor's corrected contact means for a mail that follows it; undefined for nothing. Where only something else
   * of the contact was corrected, such as the phone, the mail goes on as it is: it may have arrived already.
   */
  private async elsewhere(
    { issued }: IssuedReceipt,
    mail: MailState,
    to: string | undefined,
  ): Promise<PreparedMail | undefined> {
    if (!followsDonor(mail)) return undefined;
    const corrected = await this.plans.correctedContact(issued.data.donation.payer);
    if (corrected === undefined || corrected === mail.contactRecordId) return undefined;
    const address = corrected === null ? undefined : await this.personalData.address(corrected);
    if (corrected === null || address === undefined) return { kind: 'withdrawn', because: 'no-address' };
    if (address === to) return undefined;
    return { kind: 'elsewhere', contactRecordId: corrected, post: await this.plans.post() };
  }

  private async fundName(fundId: string): Promise<{ readonly vi: string; readonly en: string }> {
    const { state } = await this.books.load(bookStreamOf(fundId));
    if (state.status !== 'open') throw new InvariantViolation('a receipt without its book');
    return state.fund.name;
  }
}
