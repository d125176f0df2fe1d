import type { Position as LogPosition } from '@eventstore/db-client';
import type { Checkpoint } from '#kernel/checkpoint.js';
import type { DomainEvent, EventMetadata, RecordedEvent } from '#kernel/domain-event.js';
import { canonicalJson } from '#kernel/json.js';
import type { Position } from '#kernel/position.js';
import type { EncodedEvent } from '../encoding.js';

/** An event as the client hands it over, as far as we look at it. */
export interface ClientEvent {
  readonly streamId: string;
  readonly id: string;
  readonly revision: bigint;
  readonly type: string;
  readonly data: unknown;
  readonly metadata?: unknown;
  readonly created: Date;
  readonly position?: LogPosition | undefined;
}

/** The stream that the store itself writes: which incarnation begins where. Nobody else reads or appends to it. */
export const storeStream = 'mangnon-store';

/** Where an event stood and when it was recorded before it was copied here. */
export interface Given {
  readonly position: Position;
  readonly recordedAt: string;
}

/** What is kept beside an event's data. */
interface StoredMetadata {
  readonly event: EventMetadata;
  readonly schemaVersion: number;
  /** The latest time that the writer had seen recorded, so that an event after it is not recorded earlier. */
  readonly notBefore?: string;
  readonly given?: Given;
}

/** Where an event stands in this server's log, and what it takes to find it again. */
export interface Anchor {
  readonly log: LogPosition;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly position: Position;
  /** Nothing behind it was recorded earlier; milliseconds since 1970. */
  readonly latestMs: number;
}

/** The metadata of an event as bytes for the server. */
export function metadataBytes({ metadata, schemaVersion }: EncodedEvent, more: object): Uint8Array {
  const rest = JSON.stringify({ schemaVersion, ...more }).slice(1);
  return Uint8Array.from(Buffer.from(`{"event":${metadata},${rest}`));
}

/** Whether the event is one of ours: the server keeps streams of its own, and others may share it. */
export function isOurs(event: ClientEvent): boolean {
  const metadata = event.metadata;
  return (
    !event.streamId.startsWith('$') &&
    event.streamId !== storeStream &&
    typeof metadata === 'object' &&
    metadata !== null &&
    'event' in metadata
  );
}

/** Where the event stands in the log; throws for a server that does not tell, as those before 22.6. */
export function logPositionOf({ streamId, position }: ClientEvent): LogPosition {
  if (!position) throw new Error(`${streamId}: the server does not tell where its events stand in its log`);
  return position;
}

/** Plain JSON as it was appended. */
export function dataOf({ data }: ClientEvent): DomainEvent['data'] {
  return (
    data instanceof Uint8Array ? JSON.parse(Buffer.from(data).toString()) : data
  ) as DomainEvent['data'];
}

/** The text of the data, byte for byte as it lies on the server. */
export function dataTextOf({ data }: ClientEvent): string {
  return data instanceof Uint8Array ? Buffer.from(data).toString() : JSON.stringify(data);
}

/** The text of the event's metadata as it was encoded, with whatever somebody may have put into it. */
export function metadataTextOf({ metadata }: ClientEvent): string {
  return canonicalJson((metadata as StoredMetadata).event);
}

/** When the event was recorded, as far as it tells by itself; milliseconds since 1970. */
export function recordedMsOf(event: ClientEvent): number {
  const { given, notBefore } = event.metadata as StoredMetadata;
  if (given) return Date.parse(given.recordedAt);
  return Math.max(event.created.getTime(), notBefore === undefined ? 0 : Date.parse(notBefore));
}

/** Where the event stands; `incarnation` is the one that its place in the log belongs to. */
export function anchorOf(event: ClientEvent, incarnation: number, latestMs = 0): Anchor {
  const { given } = event.metadata as StoredMetadata;
  const log = logPositionOf(event);
  return {
    log,
    stream: event.streamId,
    revision: Number(event.revision),
    eventId: event.id,
    position: given?.position ?? { incarnation, number: Number(log.commit) },
    latestMs: Math.max(latestMs, recordedMsOf(event)),
  };
}

/** The recorded event, which stands at the anchor. */
export function recordedOf(event: ClientEvent, anchor: Anchor): RecordedEvent {
  const { event: metadata, schemaVersion } = event.metadata as StoredMetadata;
  return {
    id: event.id,
    type: event.type,
    schemaVersion,
    data: dataOf(event),
    stream: anchor.stream,
    revision: anchor.revision,
    position: anchor.position,
    cursor: cursorOf(anchor),
    recordedAt: new Date(anchor.latestMs).toISOString(),
    ...metadata,
  };
}

function cursorOf({ log, latestMs, revision, stream }: Anchor): string {
  return [log.commit, log.prepare, latestMs, revision, stream].join('/');
}

/** The checkpoint of a consumer that has handled everything up to the anchor. */
export function checkpointAt(anchor: Anchor): Checkpoint {
  return { cursor: cursorOf(anchor), position: anchor.position, eventId: anchor.eventId };
}

const cursorPattern = /^(\d{1,19})\/(\d{1,19})\/(\d{1,16})\/(\d{1,16})\/(.+)$/;

/** Where the checkpoint says that its event stands; undefined where its cursor is not one of this engine. */
export function anchorIn({ cursor, position, eventId }: Checkpoint): Anchor | undefined {
  const [, commit, prepare, latest, revision, stream] = cursorPattern.exec(cursor) ?? [];
  if (!commit || !prepare || !stream) return undefined;
  const log = { commit: BigInt(commit), prepare: BigInt(prepare) };
  return { log, stream, revision: Number(revision), eventId, position, latestMs: Number(latest) };
}
