import { InvariantViolation } from '#kernel/refusal.js';
import type { BankItem, BankItemEvent, Classification } from './bank-item.events.js';

/** What an item is said to have been, or was said to have been. */
export interface SaidOfItem {
  readonly classificationId: string;
  readonly classification: Classification;
  /** Staff id of who said it first. */
  readonly by: string;
  /** Staff through whose hands the access of `by` went, where a second person is to look at it. */
  readonly enabledBy?: readonly string[];
  readonly noteRecordId?: string;
}

/** How something that was said of it ended. */
export interface SettledClassification {
  readonly classificationId: string;
  readonly outcome: 'rejected' | 'declined' | 'undone';
  /** The ledger's refusal code, where it declined. */
  readonly code?: string;
}

interface Recorded {
  readonly item: BankItem;
  readonly settled: readonly SettledClassification[];
  /** How often its texts were destroyed; absent as long as they never were. */
  readonly erasures?: number;
}

/** An item that nobody has said anything of that stands. */
export interface OpenItem extends Recorded {
  readonly status: 'open';
}

/**
 * An item that is classified (`posted`), or on the way there: `proposed` waits for a second person, `asked` and `undoing`
 * for the ledger.
 */
export interface ClassifiedItem extends Recorded {
  readonly status: 'proposed' | 'asked' | 'posted' | 'undoing';
  readonly said: SaidOfItem;
}

/** A bank item's state. */
export type BankItemState = { readonly status: 'none' } | OpenItem | ClassifiedItem;

/** Nothing recorded yet. */
export const noBankItem: BankItemState = { status: 'none' };

/** Folds one event; throws `InvariantViolation` for an order of events that no decision makes. */
export function evolveBankItem(state: BankItemState, event: BankItemEvent): BankItemState {
  switch (event.type) {
    case 'BankItemRecorded': {
      const { memoRecordId: _memo, ...item } = event.data;
      return { status: 'open', item, settled: [] };
    }
    case 'ClassificationProposed': {
      const { proposedBy: by, proposerEnabledBy: enabledBy, ...said } = event.data;
      return beginning(state, 'proposed', { ...said, by, ...(enabledBy && { enabledBy }) }, event);
    }
    case 'BankItemClassified': {
      const { classificationId, classification, classifiedBy: by, noteRecordId } = event.data;
      const note = noteRecordId === undefined ? {} : { noteRecordId };
      return beginning(state, 'asked', { classificationId, classification, by, ...note }, event);
    }
    case 'ClassificationPosted':
    case 'ClassificationReversalDeclined':
      return { ...classified(state, event), status: 'posted' };
    case 'ClassificationUndone':
      return { ...classified(state, event), status: 'undoing' };
    case 'ClassificationRejected':
      return openAgain(classified(state, event), { outcome: 'rejected' });
    case 'ClassificationDeclined':
      return openAgain(classified(state, event), { outcome: 'declined', code: event.data.code });
    case 'BankItemTextsErased':
      if (state.status === 'none') throw new InvariantViolation(`${event.type} where the item is none`);
      return { ...state, erasures: event.data.erasure };
    case 'ClassificationReversed':
    case 'BankItemReleased':
      return openAgain(classified(state, event), { outcome: 'undone' });
  }
}

function beginning(
  state: BankItemState,
  status: 'proposed' | 'asked',
  said: SaidOfItem,
  { type }: BankItemEvent,
): ClassifiedItem {
  if (state.status !== 'open' && state.status !== 'proposed')
    throw new InvariantViolation(`${type} where the item is ${state.status}`);
  const { item, settled, erasures } = state;
  return { status, item, said, settled, ...(erasures !== undefined && { erasures }) };
}

function classified(state: BankItemState, { type }: BankItemEvent): ClassifiedItem {
  if (state.status === 'none' || state.status === 'open')
    throw new InvariantViolation(`${type} where the item is ${state.status}`);
  return state;
}

function openAgain(
  { item, said, settled, erasures }: ClassifiedItem,
  ending: Pick<SettledClassification, 'outcome' | 'code'>,
): OpenItem {
  const { classificationId } = said;
  const ended = { item, settled: [...settled, { classificationId, ...ending }] };
  return { status: 'open', ...ended, ...(erasures !== undefined && { erasures }) };
}
