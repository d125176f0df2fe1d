import { newId } from '#event-store/command-id.js';
import type { EventStore } from '#event-store/event-store.js';
import type { NewEvent, RecordedEvent } from '#kernel/domain-event.js';

/** An event on its way into a store, the only one of a command of its own; `more` replaces what it would say. */
export function newEvent(type: string, data: object, more: Partial<NewEvent> = {}): NewEvent {
  const commandId = newId();
  return {
    id: newId(),
    type,
    schemaVersion: 1,
    data,
    actor: 'system:test',
    commandId,
    cause: { kind: 'command', id: commandId },
    correlationId: commandId,
    salt: 'c2FsdHNhbHRzYWx0c2FsdA',
    ...more,
  };
}

/** The whole stream from a revision on, in order; empty where there is none. */
export async function wholeStream(
  store: Pick<EventStore, 'read'>,
  stream: string,
  fromRevision?: number,
): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of store.read(stream, fromRevision)) events.push(...page);
  return events;
}

/** Appends at the stream's end, whatever it holds, and gives the last event back as it is recorded. */
export async function appendNext(
  store: EventStore,
  stream: string,
  ...events: readonly NewEvent[]
): Promise<RecordedEvent> {
  const last = (await wholeStream(store, stream)).at(-1);
  const { revision } = await store.append(stream, events, last?.revision ?? 'no_stream');
  const [recorded] = await wholeStream(store, stream, revision);
  if (!recorded) throw new Error(`nothing was recorded in ${stream}`);
  return recorded;
}
