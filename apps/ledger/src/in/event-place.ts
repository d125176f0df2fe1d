import { formatPosition } from '#kernel/position.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { InvariantViolation } from '#kernel/refusal.js';

/** What a command made happen, and where that stands. */
export interface EventPlace {
  /** Such as `PeriodClosed`. */
  readonly event: string;
  readonly recordedAt: string;
  /** Position of the event, `incarnation.number`. */
  readonly position: string;
}

/** The place of a command's first event; throws `InvariantViolation` where there is none. */
export function eventPlace([event]: readonly RecordedEvent[]): EventPlace {
  if (!event) throw new InvariantViolation('the command made no event');
  const { type, recordedAt, position } = event;
  return { event: type, recordedAt, position: formatPosition(position) };
}
