import { bankItem } from '#domain/bank-item/bank-item.decide.js';
import type { BankItem, BankItemEvent, Classification } from '#domain/bank-item/bank-item.events.js';
import type { ClassifiedItem, OpenItem, SettledClassification } from '#domain/bank-item/bank-item.state.js';
import type { EventStore } from '#event-store/event-store.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { isInboxEvent } from '#kernel/inbox.js';
import { formatPosition } from '#kernel/position.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { BankMemo } from './personal-data.js';

/** A bank item with its events. */
export interface ReadBankItem {
  readonly state: OpenItem | ClassifiedItem;
  readonly events: readonly RecordedEvent[];
  /** The record that seals what the bank wrote. */
  readonly memoRecordId?: string;
}

/** A bank item as it stands now. */
export interface BankItemView extends BankItem {
  /** `open`, `proposed` (waits for a second person), `asked` and `undoing` (wait for the ledger), or `posted`. */
  readonly status: (OpenItem | ClassifiedItem)['status'];
  /** What is said of it now. */
  readonly said?: {
    readonly classificationId: string;
    readonly classification: Classification;
    readonly by: string;
    /** The note, for whoever may see names. */
    readonly note: string | null;
  };
  readonly settled: readonly SettledClassification[];
  /**
   * What the bank wrote, for whoever may see names; null where it wrote nothing, and of what a balance says beyond the
   * amount of its row: that stands with the donation or item of the row itself, of the same statement and line.
   */
  readonly memo: BankMemo | null;
  /** Revision and position of the last event that this shows. */
  readonly revision: number;
  readonly position: string;
}

/** Reads and folds a bank item's stream; throws `bank-item/unknown`. */
export async function readBankItem(store: EventStore, bankItemId: string): Promise<ReadBankItem> {
  const events: RecordedEvent[] = [];
  for await (const page of store.read(`bank-item-${bankItemId}`)) events.push(...page);
  const own = events.filter((event) => !isInboxEvent(event)) as RecordedEvent<BankItemEvent>[];
  const state = own.reduce((folded, event) => bankItem.evolve(folded, event), bankItem.initialState);
  if (state.status === 'none') throw new DomainRefusal('bank-item/unknown');
  const [first] = own;
  const memo = first?.type === 'BankItemRecorded' ? first.data.memoRecordId : undefined;
  return { state, events, ...(memo === undefined ? {} : { memoRecordId: memo }) };
}

/** What the API shows of a bank item, with what was opened from the vault for it. */
export function bankItemView(
  { state, events }: ReadBankItem,
  opened: { readonly memo: BankMemo | undefined; readonly note: string | undefined },
): BankItemView {
  const last = events.at(-1);
  if (!last) throw new DomainRefusal('bank-item/unknown');
  const { item, status, settled } = state;
  return {
    ...item,
    status,
    ...(state.status === 'open' ? {} : { said: saidOf(state, opened.note) }),
    settled,
    memo: opened.memo ?? null,
    ...{ revision: last.revision, position: formatPosition(last.position) },
  };
}

function saidOf(
  { said: { classificationId, classification, by } }: ClassifiedItem,
  note: string | undefined,
) {
  return { classificationId, classification, by, note: note ?? null };
}
