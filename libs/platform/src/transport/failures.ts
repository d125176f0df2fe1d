import { StoreBusy, WrongExpectedVersion } from '#event-store/event-store.js';
import { KeyUnusable, NewerEvent, StoreUnavailable } from '#event-store/handle-errors.js';
import { CheckpointMoved } from '#kernel/checkpoint.js';
import { BacklogUnknown } from '#messaging/backlog.js';
import { isConnectionError } from '#postgres/pool.js';
import { NotReached } from '#read-models/standings.js';

/** PostgreSQL gave up a statement that may go through the next time: serialization, deadlock, locks, timeouts. */
const passingStates = /^(40001|40P01|55P03|57014|53...)$/;

const passing = [
  ...[StoreBusy, StoreUnavailable, WrongExpectedVersion, CheckpointMoved, NotReached],
  BacklogUnknown,
  // By another process, of a newer release.
  NewerEvent,
];

/**
 * Whether the same messages may well be handled a little later though nobody mends anything: an engine that is away or
 * busy, tables that lag, or another process in the way. Looks at what caused the error, too.
 */
export function mayPass(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || error instanceof KeyUnusable) return false;
  if (passing.some((kind) => error instanceof kind) || isConnectionError(error)) return true;
  const { code, cause, driverError } = error as Readonly<Record<'code' | 'cause' | 'driverError', unknown>>;
  if (typeof code === 'string' && passingStates.test(code)) return true;
  return [cause, driverError].some((inner) => inner !== error && mayPass(inner));
}
