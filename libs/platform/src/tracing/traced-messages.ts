import type { Message } from '#kernel/message.js';
import type { BatchHandler, ConsumeOptions, Messaging } from '#messaging/messaging.js';
import { ending, isTraced, tracerHere, within, type OpenSpan, type SpanStart } from './spans.js';

/** Messaging whose messages are handled in spans; the same one where nothing is traced. */
export function handledInSpans(messaging: Messaging): Messaging {
  if (!tracerHere()) return messaging;
  return {
    consume: (options) => messaging.consume({ ...options, handle: handlerInSpans(options) }),
    close: () => messaging.close(),
  };
}

/**
 * What is appended while messages of several traces are handled together belongs to each message's own: the answering
 * event says which message it answers.
 */
function handlerInSpans({ group, handle }: ConsumeOptions): BatchHandler {
  return async (messages, ...told) => {
    const spans = spansOf(messages, (message) => ({
      name: `process ${message.topic}`,
      kind: 'consumer',
      attributes: { ...attributesOf(message), 'messaging.consumer.group.name': group },
    }));
    if (spans.size === 0) return handle(messages, ...told);
    const ofMessages = new Map([...spans].map(([id, { traceparent }]) => [id, traceparent]));
    await ending(spans.values(), () => within({ ofMessages }, () => handle(messages, ...told)));
  };
}

/** Sends messages in spans, after which those who handle them go on. */
export async function sendInSpans(
  messages: readonly Message[],
  send: (messages: readonly Message[]) => Promise<void>,
): Promise<void> {
  const spans = spansOf(messages, (message) => ({
    name: `send ${message.topic}`,
    kind: 'producer',
    attributes: attributesOf(message),
  }));
  if (spans.size === 0) return send(messages);
  const traced = messages.map((message) => {
    const span = spans.get(message.id);
    return span ? { ...message, traceparent: span.traceparent } : message;
  });
  await ending(spans.values(), () => send(traced));
}

function spansOf(
  messages: readonly Message[],
  startOf: (message: Message) => Omit<SpanStart, 'parent'>,
): ReadonlyMap<string, OpenSpan> {
  const tracer = tracerHere();
  const spans = new Map<string, OpenSpan>();
  for (const message of messages) {
    const parent = message.traceparent;
    if (tracer && isTraced(parent)) spans.set(message.id, tracer.open({ ...startOf(message), parent }));
  }
  return spans;
}

function attributesOf({ id, topic, type }: Message): Readonly<Record<string, string>> {
  return { 'messaging.destination.name': topic, 'messaging.message.id': id, 'mangnon.message.type': type };
}
