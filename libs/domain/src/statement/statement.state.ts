import { InvariantViolation } from '#kernel/refusal.js';
import type {
  ImportedRows,
  OpeningEntry,
  OtherHalf,
  StatementEvent,
  StatementUploaded,
} from './statement.events.js';

/** A statement that was read; nothing of it is in the books, or ever will be where it is discarded. */
export interface UploadedStatement {
  readonly status: 'uploaded' | 'discarded';
  readonly upload: StatementUploaded['data'];
}

/** A statement whose rows are being recorded. */
export interface ConfirmedStatement {
  readonly status: 'confirmed';
  readonly upload: StatementUploaded['data'];
  /** Staff id; the rows are recorded in this person's name. */
  readonly confirmedBy: string;
  readonly openingEntry?: OpeningEntry;
  /** Rows that are recorded as bank items because the books have their money already. */
  readonly otherHalves?: readonly OtherHalf[];
}

/** A statement whose rows are all in the books. */
export interface ImportedStatement {
  readonly status: 'imported';
  readonly upload: StatementUploaded['data'];
  readonly confirmedBy: string;
  readonly openingEntry?: OpeningEntry;
  readonly otherHalves?: readonly OtherHalf[];
  readonly rows: ImportedRows;
}

/** A statement's state. */
export type StatementState =
  { readonly status: 'none' } | UploadedStatement | ConfirmedStatement | ImportedStatement;

/** Nothing uploaded yet. */
export const noStatement: StatementState = { status: 'none' };

/** Folds one event; throws `InvariantViolation` for an order of events that no decision makes. */
export function evolveStatement(state: StatementState, event: StatementEvent): StatementState {
  switch (event.type) {
    case 'StatementUploaded':
      return { status: 'uploaded', upload: event.data };
    case 'StatementConfirmed': {
      if (state.status !== 'uploaded') return misplaced(state, event);
      const { confirmedBy, openingEntry, otherHalves } = event.data;
      const settled = { ...(openingEntry && { openingEntry }), ...(otherHalves && { otherHalves }) };
      return { status: 'confirmed', upload: state.upload, confirmedBy, ...settled };
    }
    case 'StatementImported':
      if (state.status !== 'confirmed') return misplaced(state, event);
      return { ...state, status: 'imported', rows: event.data };
    case 'StatementDiscarded':
      if (state.status !== 'uploaded') return misplaced(state, event);
      return { ...state, status: 'discarded' };
  }
}

function misplaced({ status }: StatementState, { type }: StatementEvent): never {
  throw new InvariantViolation(`${type} where the statement is ${status}`);
}
