import { Inject, Injectable } from '@nestjs/common';
import type { ReissueReceipt } from '#domain/receipt-book/receipt-book.decide.js';
import type { Payer, ReceiptIssued } from '#domain/receipt-book/receipt-book.events.js';
import type { EventStore } from '#event-store/event-store.js';
import type { CommandContext } from '#event-store/handle.js';
import { InvariantViolation } from '#kernel/refusal.js';
import type { Clock } from '#platform/clock.js';
import { CLOCK, EVENT_STORE } from '#platform/tokens.js';
import { RECEIPT_BOOKS, type ReceiptBooks } from '../handlers.js';
import type { IssuedReceipt } from '../issued-receipts.js';
import { contactSubjectOf, isRegistered, payerSubjectOf } from '../payer-subjects.js';
import { PersonalData } from '../personal-data.js';
import { bookStreamOf, commandRecordOf } from '../streams.js';
import type { PayerBody, ReissueBody } from './receipts.http.js';
import { sealFor } from './sealing.js';

type NamedPayer = Extract<Payer, { readonly kind: 'named' }>;

/** Replaces receipts for people. */
@Injectable()
export class ReissueDesk {
  constructor(
    @Inject(RECEIPT_BOOKS) private readonly books: ReceiptBooks,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
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
    const reasonRecordId = recordOf('reason');
    if (isRegistered(before))
      await sealFor(this.personalData, before.subjectId, reasonRecordId, { text: reason });
    else await this.personalData.sealAboutDonation(donation.donationId, reasonRecordId, { text: reason });
    const corrected = payer && (await this.corrected(payer, issued.data, recordOf));
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

  /** The payer as the body names them; an organisation's public name belongs to the payer that was wrong. */
  private async corrected(
    { name, address, email, otherPerson }: PayerBody,
    { fundId, number, donation: { payer: before } }: ReceiptIssued['data'],
    recordOf: (what: string) => string,
  ): Promise<Payer> {
    const former = otherPerson === true ? stranger(recordOf) : withoutOrganisation(before, number, recordOf);
    const identityRecordId = recordOf('payer');
    const identity = { name, ...(address === undefined ? {} : { address }) };
    const found = { scope: fundId, searchable: [name] };
    await sealFor(this.personalData, former.subjectId, identityRecordId, identity, found);
    const payer = { ...former, kind: 'named', identityRecordId } as const;
    if (email === undefined) return payer;
    const contactRecordId = recordOf('contact');
    await sealFor(this.personalData, contactSubjectOf(payer, number), contactRecordId, { email });
    return { ...payer, contactRecordId, contactNamedAt: this.clock.now().toISOString() };
  }
}

/** Somebody of whom nothing is known yet: keys of their own, so that erasing one person leaves the other. */
function stranger(recordOf: (what: string) => string): Omit<NamedPayer, 'kind' | 'identityRecordId'> {
  const contactSubjectId = recordOf('contact of the person');
  return { subjectId: recordOf('person'), contactSubjectId, unregistered: true };
}

function withoutOrganisation(
  before: Payer,
  number: string,
  recordOf: (what: string) => string,
): Omit<NamedPayer, 'kind' | 'identityRecordId'> {
  if (before.kind !== 'named') return { ...stranger(recordOf), subjectId: payerSubjectOf(before, number) };
  const { kind: _kind, organisation: _name, identityRecordId: _record, ...known } = before;
  return known;
}
