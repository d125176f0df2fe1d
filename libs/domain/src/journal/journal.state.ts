import type { MoneyJson } from '#kernel/money.js';
import { InvariantViolation } from '#kernel/refusal.js';
import type { JournalDrafted, JournalEvent } from './journal.events.js';

/** How far a journal has come. */
export type JournalStatus = 'drafted' | 'approved' | 'rejected' | 'withdrawn' | 'posted' | 'refused';

/** A journal that somebody wrote. */
export interface WrittenJournal {
  readonly status: JournalStatus;
  readonly draft: JournalDrafted['data'];
  /** Who agreed to it or said no. */
  readonly decidedBy?: string;
  /** Why somebody said no (vault, books). */
  readonly reasonRecordId?: string;
  /** The entry that it became. */
  readonly entryId?: string;
  /** Why the fund refused it. */
  readonly refusal?: { readonly code: string; readonly shortBy?: MoneyJson };
  /** How often its texts were destroyed; absent as long as they never were. */
  readonly erasures?: number;
}

/** A journal, or none under this id. */
export type JournalState = { readonly status: 'none' } | WrittenJournal;

/** Nothing written yet. */
export const noJournal: JournalState = { status: 'none' };

/** Folds one event; never mutates. Throws `InvariantViolation` for an event before the draft. */
export function evolveJournal(state: JournalState, event: JournalEvent): JournalState {
  if (event.type === 'JournalDrafted') return { status: 'drafted', draft: event.data };
  if (state.status === 'none') throw new InvariantViolation(`${event.type} of a journal that nobody wrote`);
  switch (event.type) {
    case 'JournalApproved':
      return { ...state, status: 'approved', decidedBy: event.data.approvedBy };
    case 'JournalRejected': {
      const { rejectedBy, reasonRecordId } = event.data;
      return { ...state, status: 'rejected', decidedBy: rejectedBy, reasonRecordId };
    }
    case 'JournalWithdrawn':
      return { ...state, status: 'withdrawn' };
    case 'JournalCompleted':
      return { ...state, status: 'posted', entryId: event.data.entryId };
    case 'JournalDeclined':
      return { ...state, status: 'refused', refusal: event.data };
    case 'JournalTextsErased':
      return { ...state, erasures: event.data.erasure };
  }
}
