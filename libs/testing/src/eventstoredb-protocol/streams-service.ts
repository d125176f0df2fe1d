import streams from '@eventstore/db-client/generated/streams_pb.js';
import type {
  AppendReq,
  AppendResp,
  DeleteReq,
  TombstoneReq,
} from '@eventstore/db-client/generated/streams_pb.js';
import type { IStreamsServer } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { status, type ServerReadableStream, type StatusObject, type sendUnaryData } from '@grpc/grpc-js';
import type { Expected, Verdict } from './append-rules.js';
import { BatchAppend, bytesOf } from './batch-append.js';
import { appendSizeMax } from './batch-answers.js';
import type { Faults, Method } from './faults.js';
import { read } from './read-call.js';
import type { StoredLog } from './stored-log.js';
import { expectedOf, failure, proposedOf, streamDeleted, streamOf, wrongVersion } from './wire.js';

/** The calls of the Streams service over these streams. */
export function streamsService(log: StoredLog, faults: Faults): IStreamsServer {
  return {
    read: (call) => read(log, faults, call),
    batchAppend: (call) => {
      new BatchAppend(log, faults, call).begin();
    },
    append: (call, answer) => void append(log, faults, call, answer),
    delete: (call, answer) => {
      const ended = end(faults, 'delete', call.request, (stream, expected) => log.delete(stream, expected));
      if ('status' in ended) answer(ended.status);
      else
        answer(
          null,
          new streams.DeleteResp().setPosition(positioned(new streams.DeleteResp.Position(), ended)),
        );
    },
    tombstone: (call, answer) => {
      const ended = end(faults, 'tombstone', call.request, (stream, expected) =>
        log.tombstone(stream, expected),
      );
      if ('status' in ended) answer(ended.status);
      else
        answer(
          null,
          new streams.TombstoneResp().setPosition(positioned(new streams.TombstoneResp.Position(), ended)),
        );
    },
  };
}

interface Positioned {
  setCommitPosition(value: string): unknown;
  setPreparePosition(value: string): unknown;
}

function positioned<Message extends Positioned>(
  message: Message,
  { position }: { position: bigint | undefined },
): Message {
  message.setCommitPosition(String(position ?? 0));
  message.setPreparePosition(String(position ?? 0));
  return message;
}

type Ended = { readonly status: StatusObject } | { readonly position: bigint | undefined };

function end(
  faults: Faults,
  method: Method,
  request: DeleteReq | TombstoneReq,
  write: (stream: string, expected: Expected) => Verdict,
): Ended {
  const told = faults.endOf(method);
  if (told) return { status: told };
  const options = request.getOptions();
  if (!options) return { status: failure(status.INVALID_ARGUMENT, 'options') };
  const stream = streamOf(options);
  const expected = expectedOf(options, options.getRevision());
  const verdict = write(stream, expected);
  if (verdict.kind === 'done') return verdict;
  return {
    status:
      verdict.kind === 'wrong' ? wrongVersion(stream, expected, verdict.current) : streamDeleted(stream),
  };
}

/** One append a call, as clients send it that name their user. */
async function append(
  log: StoredLog,
  faults: Faults,
  call: ServerReadableStream<AppendReq, AppendResp>,
  answer: sendUnaryData<AppendResp>,
): Promise<void> {
  try {
    const requests: AppendReq[] = [];
    for await (const request of call) requests.push(request as AppendReq);
    const ended = faults.starting
      ? failure(status.UNAVAILABLE, 'Server Is Not Ready')
      : faults.endOf('append');
    const appended = ended ?? (await appendOf(log, faults, requests));
    if ('code' in appended) answer(appended);
    else answer(null, appended);
  } catch (error) {
    answer(failure(status.UNKNOWN, (error as Error).message));
  }
}

async function appendOf(
  log: StoredLog,
  faults: Faults,
  [first, ...rest]: readonly AppendReq[],
): Promise<AppendResp | StatusObject> {
  const options = first?.getOptions();
  if (!options) return failure(status.INVALID_ARGUMENT, 'options');
  const events = rest.flatMap((request) => {
    const message = request.getProposedMessage();
    return message ? [proposedOf(message)] : [];
  });
  if (bytesOf(events) > appendSizeMax) return tooLarge();
  const stream = streamOf(options);
  const expected = expectedOf(options, options.getRevision());
  const key = [stream, ...events.map(({ id }) => id)].join(' ');
  if (await faults.underWay(key))
    return failure(status.ABORTED, 'Operation timed out: Commit phase timeout.');
  return faults.answered(key, () => answerOf(stream, expected, log.append(stream, expected, events)));
}

function answerOf(stream: string, expected: Expected, verdict: Verdict): AppendResp | StatusObject {
  switch (verdict.kind) {
    case 'done':
      return done(verdict);
    case 'wrong':
      return wrong(expected, verdict.current);
    case 'deleted':
      return streamDeleted(stream);
  }
}

function tooLarge(): StatusObject {
  const headers = { exception: 'maximum-append-size-exceeded', 'maximum-append-size': String(appendSizeMax) };
  return failure(status.INVALID_ARGUMENT, `Maximum Append Size of ${appendSizeMax} Exceeded.`, headers);
}

function done({ revision, position }: Extract<Verdict, { kind: 'done' }>): AppendResp {
  const success = new streams.AppendResp.Success().setCurrentRevision(String(revision));
  if (position === undefined) success.setNoPosition(new shared.Empty());
  else success.setPosition(positioned(new streams.AppendResp.Position(), { position }));
  return new streams.AppendResp().setSuccess(success);
}

function wrong(expected: Expected, current: number): AppendResp {
  const refused = new streams.AppendResp.WrongExpectedVersion();
  if (current < 0) refused.setCurrentNoStream(new shared.Empty());
  else refused.setCurrentRevision(String(current));
  if (expected === 'any') refused.setExpectedAny(new shared.Empty());
  else if (expected === 'no_stream') refused.setExpectedNoStream(new shared.Empty());
  else if (expected === 'stream_exists') refused.setExpectedStreamExists(new shared.Empty());
  else refused.setExpectedRevision(String(expected));
  return new streams.AppendResp().setWrongExpectedVersion(refused);
}
