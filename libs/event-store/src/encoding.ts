import { canonicalJson } from '#kernel/json.js';
import type { DomainEvent, EventMetadata, NewEvent, RecordedEvent } from '#kernel/domain-event.js';
import type { Position } from '#kernel/position.js';
import { AppendTooLarge, appendBytesMax, type ExpectedRevision } from './event-store.js';

/** A new event as it goes to disk: its two JSON parts in canonical text, which is also what hashes are made of. */
export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  /** Canonical JSON of the event's {@link EventMetadata}. */
  readonly metadata: string;
  readonly data: string;
}

/** One append, checked and ready for an engine. */
export interface EncodedAppend {
  readonly stream: string;
  /** Revision that the stream must stand at, -1 for one without events. */
  readonly expected: number;
  /** The event that must stand there, where the caller has seen it. */
  readonly after?: string | undefined;
  readonly events: readonly EncodedEvent[];
  /** UTF-8 bytes of all data. */
  readonly bytes: number;
}

/** The longest name of a stream or a type, in characters. */
const nameCharactersMax = 200;

/**
 * Checks an append before any engine sees it. Throws `TypeError` for what would be our own bug (no events, a malformed
 * id, an empty type, data that is not plain JSON or holds U+0000) and {@link AppendTooLarge}.
 */
export function encodeAppend(
  stream: string,
  events: readonly NewEvent[],
  expected: ExpectedRevision,
  after?: string,
): EncodedAppend {
  refuseName('stream', stream);
  if (events.length === 0) throw new TypeError(`${stream}: there is nothing to append`);
  if (expected !== 'no_stream' && !(Number.isSafeInteger(expected) && expected >= 0))
    throw new TypeError(`${stream}: ${String(expected)} is not a revision`);
  const encoded = events.map(encodeEvent);
  if (new Set(encoded.map(({ id }) => id)).size < encoded.length)
    throw new TypeError(`${stream}: an id stands twice in one append`);
  const bytes = encoded.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0);
  if (bytes > appendBytesMax) throw new AppendTooLarge(bytes);
  return { stream, expected: expected === 'no_stream' ? -1 : expected, after, events: encoded, bytes };
}

/** Where an engine has put an event, and when. */
export interface Placed {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly cursor: string;
  readonly recordedAt: string;
}

/** The recorded event as plain JSON made it; nothing of the objects that were appended is in it. */
export function decodeEvent(event: EncodedEvent, placed: Placed): RecordedEvent {
  const { id, type, schemaVersion } = event;
  const metadata = JSON.parse(event.metadata) as EventMetadata;
  const data = JSON.parse(event.data) as DomainEvent['data'];
  const { stream, revision, position, cursor, recordedAt } = placed;
  return { id, type, schemaVersion, data, stream, revision, position, cursor, recordedAt, ...metadata };
}

/** What the port calls a revision that engines keep as a number, -1 for no stream. */
export function expectedOf(revision: number): ExpectedRevision {
  return revision === -1 ? 'no_stream' : revision;
}

/** What of an event is metadata, without the members that are absent. */
export function metadataOf(event: EventMetadata): EventMetadata {
  const { actor, commandId, commandDigest, cause, correlationId, salt, traceparent } = event;
  const digest = commandDigest === undefined ? {} : { commandDigest };
  const metadata = { actor, commandId, ...digest, cause, correlationId, salt };
  return traceparent === undefined ? metadata : { ...metadata, traceparent };
}

/** What is weighed before it is appended is encoded once; a new event never changes. */
const encodedBefore = new WeakMap<NewEvent, EncodedEvent>();

/** The event as it goes to disk, made once of each object; throws `TypeError` as {@link encodeAppend} does. */
export function encodeEvent(event: NewEvent): EncodedEvent {
  const known = encodedBefore.get(event);
  if (known) return known;
  const encoded = encode(event);
  encodedBefore.set(event, encoded);
  return encoded;
}

function encode(event: NewEvent): EncodedEvent {
  const { id, type, schemaVersion } = event;
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    throw new TypeError(`"${id}" is not a UUID in lower case`);
  refuseName('type', type);
  if (!(Number.isInteger(schemaVersion) && schemaVersion >= 1 && schemaVersion <= 32_767))
    throw new TypeError(`${type}: ${String(schemaVersion)} is not a schema version`);
  return { id, type, schemaVersion, metadata: jsonText(metadataOf(event)), data: jsonText(event.data) };
}

function refuseName(kind: 'stream' | 'type', name: string): void {
  if (name.length === 0 || name.length > nameCharactersMax)
    throw new TypeError(`the name of a ${kind} has 1 to ${String(nameCharactersMax)} characters`);
  if (!name.isWellFormed() || /\p{Cc}/u.test(name))
    throw new TypeError(`the name of a ${kind} is one line of text`);
}

/** An escaped NUL, but not an escaped backslash with `u0000` behind it. */
const nul = /(?<!\\)(?:\\\\)*\\u0000/;

function jsonText(value: object): string {
  const text = canonicalJson(value);
  if (text.includes('\\u0000') && nul.test(text)) throw new TypeError('U+0000 is refused in event data');
  return text;
}
