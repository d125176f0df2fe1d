import type { RecordedEvent } from './domain-event.js';
import { isInboxEvent } from './inbox.js';
import type { Message, Translated } from './message.js';

const types: ReadonlySet<string> = new Set(['MessageParked.v1', 'MessageReplayed.v1']);

/**
 * What others are told of a message that waits in a stream, or was taken up: under its own subject and key, never its
 * data. Undefined for every other event, and for what was taken up before its subject was kept.
 */
export function inboxNewsOf(event: RecordedEvent): Translated | undefined {
  if (!isInboxEvent(event)) return undefined;
  const { stream } = event;
  if (event.type === 'MessageParked') {
    const { reason, message } = event.data;
    const { id: messageId, subject, key, topic, type } = message;
    const data = { fundId: key, stream, messageId, topic, message: type, reason };
    return { type: 'MessageParked.v1', subject, key, data };
  }
  const { messageId, topic, subject, key } = event.data;
  if (subject === undefined || key === undefined) return undefined;
  return { type: 'MessageReplayed.v1', subject, key, data: { fundId: key, stream, messageId, topic } };
}

/** Whether a message is {@link inboxNewsOf such news}: it asks nothing of anybody, and never waits itself. */
export function isInboxNews({ type }: Pick<Message, 'type'>): boolean {
  return types.has(type);
}
