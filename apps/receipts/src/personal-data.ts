import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Payer } from '#domain/receipt-book/receipt-book.events.js';
import type { Actor } from '#kernel/domain-event.js';
import { VAULT } from '#platform/tokens.js';
import { sealAbout } from '#vault/later-subjects.js';
import { SubjectErased, type PutOptions, type Vault, type VaultRoom } from '#vault/vault.js';
import { payerSubjectOf } from './payer-subjects.js';
import type { PagePayer } from './render/receipt-page.js';
import { bytesRecordOf, subjectOfNobody } from './streams.js';

/** The donor's records as the donations service seals them. */
const identityRecord = z.object({ name: z.string(), address: z.string().optional() });
const contactRecord = z.object({ email: z.string().optional() });

/** A PDF in the vault: which record, and whose key seals it. */
export interface SealedPdf {
  readonly bytesRecordId: string;
  readonly subjectId: string;
}

const service: Actor = 'service:receipts';

/** Everything of a receipt that is personal, on its way into the vault and out of it; each read says what for. */
@Injectable()
export class PersonalData {
  readonly #room: VaultRoom;

  constructor(@Inject(VAULT) vault: Vault) {
    this.#room = vault.room('donors');
  }

  /** Who paid, in plain words for the paper; `erased` where the vault has nothing any more. */
  async payer(payer: Payer): Promise<PagePayer> {
    if (payer.kind !== 'named') return { kind: payer.kind };
    const sealed = await this.#room.find(payer.identityRecordId, {
      actor: service,
      purpose: 'receipt rendered',
    });
    if (!sealed) return { kind: 'erased' };
    const { name, address } = identityRecord.parse(sealed.open());
    return { kind: 'named', name, ...(address === undefined ? {} : { address }) };
  }

  /** Records with a payer's name in the fund that has these words or beginnings, accents or not, newest first. */
  async search(fundId: string, words: string, limit: number, actor: Actor): Promise<readonly string[]> {
    return this.#room.search(fundId, words, limit, { actor, purpose: 'receipts searched' });
  }

  /** The mail address of a contact; undefined where there is none, or none any more. */
  async address(contactRecordId: string): Promise<string | undefined> {
    const sealed = await this.#room.find(contactRecordId, { actor: service, purpose: 'receipt mailed' });
    return sealed && contactRecord.parse(sealed.open()).email;
  }

  /** Seals a PDF with its payer's key, or with the receipt's own where it names nobody (any more). */
  async sealPdf(number: string, sha256: string, payer: Payer, pdf: Uint8Array): Promise<SealedPdf> {
    const bytesRecordId = bytesRecordOf(number, sha256);
    const nobody = subjectOfNobody(number);
    const subjectId = payerSubjectOf(payer, number);
    try {
      await this.#room.putBytes({ recordId: bytesRecordId, subjectId }, pdf);
      return { bytesRecordId, subjectId };
    } catch (error) {
      if (!(error instanceof SubjectErased)) throw error;
      await this.#room.putBytes({ recordId: bytesRecordId, subjectId: nobody }, pdf);
      return { bytesRecordId, subjectId: nobody };
    }
  }

  /** The bytes of a PDF; undefined when they were erased with its payer. */
  async pdf(bytesRecordId: string, actor: Actor, purpose: string): Promise<Uint8Array | undefined> {
    const sealed = await this.#room.findBytes(bytesRecordId, { actor, purpose });
    return sealed?.open();
  }

  /** Seals a mail as the local mailbox got it. Throws `SubjectErased`. */
  async sealMail(recordId: string, subjectId: string, mail: Uint8Array): Promise<void> {
    await this.#room.putBytes({ recordId, subjectId }, mail);
  }

  /** A mail of the local mailbox; undefined when it was erased with its receiver. */
  async mail(recordId: string, actor: Actor): Promise<Uint8Array | undefined> {
    const sealed = await this.#room.findBytes(recordId, { actor, purpose: 'local mailbox shown' });
    return sealed?.open();
  }

  /** Keyed hash of a text that nobody else can make. */
  keyedHash(text: string): string {
    return this.#room.keyedHash(text);
  }

  /** Seals what is said of a donation of nobody known: its erasure destroys it. */
  async sealAboutDonation(
    donationId: string,
    recordId: string,
    content: Readonly<Record<string, string>>,
  ): Promise<void> {
    await sealAbout(this.#room, donationId, recordId, content);
  }

  /** Destroys everything kept under a subject; again, nothing. */
  async erase(subjectId: string): Promise<void> {
    await this.#room.erase(subjectId);
  }

  /** Seals what a person's command brings along, to be found as the options say. Throws `SubjectErased`. */
  async seal(
    recordId: string,
    subjectId: string,
    content: Readonly<Record<string, string>>,
    options?: PutOptions,
  ): Promise<void> {
    await this.#room.put({ recordId, subjectId }, content, options);
  }
}
