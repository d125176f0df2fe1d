import { InvariantViolation } from '#kernel/refusal.js';
import { AppendMixed, AppendTooLarge, StoreBusy } from './event-store.js';

/**
 * A stream takes no more messages: it cannot be folded or appended to at all, or too many of its messages are parked.
 * Trying again does not help; the transport holds the key until somebody has looked.
 */
export class KeyUnusable extends Error {
  override readonly name = 'KeyUnusable';

  constructor(
    readonly stream: string,
    reason: string,
    cause?: unknown,
  ) {
    super(`${stream}: ${reason}`, { cause });
  }
}

/**
 * A stream holds an event of a type that this release does not know: a newer one has written it. Nothing is wrong with the
 * stream; whoever handles its messages stops, and a process of the newer release goes on with them.
 */
export class NewerEvent extends Error {
  override readonly name = 'NewerEvent';
}

/**
 * The store could not be read, or an append's outcome is still unknown after retries. Nothing was decided wrongly: the
 * same command or message may come again.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';

  constructor(
    readonly stream: string,
    cause: unknown,
  ) {
    super(`${stream}: the event store does not answer`, { cause });
  }
}

/**
 * What may be written down of an error: its name and text, without anything that could be data (numbers, ids,
 * addresses, quotations), at most 200 characters.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'not an error';
  const text = error.message.replaceAll(/"[^"]*"|'[^']*'|`[^`]*`|\S*[\d@]\S*/g, '…');
  return `${error.name}: ${text}`.slice(0, 200);
}

/** Whether trying again cannot help: our own bug, or an append that no store takes. */
export function isHopeless(error: unknown): boolean {
  return [InvariantViolation, NewerEvent, AppendTooLarge, AppendMixed, TypeError].some(
    (kind) => error instanceof kind,
  );
}

/** Whether the store itself does not take part for now. */
export function isOutage(error: unknown): boolean {
  return error instanceof StoreBusy || error instanceof StoreUnavailable;
}
