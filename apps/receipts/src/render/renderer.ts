import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ReceiptIssued } from '#domain/receipt-book/receipt-book.events.js';
import type { ReceiptCommand } from '#domain/receipt/receipt.decide.js';
import type { ReceiptRef } from '#domain/receipt/receipt.events.js';
import type { RenderedReceipt } from '#domain/receipt/receipt.state.js';
import { newId } from '#event-store/command-id.js';
import type { Replay } from '#event-store/handle-parked.js';
import { dateInZone } from '#kernel/dates.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { messageOf } from '#kernel/message-of.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { mayPass } from '#platform/transport/failures.js';
import { RECEIPT_BOOKS, RECEIPTS, type ReceiptBooks, type Receipts } from '../handlers.js';
import type { IssuedReceipt } from '../issued-receipts.js';
import { receiptsPublisher } from '../out/receipts.publisher.js';
import { MailPlans } from '../mail/mail-plans.js';
import { PersonalData } from '../personal-data.js';
import { bookStreamOf, receiptStreamOf } from '../streams.js';
import { DrawingFailed, PdfPress, type Urgency } from './pdf-press.js';
import type { ReceiptPage } from './receipt-page.js';

interface DrawnPage {
  readonly pdf: Uint8Array;
  readonly templateVersion: number;
}

/** Makes the PDF of a receipt and seals it. */
@Injectable()
export class Renderer {
  constructor(
    @Inject(RECEIPT_BOOKS) private readonly books: ReceiptBooks,
    @Inject(RECEIPTS) private readonly receipts: Receipts,
    private readonly plans: MailPlans,
    private readonly personalData: PersonalData,
    private readonly press: PdfPress,
  ) {}

  /**
   * The receipt with its PDF: drawn now, with its first mail planned, or as it was drawn once. Throws `DrawingFailed` for
   * whatever trying again does not mend by itself, with its cause; it is then recorded and tried again when due. What may
   * pass, such as an engine that is away, comes through as it is.
   */
  async render(receipt: IssuedReceipt, urgency: Urgency): Promise<RenderedReceipt> {
    try {
      return await this.rendered(receipt, urgency);
    } catch (error) {
      if (mayPass(error)) throw error;
      const failed = error instanceof DrawingFailed ? error : unmended(error);
      await this.recordFailure(receipt.issued, failed);
      throw failed;
    }
  }

  /**
   * Takes up what is parked in the receipt's stream: that it was issued, which asks for its PDF. The PDF is drawn first
   * where it does not exist; a drawing that fails leaves the message parked, and the answer says on what.
   */
  async takeUp(receipt: IssuedReceipt, subject?: string): Promise<Replay> {
    const stream = receiptStreamOf(receipt.issued.data.number);
    const answer = await this.commandOf(receipt, 'asked').catch((error: unknown) => {
      if (mayPass(error)) throw error;
      return error instanceof Error ? error : unmended(error);
    });
    const toCommand = (): ReceiptCommand | undefined => {
      if (answer instanceof Error) throw answer;
      return answer;
    };
    return this.receipts.replayParked(stream, toCommand, subject);
  }

  private async rendered(receipt: IssuedReceipt, urgency: Urgency): Promise<RenderedReceipt> {
    const { issued } = receipt;
    const stream = receiptStreamOf(issued.data.number);
    const command = await this.commandOf(receipt, urgency);
    const message = messageOf(receiptsPublisher, issued);
    // The PDF answers the message that the receipt was issued, so that the history tells what caused it.
    if (command && message) await this.receipts.messages(stream, [message], () => command);
    const { state } = await this.receipts.load(stream);
    if (state.status !== 'rendered') throw new InvariantViolation(`${issued.data.number} was not rendered`);
    return state;
  }

  /** What records the PDF once it is drawn and sealed; undefined where it exists. */
  private async commandOf(receipt: IssuedReceipt, urgency: Urgency): Promise<ReceiptCommand | undefined> {
    const { issued, registered } = receipt;
    const { state } = await this.receipts.load(receiptStreamOf(issued.data.number));
    if (state.status === 'rendered') return undefined;
    const replaces = issued.data.replaces ?? registered.replaces ?? undefined;
    const drawn = await this.draw(issued, replaces, urgency);
    return this.seal(receipt, drawn, replaces);
  }

  private async draw(
    issued: RecordedEvent<ReceiptIssued>,
    replaces: string | undefined,
    urgency: Urgency,
  ): Promise<DrawnPage> {
    const { state } = await this.books.load(bookStreamOf(issued.data.fundId));
    if (state.status !== 'open') throw new InvariantViolation('a receipt without its book');
    const { fund, template, templateVersion } = state;
    const { donation, number, year, letter } = issued.data;
    const { method, amount, items, receivedOn, language, purpose, purposeName } = donation;
    const page: ReceiptPage = {
      ...{ fund, template, number, book: year + letter },
      issuedOn: dateInZone(issued.recordedAt, fund.zone),
      issuedAt: issued.recordedAt,
      payer: await this.personalData.payer(donation.payer),
      ...{ method, items, receivedOn, language },
      purpose: purposeName ?? (purpose === 'unrestricted' ? unrestricted : designated),
      ...(amount === undefined ? {} : { amount }),
      ...(replaces === undefined ? {} : { replaces }),
    };
    return { pdf: await this.press.draw(page, urgency), templateVersion };
  }

  private async seal(
    receipt: IssuedReceipt,
    { pdf, templateVersion }: DrawnPage,
    replaces: string | undefined,
  ): Promise<ReceiptCommand> {
    const { issued } = receipt;
    const { donation, number } = issued.data;
    const contactRecordId = await this.plans.firstContact(receipt);
    const sha256 = createHash('sha256').update(pdf).digest('hex');
    const sealed = await this.personalData.sealPdf(number, sha256, donation.payer, pdf);
    return {
      type: 'RecordRendering',
      ref: refOf(issued),
      rendering: {
        sha256,
        ...sealed,
        templateVersion,
        language: donation.language,
        ...(replaces === undefined ? {} : { replaces }),
      },
      ...(contactRecordId === undefined ? {} : { contactRecordId }),
      post: await this.plans.post(issued.recordedAt),
    };
  }

  private async recordFailure(
    issued: RecordedEvent<ReceiptIssued>,
    { message }: DrawingFailed,
  ): Promise<void> {
    const command: ReceiptCommand = { type: 'RecordRenderingFailure', ref: refOf(issued), reason: message };
    await this.receipts.command(receiptStreamOf(issued.data.number), command, {
      actor: 'service:receipts',
      commandId: newId(),
      correlationId: issued.correlationId,
      afterEventId: issued.id,
    });
  }
}

/** Texts of errors may quote what stands on the receipt, so that only its kind is recorded. */
function unmended(error: unknown): DrawingFailed {
  return new DrawingFailed(error instanceof Error ? error.name : 'unknown', { cause: error });
}

const unrestricted = { vi: 'Ủng hộ Quỹ, không chỉ định mục đích', en: 'Support of the fund, unrestricted' };
const designated = {
  vi: 'Theo mục đích mà nhà tài trợ chỉ định',
  en: 'For the purpose designated by the donor',
};

function refOf({ data }: RecordedEvent<ReceiptIssued>): ReceiptRef {
  return { number: data.number, fundId: data.fundId, donationId: data.donation.donationId };
}
