import { z } from 'zod';
import type { Actor, Cause } from '#kernel/domain-event.js';
import { canonicalJson } from '#kernel/json.js';
import type { Message } from '#kernel/message.js';
import { formatPosition, parsePosition } from '#kernel/position.js';
import { isTraceparent } from '#kernel/traceparent.js';

/** What arrived is no CloudEvent of ours; the text names the attribute and never its value. */
export class MalformedCloudEvent extends Error {
  override readonly name = 'MalformedCloudEvent';
}

const sourcePrefix = '/topics/';
const text = z.string().min(1);
const position = z.string().regex(/^[0-9]{1,9}\.[0-9]{1,15}$/);

/** Attributes of other senders' extensions are let pass, as the specification asks. */
const cloudEvent = z.looseObject({
  specversion: z.literal('1.0'),
  id: text,
  source: z.string().regex(/^\/topics\/[a-z0-9.-]+$/),
  type: text,
  datacontenttype: z.literal('application/json').optional(),
  subject: text,
  time: z.iso.datetime(),
  partitionkey: text,
  position,
  previous: position.optional(),
  actor: z.string().regex(/^(staff|service|system):./),
  correlationid: text,
  causationid: text.optional(),
  causationkind: z.literal('event').optional(),
  causationtopic: text.optional(),
  causationposition: position.optional(),
  traceparent: z.unknown().optional(),
  data: z.record(z.string(), z.json()),
});

/**
 * The message as a structured-mode CloudEvent 1.0 (`application/cloudevents+json`) in canonical JSON. The fund is its `partitionkey`; `position` and
 * `previous` are extensions of the shape `incarnation.number`; `causationid` is a command's id, or an event's where
 * `causationtopic` and `causationposition` say which message it was or `causationkind` is `event`; `traceparent` is that of
 * the extension for distributed tracing.
 */
export function toCloudEvent(message: Message): string {
  return canonicalJson({
    specversion: '1.0',
    id: message.id,
    source: `${sourcePrefix}${message.topic}`,
    type: message.type,
    datacontenttype: 'application/json',
    subject: message.subject,
    time: message.time,
    partitionkey: message.key,
    position: formatPosition(message.position),
    ...(message.previous ? { previous: formatPosition(message.previous) } : {}),
    actor: message.actor,
    correlationid: message.correlationId,
    ...(message.cause ? causation(message.cause) : {}),
    ...(message.traceparent === undefined ? {} : { traceparent: message.traceparent }),
    data: message.data,
  });
}

/** The reverse of {@link toCloudEvent}; throws {@link MalformedCloudEvent}. */
export function fromCloudEvent(json: string): Message {
  const event = parsed(json);
  return {
    id: event.id,
    topic: event.source.slice(sourcePrefix.length),
    type: event.type,
    subject: event.subject,
    key: event.partitionkey,
    time: event.time,
    position: parsePosition(event.position),
    ...(event.previous === undefined ? {} : { previous: parsePosition(event.previous) }),
    actor: event.actor as Actor,
    correlationId: event.correlationid,
    ...causeOf(event),
    // One that is malformed starts no dead letter: nothing depends on it.
    ...(isTraceparent(event.traceparent) ? { traceparent: event.traceparent } : {}),
    data: event.data,
  };
}

function causation(cause: Cause): object {
  if (cause.kind === 'command') return { causationid: cause.id };
  if (cause.kind === 'event') return { causationid: cause.eventId, causationkind: 'event' };
  const { eventId, topic, position: at } = cause;
  return { causationid: eventId, causationtopic: topic, causationposition: formatPosition(at) };
}

function causeOf(event: z.infer<typeof cloudEvent>): { readonly cause?: Cause } {
  const { causationid: id, causationkind: kind, causationtopic: topic, causationposition: at } = event;
  if (id === undefined) return {};
  if (kind === 'event') return { cause: { kind, eventId: id } };
  if (topic === undefined || at === undefined) return { cause: { kind: 'command', id } };
  return { cause: { kind: 'message', topic, position: parsePosition(at), eventId: id } };
}

function parsed(json: string): z.infer<typeof cloudEvent> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new MalformedCloudEvent('not JSON');
  }
  const result = cloudEvent.safeParse(value);
  if (result.success) return result.data;
  const attributes = new Set(result.error.issues.map(({ path }) => String(path[0] ?? 'event')));
  throw new MalformedCloudEvent(`not as it must be: ${[...attributes].join(', ')}`);
}
