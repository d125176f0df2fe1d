import { IsDay, IsText } from '#platform/http/fields.js';
import type { Page } from '#platform/http/paging.http.js';
import type { EventPlace } from './event-place.js';
import type { PeriodRow } from '../read/periods/periods.projection.js';

/** Closes the books. */
export class ClosePeriodBody {
  @IsDay({ description: 'the last day that is closed, before today' })
  readonly through!: string;
}

/** Asks to open the books again. */
export class ReopeningBody {
  @IsDay({ description: 'the first day that is open again' })
  readonly from!: string;

  @IsText({ max: 500, multiline: true, description: 'why; sealed' })
  readonly reason!: string;
}

/** A closing, or a request to open the books again, in a list. */
export interface PeriodItem {
  /** Of the request; null for a closing. */
  readonly reopeningId: string | null;
  readonly kind: string;
  /** The last day closed, or the first to be opened. */
  readonly day: string;
  readonly status: string;
  readonly askedBy: string;
  readonly decidedBy: string | null;
  /** Why it was asked; null for a closing, for who may not read names, and where it was erased. */
  readonly reason: string | null;
  /** Why somebody said no; null where nobody did, and like `reason`. */
  readonly rejection: string | null;
  readonly recordedAt: string;
}

/** How far a fund's books are closed, what waits for a second person, and all that happened, the newest first. */
export interface PeriodsView extends Page<PeriodItem> {
  readonly fundId: string;
  /** The last closed day; null while all are open. */
  readonly closedThrough: string | null;
  readonly reopening: ReopeningView | null;
}

/** A request that waits for a second person. */
export interface ReopeningView {
  readonly reopeningId: string;
  readonly from: string;
  readonly requestedBy: string;
  /** Why; null for who may not read names. */
  readonly reason: string | null;
}

/** What happened to a fund's periods. */
export interface PeriodAnswer extends EventPlace {
  readonly fundId: string;
  /** The id of the request; null for a closing. */
  readonly reopeningId: string | null;
}

/** The erasure of what was written about a request, and where it stands; without a place where it was done already. */
export interface ReopeningErasureAnswer extends Partial<EventPlace> {
  readonly fundId: string;
  readonly reopeningId: string;
}

/** A row of the list, with the texts that may be read by their record. */
export function periodItem(row: PeriodRow, texts: ReadonlyMap<string, string>): PeriodItem {
  return {
    reopeningId: row.kind === 'reopening' ? row.key : null,
    kind: row.kind,
    day: row.day,
    status: row.status,
    askedBy: row.asked_by,
    decidedBy: row.decided_by,
    reason: texts.get(row.reason_record_id ?? '') ?? null,
    rejection: texts.get(row.rejection_record_id ?? '') ?? null,
    recordedAt: row.recorded_at,
  };
}
