import type { RecordedEvent } from '#kernel/domain-event.js';
import { cappedSums } from '#domain/journal/one-person.policy.js';
import type { JournalTerms } from '#domain/journal/journal.events.js';
import type { MoneyJson } from '#kernel/money.js';
import { isAbove } from '#kernel/one-person-ceiling.js';
import { Check, valueOf } from './check.js';

/**
 * Who asks for a refund, a void or books opened again, proposes what a bank item was, or writes a journal, is not who agrees
 * to it; and what one person entered alone is not above the ceiling that was in force.
 */
export class TwoPersonsCheck extends Check {
  readonly #makers = new Map<string, Set<string>>();
  /** By which command each was asked for. */
  readonly #commands = new Map<string, string>();

  constructor() {
    super('two-persons', {
      vi: 'Hai người: không ai duyệt hoàn trả, huỷ, phân loại, chứng từ ghi sổ hay việc mở lại sổ của chính mình, hay một mình ghi quá hạn mức',
      en: 'Two persons: nobody approves their own refund, void, classification, journal or reopening of the books, or enters more alone than the ceiling',
    });
  }

  take(event: RecordedEvent): void {
    if (!/^(donation|bank-item|fund|journal)-/.test(event.stream)) return;
    const data = event.data as Decided;
    const id = idOf(event, data);
    if (id === undefined) return;
    this.#asked(event, id, data.requestedBy ?? data.proposedBy ?? data.draftedBy);
    if (this.#isOfOnePerson(event, id, data)) this.#alone(event, id, data);
    else if (data.approvedBy !== undefined) this.#approved(event, id, data.approvedBy);
    else if (needsApproval(event.type, data))
      this.found(event, `${id} không ai duyệt`, `${id} was approved by nobody`);
  }

  #asked(event: RecordedEvent, id: string, maker: string | undefined): void {
    if (maker === undefined) return;
    valueOf(this.#makers, id, () => new Set<string>())
      .add(maker)
      .add(event.actor);
    this.#commands.set(id, event.commandId);
  }

  /** What is said of a bank item up to a ceiling, or a journal of the bank's own papers that its maker agreed on by writing it. */
  #isOfOnePerson({ type, commandId }: RecordedEvent, id: string, data: Decided): boolean {
    if (type === 'JournalApproved')
      return journalsOfOnePerson.has(data.kind ?? '') && this.#commands.get(id) === commandId;
    return data.ceiling !== undefined && data.approvedBy === undefined && !needsApproval(type, data);
  }

  #approved(event: RecordedEvent, id: string, approvedBy: string): void {
    this.counted += 1;
    const makers = this.#makers.get(id);
    if (!makers)
      this.found(event, `${id} được duyệt mà không ai đề nghị`, `${id} was approved and never asked for`);
    else if (makers.has(approvedBy) || makers.has(event.actor))
      this.found(event, `${id} được duyệt bởi chính người đề nghị`, `${id} was approved by who asked for it`);
  }

  /** What was recorded before ceilings were kept is held against none: nobody knows any more which were in force. */
  #alone(event: RecordedEvent, id: string, data: Decided): void {
    const sums = sumsOf(data);
    for (const ceiling of data.ceilings ?? (data.ceiling ? [data.ceiling] : [])) {
      this.counted += 1;
      const sum = sums.find(({ currency }) => currency === ceiling.currency);
      if (!sum || !isAbove(ceiling, sum)) continue;
      const [much, most] = [`${sum.amount} ${sum.currency}`, ceiling.amount];
      this.found(
        event,
        `${id}: một người ghi ${much}, hạn mức ${most}`,
        `${id}: one person alone entered ${much}, above the ceiling of ${most}`,
      );
    }
  }
}

/** What is asked for, said or agreed to. */
function idOf({ stream }: RecordedEvent, data: Decided): string | undefined {
  if (stream.startsWith('journal-')) return stream;
  return data.refundId ?? data.voidId ?? data.classificationId ?? data.reopeningId;
}

const journalsOfOnePerson: ReadonlySet<string> = new Set(['transfer', 'interest', 'fee']);

/** An account of somebody's choice. */
function needsApproval(type: string, { classification }: Decided): boolean {
  return type === 'BankItemClassified' && classification?.as === 'other';
}

/** What ceilings are held against, one sum a currency. */
function sumsOf({ kind, postings, item }: Decided): readonly MoneyJson[] {
  if (item) return [item.amount];
  return kind && postings ? cappedSums({ kind, postings }) : [];
}

interface Decided extends Partial<Pick<JournalTerms, 'kind' | 'postings'>> {
  readonly refundId?: string;
  readonly voidId?: string;
  readonly classificationId?: string;
  readonly classification?: { readonly as: string };
  readonly item?: { readonly amount: MoneyJson };
  readonly reopeningId?: string;
  readonly requestedBy?: string;
  readonly draftedBy?: string;
  readonly proposedBy?: string;
  readonly approvedBy?: string;
  readonly ceiling?: MoneyJson;
  readonly ceilings?: readonly MoneyJson[];
}
