import { Inject, Injectable } from '@nestjs/common';
import type { RenderedReceipt } from '#domain/receipt/receipt.state.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { RECEIPTS, type Receipts } from '../handlers.js';
import type { IssuedReceipt } from '../issued-receipts.js';
import { PersonalData } from '../personal-data.js';
import { DrawingFailed } from '../render/pdf-press.js';
import { Renderer } from '../render/renderer.js';
import { ownCommandOf, receiptStreamOf } from '../streams.js';
import type { ReceiptsRefusal } from './receipt-refusals.js';

/** Shows PDFs to people; one that nobody asked for before is made now. */
@Injectable()
export class PdfDesk {
  constructor(
    @Inject(RECEIPTS) private readonly receipts: Receipts,
    private readonly personalData: PersonalData,
    private readonly renderer: Renderer,
  ) {}

  /** The bytes of the receipt's PDF; the read is logged under the staff. */
  async pdf(receipt: IssuedReceipt, staffId: string): Promise<Uint8Array> {
    const { rendering } = await this.rendered(receipt, staffId);
    const bytes = await this.personalData.pdf(rendering.bytesRecordId, `staff:${staffId}`, 'receipt shown');
    if (bytes === undefined) throw new DomainRefusal<ReceiptsRefusal>('receipt/erased');
    return bytes;
  }

  private async rendered(receipt: IssuedReceipt, staffId: string): Promise<RenderedReceipt> {
    const { number, fundId, donation } = receipt.issued.data;
    const stream = receiptStreamOf(number);
    const { state } = await this.receipts.load(stream);
    if (state.status === 'rendered') return state;
    const commandId = ownCommandOf(`pdf of ${number} for ${staffId}`);
    await this.receipts.command(
      stream,
      { type: 'RequestPdf', ref: { number, fundId, donationId: donation.donationId } },
      { actor: `staff:${staffId}`, commandId, correlationId: commandId },
    );
    try {
      return await this.renderer.render(receipt, 'asked');
    } catch (error) {
      if (error instanceof DrawingFailed) throw new DomainRefusal<ReceiptsRefusal>('receipt/cannot-be-drawn');
      throw error;
    }
  }
}
