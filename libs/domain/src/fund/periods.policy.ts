import type { LocalDate } from '#kernel/dates.js';
import { dayBefore } from '#kernel/neighbouring-days.js';
import { InvariantViolation } from '#kernel/refusal.js';
import type { PeriodEvent } from './period.events.js';

/** A reopening that waits for a second person. */
export interface AskedReopening {
  readonly reopeningId: string;
  readonly from: LocalDate;
  readonly requestedBy: string;
  readonly requesterEnabledBy?: readonly string[];
  /** Why (vault, books). */
  readonly reasonRecordId: string;
}

/** How far the books are closed, and what is asked about it. */
export interface Periods {
  /** The last closed day; null while all are open. */
  readonly closedThrough: LocalDate | null;
  /** One at a time; null where nobody asks. */
  readonly reopening: AskedReopening | null;
  /** How often the texts of a request were destroyed, by request; absent as long as none ever were. */
  readonly textErasures?: Readonly<Record<string, number>>;
}

/** After something happened to the periods of a fund that opened its books on `openedOn`. */
export function periodsAfter(
  { closedThrough, reopening, textErasures }: Periods,
  event: PeriodEvent,
  openedOn: LocalDate,
): Periods {
  switch (event.type) {
    case 'PeriodClosed':
      return { reopening, closedThrough: event.data.through };
    case 'ReopeningAsked':
      return { closedThrough, reopening: event.data };
    case 'PeriodReopened': {
      if (!closedThrough) throw new InvariantViolation('nothing that is open is reopened');
      const { from } = event.data;
      return { reopening: null, closedThrough: from > openedOn ? dayBefore(from) : null };
    }
    case 'ReopeningRejected':
    case 'ReopeningWithdrawn':
      return { closedThrough, reopening: null };
    case 'ReopeningTextsErased': {
      const { reopeningId, erasure } = event.data;
      return { closedThrough, reopening, textErasures: { ...textErasures, [reopeningId]: erasure } };
    }
  }
}
