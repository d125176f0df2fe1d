import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { UUID } from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendReq, BatchAppendReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import type { Expected } from './append-rules.js';
import type { ProposedEvent, StoredEvent } from './stored-event.js';

/** What the options of a write, an append or a deletion have in common. */
interface WriteOptions {
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
}

/** What the writer expects; `revision` is the one that it names, if it names one. */
export function expectedOf(options: WriteOptions, revision: string): Expected {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasAny()) return 'any';
  return options.hasStreamExists() ? 'stream_exists' : Number(revision);
}

/** The text of a stream's name; empty where the message names none. */
export function streamOf(options: {
  getStreamIdentifier(): { getStreamName_asU8(): Uint8Array } | undefined;
}): string {
  return Buffer.from(options.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
}

/** The identifier of a stream as messages carry it. */
export function identifierOf(stream: string): InstanceType<typeof shared.StreamIdentifier> {
  return new shared.StreamIdentifier().setStreamName(Uint8Array.from(Buffer.from(stream)));
}

/** Throws for an id that is no UUID and for an empty type, which end a real server’s answer too. */
export function proposedOf(
  message: AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage,
): ProposedEvent {
  const id = message.getId()?.getString() ?? '';
  const type = message.getMetadataMap().get('type') ?? '';
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
    throw new Error('Guid should contain 32 digits');
  if (type === '') throw new Error("Empty eventType provided. (Parameter 'eventType')");
  return {
    id: id.toLowerCase(),
    type,
    contentType: message.getMetadataMap().get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

/** A UUID as text. */
export function uuidOf(id: string): UUID {
  return new shared.UUID().setString(id);
}

/** An event as a reader is sent it. */
export function eventMessage(event: StoredEvent): ReadResp {
  const position = event.position.toString();
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(uuidOf(event.id))
    .setStreamIdentifier(identifierOf(event.stream))
    .setStreamRevision(String(event.revision))
    .setCommitPosition(position)
    .setPreparePosition(position)
    .setData(event.data)
    .setCustomMetadata(event.metadata);
  recorded.getMetadataMap().set('type', event.type).set('created', event.created.toString());
  recorded.getMetadataMap().set('content-type', event.contentType);
  const read = new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(position);
  return new streams.ReadResp().setEvent(read);
}

/** A call that ends in a status; `exception` and what belongs to it tell the client which error it is. */
export function failure(
  code: status,
  details: string,
  headers: Readonly<Record<string, string>> = {},
): StatusObject {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return { code, details, metadata };
}

/** The status of a call on a tombstoned stream. */
export function streamDeleted(stream: string): StatusObject {
  const headers = { exception: 'stream-deleted', 'stream-name': stream };
  return failure(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, headers);
}

/** The status of a deletion at another revision than the stream's. */
export function wrongVersion(stream: string, expected: Expected, current: number): StatusObject {
  const numbers = { any: -2, no_stream: -1, stream_exists: -4 } as const;
  const wanted = typeof expected === 'number' ? expected : numbers[expected];
  const headers = {
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': String(wanted),
    'actual-version': String(current),
  };
  return failure(status.FAILED_PRECONDITION, `WrongExpectedVersion. Stream: ${stream}`, headers);
}
