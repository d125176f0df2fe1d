import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { status, type ServerWritableStream, type StatusObject } from '@grpc/grpc-js';
import type { Faults } from './faults.js';
import type { StoredEvent } from './stored-event.js';
import type { StoredLog } from './stored-log.js';
import { subscribe } from './subscription.js';
import { eventMessage, failure, identifierOf, streamDeleted, streamOf } from './wire.js';

/** A call that answers with events. */
export type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

/** Answers a call that reads a stream or all of them, once or for as long as it is subscribed. */
export function read(log: StoredLog, faults: Faults, call: ReadCall): void {
  call.on('error', () => undefined);
  const options = call.request.getOptions();
  const ended = faults.starting ? failure(status.UNAVAILABLE, 'Server Is Not Ready') : faults.endOf('read');
  if (ended || !options) {
    call.emit('error', ended ?? failure(status.INVALID_ARGUMENT, 'options'));
  } else if (options.hasSubscription()) {
    subscribe(log, faults, options, call);
  } else {
    const count = Number(options.getCount());
    if (count === 0) call.emit('error', thrown());
    else if (options.hasAll()) finish(call, eventsOfAll(log, options).slice(0, count));
    else readStream(log, options, count, call);
  }
}

function readStream(log: StoredLog, options: ReadReq.Options, count: number, call: ReadCall): void {
  const from = options.getStream();
  const stream = from ? streamOf(from) : '';
  const view = log.view(stream);
  switch (view.state) {
    case 'tombstoned':
      call.emit('error', streamDeleted(stream));
      return;
    case 'none': {
      const missing = new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(stream));
      call.write(new streams.ReadResp().setStreamNotFound(missing));
      call.end();
      return;
    }
    case 'there': {
      const backwards = isBackwards(options);
      if (from?.hasEnd() && !backwards) call.emit('error', thrown());
      else finish(call, eventsFrom(view.events, revisionOf(options, backwards), backwards).slice(0, count));
    }
  }
}

/** How a real server ends a call that its code does not foresee. */
function thrown(): StatusObject {
  return failure(status.UNKNOWN, 'Exception was thrown by handler.');
}

function isBackwards(options: ReadReq.Options): boolean {
  return options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
}

function revisionOf(options: ReadReq.Options, backwards: boolean): number {
  const from = options.getStream();
  if (from?.hasRevision()) return Number(from.getRevision());
  return backwards ? Infinity : 0;
}

function eventsFrom(
  events: readonly StoredEvent[],
  revision: number,
  backwards: boolean,
): readonly StoredEvent[] {
  if (!backwards) return events.filter((event) => event.revision >= revision);
  return events.filter((event) => event.revision <= revision).reverse();
}

/** Forwards with the event at the position, backwards without it. */
function eventsOfAll(log: StoredLog, options: ReadReq.Options): readonly StoredEvent[] {
  const from = options.getAll();
  const at = from?.hasPosition() ? BigInt(from.getPosition()?.getCommitPosition() ?? 0) : undefined;
  if (isBackwards(options))
    return log.all.filter(({ position }) => (at === undefined ? from?.hasEnd() : position < at)).reverse();
  if (from?.hasEnd()) return [];
  return log.all.filter(({ position }) => at === undefined || position >= at);
}

function finish(call: ReadCall, events: readonly StoredEvent[]): void {
  for (const event of events) call.write(eventMessage(event));
  call.end();
}
