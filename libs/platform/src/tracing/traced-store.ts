import type { NewEvent } from '#kernel/domain-event.js';
import type { EventStore } from '#event-store/event-store.js';
import { ending, isTraced, spanHere, spanOfMessage, tracerHere, type OpenSpan } from './spans.js';

type Append = EventStore['append'];

/** Appends in spans, and has each event say in which one it was appended; the same one where nothing is traced. */
export function appendInSpans(append: Append): Append {
  return tracerHere()
    ? (stream, events, ...rest) => {
        const spans = spansOf(stream, events);
        if (spans.size === 0) return append(stream, events, ...rest);
        return ending(spans.values(), () => append(stream, tracedBy(events, spans), ...rest));
      }
    : append;
}

/** One append may answer messages of several traces; it has a span in each. */
function spansOf(stream: string, events: readonly NewEvent[]): ReadonlyMap<string, OpenSpan> {
  const tracer = tracerHere();
  const parents = new Map<string, string[]>();
  for (const event of events) {
    const parent = parentOf(event);
    if (isTraced(parent)) parents.set(parent, [...(parents.get(parent) ?? []), event.type]);
  }
  const spans = new Map<string, OpenSpan>();
  for (const [parent, types] of parents) {
    const attributes = { 'mangnon.stream': stream, 'mangnon.event.types': types.join(' ') };
    if (tracer) spans.set(parent, tracer.open({ name: 'append', kind: 'client', parent, attributes }));
  }
  return spans;
}

function tracedBy(events: readonly NewEvent[], spans: ReadonlyMap<string, OpenSpan>): readonly NewEvent[] {
  return events.map((event) => {
    const span = spans.get(parentOf(event) ?? '');
    return span ? { ...event, traceparent: span.traceparent } : event;
  });
}

function parentOf({ cause }: NewEvent): string | undefined {
  return (cause.kind === 'message' ? spanOfMessage(cause.eventId) : undefined) ?? spanHere();
}
