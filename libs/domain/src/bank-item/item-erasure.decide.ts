import { DomainRefusal } from '#kernel/refusal.js';
import type { BankItemEvent } from './bank-item.events.js';
import type { BankItemState } from './bank-item.state.js';

/** Says that its texts are destroyed, after they were. */
export interface EraseItemTexts {
  readonly type: 'EraseItemTexts';
  /** How often that was done before, as the destroyed key goes by. */
  readonly erasures: number;
  readonly by: string;
}

/** Decides BankItemTextsErased; nothing where somebody else has said so meanwhile. Refuses `bank-item/unknown`. */
export function textsErased(
  state: BankItemState,
  { erasures, by }: EraseItemTexts,
): readonly BankItemEvent[] {
  if (state.status === 'none') throw new DomainRefusal('bank-item/unknown');
  if ((state.erasures ?? 0) !== erasures) return [];
  return [{ type: 'BankItemTextsErased', data: { erasure: erasures + 1, erasedBy: by } }];
}
