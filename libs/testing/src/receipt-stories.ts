import { randomUUID } from 'node:crypto';
import type { SourceBlock } from '#contracts/source-block.js';
import type { Role } from '#kernel/roles.js';
import type { ReceiptsUnderTest } from './receipts-service.js';

/** The fund of the stories. */
export const fundId = 'f0000000-0000-4000-8000-000000000001';

/** Staff of the fund. */
export const staff = (...roles: readonly Role[]) => ({ fundId, roles });

const fund = {
  fundId,
  code: 'LS',
  level: 'province',
  name: { vi: 'Quỹ Bảo trợ trẻ em tỉnh Lạng Sơn', en: 'Lạng Sơn Child Protection Fund' },
  decision: { number: '12/QĐ-UBND', date: '2008-01-15', issuer: 'UBND tỉnh Lạng Sơn' },
  openedOn: '2024-01-01',
  zone: 'Asia/Ho_Chi_Minh',
  currency: 'VND',
} as const;

/** A made-up donor whose records are in the vault. */
export interface StoryDonor {
  readonly donorId: string;
  readonly subjectId: string;
  /** Whose key seals the mail addresses. */
  readonly contactSubjectId: string;
  readonly name: string;
  readonly source: SourceBlock['donor'];
}

/** What happens at the ledger, told to receipts as it would be. */
export class ReceiptStory {
  constructor(private readonly receipts: ReceiptsUnderTest) {}

  /** The fund opens. */
  async fundOpens(): Promise<void> {
    await this.receipts.say('FundOpened.v1', fund);
  }

  /** Somebody who leaves a mail address, or none. */
  async donor(name: string, email?: string): Promise<StoryDonor> {
    const [donorId, subjectId, contactSubjectId] = [randomUUID(), randomUUID(), randomUUID()];
    const identityRecordId = randomUUID();
    const room = this.receipts.world.vault.room('donors');
    await room.put(
      { recordId: identityRecordId, subjectId },
      { name, address: 'Thôn Thử, xã Mẫu, Lạng Sơn' },
      { scope: fundId, searchable: [name] },
    );
    const contactRecordId = email === undefined ? undefined : await this.contact(contactSubjectId, email);
    const source: SourceBlock['donor'] = {
      kind: 'named',
      ...{ donorId, subjectId, contactSubjectId, identityRecordId, class: 'individual', inProvince: true },
      ...(contactRecordId === undefined ? {} : { contactRecordId }),
    };
    return { donorId, subjectId, contactSubjectId, name, source };
  }

  /** A mail address in the vault, under the subject of a donor's contact. */
  async contact(subjectId: string, email: string): Promise<string> {
    const recordId = randomUUID();
    await this.receipts.world.vault.room('donors').put({ recordId, subjectId }, { email });
    return recordId;
  }

  /** A donation is posted; its source block. */
  async posted(donor: SourceBlock['donor'], changes: Partial<SourceBlock> = {}): Promise<SourceBlock> {
    const source: SourceBlock = {
      donationId: randomUUID(),
      donor,
      method: 'cash',
      account: 'cash',
      amount: { amount: '500000', currency: 'VND' },
      items: [],
      purpose: 'unrestricted',
      receivedOn: '2025-03-01',
      language: 'vi',
      ...changes,
    };
    const entry = this.entry();
    await this.receipts.say('DonationPosted.v1', {
      ...entry,
      source,
      postedPurpose: source.purpose,
    } as never);
    return source;
  }

  /** Part of a donation is paid back, and this is left. */
  async refundedInPart(source: SourceBlock, left: string): Promise<void> {
    const money = { amount: left, currency: 'VND' };
    const refund = { refundId: randomUUID(), reversesEntryId: 'e', full: false, left: money };
    await this.receipts.say('RefundPosted.v1', { ...this.entry(), ...refund, source } as never);
  }

  /** A donation turns out to have been entered wrongly. */
  async voided(source: SourceBlock): Promise<void> {
    const undone = { voidId: randomUUID(), reversesEntryId: 'e' };
    await this.receipts.say('VoidPosted.v1', { ...this.entry(), ...undone, source } as never);
  }

  private entry() {
    return { fundId, entryId: randomUUID(), entryNumber: 1, effectiveOn: '2025-03-01', postings: [] };
  }
}
