import type { RecordedEvent } from '#kernel/domain-event.js';
import { money } from '#kernel/money.js';
import { entryEvent, type Posted } from './books.js';
import { Check, valueOf } from './check.js';

/** What is left of a donation. */
interface Standing {
  /** Minor units; undefined in kind. */
  left: bigint | undefined;
  readonly currency: string | undefined;
  whole: boolean;
}

/** Refunds never exceed the donation, in its currency; a donation that is gone whole is undone no more. */
export class RefundsCheck extends Check {
  readonly #standing = new Map<string, Standing>();

  constructor() {
    super('refunds', {
      vi: 'Hoàn trả: không vượt quá khoản ủng hộ, đúng loại tiền, và mỗi khoản chỉ hoàn hết hoặc huỷ một lần',
      en: 'Refunds: never more than the donation, in its currency, and it goes back whole or void only once',
    });
  }

  take(event: RecordedEvent): void {
    const posted = entryEvent(event);
    if (posted?.type === 'DonationPosted') this.#came(posted);
    else if (posted?.type === 'RefundPosted' || posted?.type === 'VoidPosted') this.#taken(posted);
  }

  #came({ stream, data: { source } }: RecordedEvent<Extract<Posted, { type: 'DonationPosted' }>>): void {
    const sum = source.amount && money(source.amount);
    const standing = { left: sum?.minor, currency: sum?.currency, whole: false };
    this.#standing.set(`${stream} ${source.donationId}`, standing);
  }

  #taken(posted: RecordedEvent<Undoing>): void {
    const { donationId } = posted.data.source;
    this.counted += 1;
    const standing = this.#standing.get(`${posted.stream} ${donationId}`);
    if (standing) this.#undone(posted, standing);
    else this.found(posted, `${donationId} chưa từng được ghi sổ`, `${donationId} was never posted`);
  }

  #undone(posted: RecordedEvent<Undoing>, standing: Standing): void {
    const { donationId } = posted.data.source;
    if (standing.whole)
      this.found(posted, `${donationId} đã hoàn hết hoặc huỷ`, `${donationId} was gone whole already`);
    standing.whole = posted.type === 'VoidPosted' || posted.data.full;
    if (posted.type === 'RefundPosted') this.#refunded(posted, standing);
  }

  #refunded(posted: RecordedEvent<Refund>, standing: Standing): void {
    const { amount, full, source } = posted.data;
    const { donationId } = source;
    if (amount === undefined || standing.left === undefined) return;
    if (amount.currency !== standing.currency)
      this.found(
        posted,
        `${donationId}: hoàn bằng ${amount.currency}`,
        `${donationId}: refunded in ${amount.currency}`,
      );
    const left = standing.left - money(amount).minor;
    standing.left = left;
    if (left < 0n)
      this.found(posted, `${donationId}: hoàn quá ${-left}`, `${donationId}: ${-left} too much refunded`);
    else if (full !== (left === 0n))
      this.found(posted, `${donationId}: còn ${left}`, `${donationId}: ${left} left, full is ${full}`);
  }
}

type Undoing = Extract<Posted, { readonly type: 'RefundPosted' | 'VoidPosted' }>;
type Refund = Extract<Posted, { readonly type: 'RefundPosted' }>;

/** Who asks for a refund, a void or books opened again, proposes what a bank item was, or writes a journal, is not who agrees to it. */
export class TwoPersonsCheck extends Check {
  readonly #makers = new Map<string, Set<string>>();

  constructor() {
    super('two-persons', {
      vi: 'Hai người: không ai duyệt hoàn trả, huỷ, phân loại, chứng từ ghi sổ hay việc mở lại sổ của chính mình',
      en: 'Two persons: nobody approves their own refund, void, classification, journal or reopening of the books',
    });
  }

  take(event: RecordedEvent): void {
    if (!/^(donation|bank-item|fund|journal)-/.test(event.stream)) return;
    const data = event.data as UndoingData;
    const id = idOf(event, data);
    if (id === undefined) return;
    this.#asked(event, id, data.requestedBy ?? data.proposedBy ?? data.draftedBy);
    if (data.approvedBy !== undefined) this.#approved(event, id, data.approvedBy);
    else if (needsApproval(event.type, data))
      this.found(event, `${id} không ai duyệt`, `${id} was approved by nobody`);
  }

  #asked(event: RecordedEvent, id: string, maker: string | undefined): void {
    if (maker !== undefined)
      valueOf(this.#makers, id, () => new Set<string>())
        .add(maker)
        .add(event.actor);
  }

  #approved(event: RecordedEvent, id: string, approvedBy: string): void {
    this.counted += 1;
    const makers = this.#makers.get(id);
    if (!makers)
      this.found(event, `${id} được duyệt mà không ai đề nghị`, `${id} was approved and never asked for`);
    else if (makers.has(approvedBy) || makers.has(event.actor))
      this.found(event, `${id} được duyệt bởi chính người đề nghị`, `${id} was approved by who asked for it`);
  }
}

/** What is asked for or agreed to; undefined where one person is enough, as for journals that a bank's own papers tell. */
function idOf({ stream }: RecordedEvent, data: UndoingData): string | undefined {
  if (stream.startsWith('journal-')) return ofOnePerson.has(data.kind ?? '') ? undefined : stream;
  return data.refundId ?? data.voidId ?? data.classificationId ?? data.reopeningId;
}

const ofOnePerson: ReadonlySet<string> = new Set(['transfer', 'interest', 'fee']);

/** An account of somebody's choice. */
function needsApproval(type: string, { classification }: UndoingData): boolean {
  return type === 'BankItemClassified' && classification?.as === 'other';
}

interface UndoingData {
  readonly refundId?: string;
  readonly voidId?: string;
  readonly classificationId?: string;
  readonly classification?: { readonly as: string };
  readonly reopeningId?: string;
  readonly kind?: string;
  readonly requestedBy?: string;
  readonly draftedBy?: string;
  readonly proposedBy?: string;
  readonly approvedBy?: string;
}
