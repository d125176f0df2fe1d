import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Expected, Verdict } from './append-rules.js';
import { identifierOf } from './wire.js';

/** The most bytes of data of one append. */
export const appendSizeMax = 1_048_576;

/** What the details of a refused append say, by the name of their message. */
type Details = { serializeBinary(): Uint8Array };

function refused(message: string, name: string, details: Details): BatchAppendResp {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), name);
  const error = new statuses.Status().setMessage(message).setDetails(packed);
  return new streams.BatchAppendResp().setError(error);
}

function wrong(expected: Expected, current: number): BatchAppendResp {
  const details = new shared.WrongExpectedVersion();
  if (current < 0) details.setCurrentNoStream(new empty.Empty());
  else details.setCurrentStreamRevision(String(current));
  if (expected === 'any') details.setExpectedAny(new empty.Empty());
  else if (expected === 'no_stream') details.setExpectedNoStream(new empty.Empty());
  else if (expected === 'stream_exists') details.setExpectedStreamExists(new empty.Empty());
  else details.setExpectedStreamPosition(String(expected));
  return refused('WrongExpectedVersion', 'event_store.client.WrongExpectedVersion', details);
}

function done(revision: number, position: bigint | undefined): BatchAppendResp {
  const success = new streams.BatchAppendResp.Success().setCurrentRevision(String(revision));
  if (position === undefined) success.setNoPosition(new empty.Empty());
  else
    success.setPosition(
      new shared.AllStreamPosition().setCommitPosition(String(position)).setPreparePosition(String(position)),
    );
  return new streams.BatchAppendResp().setSuccess(success);
}

/** The answer to a batch append of which this has become. */
export function answerOf(stream: string, expected: Expected, verdict: Verdict): BatchAppendResp {
  switch (verdict.kind) {
    case 'done':
      return done(verdict.revision, verdict.position);
    case 'wrong':
      return wrong(expected, verdict.current);
    case 'deleted': {
      const details = new shared.StreamDeleted().setStreamIdentifier(identifierOf(stream));
      return refused('StreamDeleted', 'event_store.client.StreamDeleted', details);
    }
  }
}

/** The answer to an append of more bytes than {@link appendSizeMax}. */
export function tooLarge(): BatchAppendResp {
  const details = new shared.MaximumAppendSizeExceeded().setMaxappendsize(appendSizeMax);
  return refused('Maximum Append Size Exceeded', 'event_store.client.MaximumAppendSizeExceeded', details);
}

/** The answer to an append that was not done in time. */
export function timedOut(): BatchAppendResp {
  return refused('Timeout', 'event_store.client.Timeout', new shared.Timeout());
}

/** The answer to an append that cannot be read. */
export function badRequest(message: string): BatchAppendResp {
  return refused(message, 'event_store.client.BadRequest', new shared.BadRequest().setMessage(message));
}

/** The answer of a server that is starting. */
export function notReady(): BatchAppendResp {
  return refused('Server Is Not Ready', 'google.protobuf.Empty', new empty.Empty());
}
