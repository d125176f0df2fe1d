import type { RecordedEvent } from '#kernel/domain-event.js';
import { isInboxEvent, type InboxEvent } from '#kernel/inbox.js';
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
  /** Whether there was a reason and it was erased; absent where not, and for who may not see reasons. */
  readonly reasonErased?: true;
  readonly data: unknown;
}

/** A message of the donation that its service could not handle, by a bug of ours, and that has not been taken up since. */
export interface WaitingMessage {
  /** Whose stream it waits in. */
  readonly service: string;
  readonly stream: string;
  readonly messageId: string;
  /** Its type, such as `DonationRecorded.v1`. */
  readonly message: string;
  /** RFC 3339, UTC. */
  readonly since: string;
  /** What it failed on, or that it waits behind an earlier one; without data. */
  readonly because: string;
}

/** All that happened to a donation, in order of position, and what has not yet since a message waits. */
export interface HistoryView {
  readonly donationId: string;
  readonly entries: readonly HistoryEntry[];
  readonly waiting: readonly WaitingMessage[];
}

/** Reasons by their record, of those that were asked for; none are asked for on behalf of who may not see them. */
export interface Reasons {
  readonly asked: boolean;
  readonly texts: ReadonlyMap<string, string>;
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
  reasons: Reasons,
): HistoryView {
  const placed = [
    ...events.map((event) => own(event, reasons)),
    ...others.map((row) => foreign(row, reasons)),
  ];
  placed.sort((a, b) => comparePositions(a.at, b.at));
  const entries = placed.map(({ entry }) => entry);
  return { donationId, entries, waiting: waitingIn(entries) };
}

/** What was parked and not replayed later in the same stream; one that waits again stands once. */
function waitingIn(entries: readonly HistoryEntry[]): readonly WaitingMessage[] {
  const waiting = new Map<string, WaitingMessage>();
  for (const { service, type, recordedAt: since, data } of entries) {
    if (type !== 'MessageParked' && type !== 'MessageReplayed') continue;
    const { stream, messageId, message = '', reason = '' } = data as ParkedData;
    const key = `${stream} ${messageId}`;
    if (type === 'MessageReplayed') waiting.delete(key);
    else waiting.set(key, { service, stream, messageId, message, since, because: reason });
  }
  return [...waiting.values()];
}

/** What the news of an inbox says of a message. */
interface ParkedData {
  readonly stream: string;
  readonly messageId: string;
  readonly message?: string;
  readonly reason?: string;
}

function own(event: RecordedEvent, reasons: Reasons): Placed {
  const { id, type, recordedAt, position, actor, cause, correlationId, data } = event;
  const entry = {
    ...{ eventId: id, service: 'donations', type, recordedAt, position: formatPosition(position), actor },
    causedBy: cause.kind === 'command' ? null : cause.eventId,
    correlationId,
    ...reasonIn(data, reasons),
    data: isInboxEvent(event) ? waitingData(event) : data,
  };
  return { at: position, entry };
}

/** A message that waits is told of and never told. */
function waitingData({ stream, type, data }: RecordedEvent<InboxEvent>): ParkedData {
  if (type === 'MessageReplayed') return { stream, messageId: data.messageId };
  const { reason, message } = data;
  return { stream, messageId: message.id, message: message.type, reason };
}

function foreign(row: HistoryRow, reasons: Reasons): Placed {
  const data = dataOf(row);
  const at = { incarnation: row.incarnation, number: Number.parseInt(row.number, 10) };
  const entry = {
    ...{ eventId: row.event_id, service: row.service, type: row.type.replace(/\.v\d+$/, '') },
    ...{ recordedAt: row.recorded_at, position: formatPosition(at), actor: row.actor },
    ...{ causedBy: row.caused_by, correlationId: row.correlation_id },
    ...reasonIn(data, reasons),
    data,
  };
  return { at, entry };
}

function dataOf(row: HistoryRow): object {
  return JSON.parse(row.data) as object;
}

function reasonIn(data: object, { asked, texts }: Reasons): Pick<HistoryEntry, 'reason' | 'reasonErased'> {
  const recordId = reasonRecordOf(data);
  const reason = recordId === undefined ? undefined : texts.get(recordId);
  if (reason !== undefined) return { reason };
  return asked && recordId !== undefined ? { reason: null, reasonErased: true } : { reason: null };
}

function reasonRecordOf(data: object): string | undefined {
  const { reasonRecordId, memoRecordId } = data as {
    readonly reasonRecordId?: string;
    readonly memoRecordId?: string;
  };
  return reasonRecordId ?? memoRecordId;
}
