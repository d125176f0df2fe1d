import { AnsweredCommands, type FirstEvent } from './answered-commands.js';
import type { DomainEvent, RecordedEvent } from './domain-event.js';
import type { Message } from './message.js';
import { comparePositions, type Position } from './position.js';

/** A message whose handling failed by our own bug, kept whole in the stream it was meant for. */
export type MessageParked = DomainEvent<
  'MessageParked',
  { readonly message: Message; readonly reason: string }
>;

/** A parked message was taken up again; its outcome stands in the same append. */
export type MessageReplayed = DomainEvent<
  'MessageReplayed',
  {
    readonly messageId: string;
    readonly topic: string;
    /** The message's subject and key; absent in what was recorded before they were kept. */
    readonly subject?: string;
    readonly key?: string;
  }
>;

/** Events that belong to how a stream receives messages, not to its aggregate; no `evolve` ever sees them. */
export type InboxEvent = MessageParked | MessageReplayed;

/** Whether an event is the inbox's and not the aggregate's. */
export function isInboxEvent(event: RecordedEvent): event is RecordedEvent<InboxEvent> {
  return event.type === 'MessageParked' || event.type === 'MessageReplayed';
}

/** What a stream remembers of the commands and messages that it has answered. Folded beside the aggregate's state. */
export interface Inbox {
  /** The highest source position answered, a topic; a message at or below it is dropped. */
  readonly watermarks: Readonly<Record<string, Position>>;
  /** The first event of each person's command. */
  readonly commands: AnsweredCommands;
  /** Messages parked and not yet replayed, by message id, in the order parked. */
  readonly parked: Readonly<
    Record<string, { readonly subject: string; readonly topic: string; readonly revision: number }>
  >;
}

/** An inbox as plain JSON, as snapshots keep it. */
export interface InboxRecord extends Omit<Inbox, 'commands'> {
  readonly commands: Readonly<Record<string, FirstEvent>>;
}

/** The inbox of a stream that has no events. */
export const emptyInbox: Inbox = { watermarks: {}, commands: AnsweredCommands.none, parked: {} };

/** The inbox as plain JSON. */
export function recordOfInbox(inbox: Inbox): InboxRecord {
  return { ...inbox, commands: inbox.commands.toJSON() };
}

/** The inbox of a {@link recordOfInbox record}. */
export function inboxOfRecord(record: InboxRecord): Inbox {
  return { ...record, commands: AnsweredCommands.of(record.commands) };
}

/** Folds one recorded event into the inbox, whatever its length; what others hold stays as it was. */
export function evolveInbox(inbox: Inbox, event: RecordedEvent): Inbox {
  const next = event.cause.kind === 'message' ? answered(inbox, event.cause) : commanded(inbox, event);
  if (!isInboxEvent(event)) return next;
  if (event.type === 'MessageReplayed') {
    const { [event.data.messageId]: _replayed, ...parked } = next.parked;
    return { ...next, parked };
  }
  const { id, subject, topic } = event.data.message;
  return { ...next, parked: { ...next.parked, [id]: { subject, topic, revision: event.revision } } };
}

function answered(inbox: Inbox, cause: { readonly topic: string; readonly position: Position }): Inbox {
  const seen = inbox.watermarks[cause.topic];
  if (seen && comparePositions(cause.position, seen) <= 0) return inbox;
  return { ...inbox, watermarks: { ...inbox.watermarks, [cause.topic]: cause.position } };
}

function commanded(inbox: Inbox, event: RecordedEvent): Inbox {
  const first = {
    revision: event.revision,
    ...(event.commandDigest === undefined ? {} : { digest: event.commandDigest }),
  };
  return { ...inbox, commands: inbox.commands.with(event.commandId, first) };
}
