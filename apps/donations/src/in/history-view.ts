import type { RecordedEvent } from '#kernel/domain-event.js';
import { comparePositions, formatPosition, type Position } from '#kernel/position.js';
import type { HistoryRow } from '../read/history/history.projection.js';

/** One event of a donation, in whichever service it happened. */
export interface HistoryEntry {
  readonly eventId: string;
  readonly service: string;
  readonly type: string;
  readonly recordedAt: string;
  readonly position: string;
  /** `staff:<id>`, `service:<name>` or `system:<name>`. */
  readonly actor: string;
  /** Event that this one answers or followed when its time came; null where a person's command made it. */
  readonly causedBy: string | null;
  /** Equal for all that followed from one first command. */
  readonly correlationId: string;
  /** Why, in the words of who did it, or the memo it came with; null where there is none, none may be seen or is left. */
  readonly reason: string | null;
  readonly data: unknown;
}

/** All that happened to a donation, in order of position. */
export interface HistoryView {
  readonly donationId: string;
  readonly entries: readonly HistoryEntry[];
}

interface Placed {
  readonly at: Position;
  readonly entry: HistoryEntry;
}

/** The vault records of the reasons and memos that are named by a donation's events, here and in other services. */
export function reasonRecordsOf(
  events: readonly RecordedEvent[],
  others: readonly HistoryRow[],
): readonly string[] {
  const told = [...events.map(({ data }) => data), ...others.map(dataOf)];
  return [...new Set(told.flatMap((data) => reasonRecordOf(data) ?? []))];
}

/** Puts the donation's own events and what other services said of it into one order. */
export function historyOf(
  donationId: string,
  events: readonly RecordedEvent[],
  others: readonly HistoryRow[],
  reasons: ReadonlyMap<string, string>,
): HistoryView {
  const placed = [
    ...events.map((event) => own(event, reasons)),
    ...others.map((row) => foreign(row, reasons)),
  ];
  placed.sort((a, b) => comparePositions(a.at, b.at));
  return { donationId, entries: placed.map(({ entry }) => entry) };
}

function own(event: RecordedEvent, reasons: ReadonlyMap<string, string>): Placed {
  const { id, type, recordedAt, position, actor, cause, correlationId, data } = event;
  const entry = {
    ...{ eventId: id, service: 'donations', type, recordedAt, position: formatPosition(position), actor },
    causedBy: cause.kind === 'command' ? null : cause.eventId,
    correlationId,
    reason: reasons.get(reasonRecordOf(data) ?? '') ?? null,
    data,
  };
  return { at: position, entry };
}

function foreign(row: HistoryRow, reasons: ReadonlyMap<string, string>): Placed {
  const data = dataOf(row);
  const at = { incarnation: row.incarnation, number: Number.parseInt(row.number, 10) };
  const entry = {
    ...{ eventId: row.event_id, service: row.service, type: row.type.replace(/\.v\d+$/, '') },
    ...{ recordedAt: row.recorded_at, position: formatPosition(at), actor: row.actor },
    ...{ causedBy: row.caused_by, correlationId: row.correlation_id },
    reason: reasons.get(reasonRecordOf(data) ?? '') ?? null,
    data,
  };
  return { at, entry };
}

function dataOf(row: HistoryRow): object {
  return JSON.parse(row.data) as object;
}

function reasonRecordOf(data: object): string | undefined {
  const { reasonRecordId, memoRecordId } = data as {
    readonly reasonRecordId?: string;
    readonly memoRecordId?: string;
  };
  return reasonRecordId ?? memoRecordId;
}
