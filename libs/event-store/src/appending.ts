import { setTimeout as delay } from 'node:timers/promises';
import type { NewEvent } from '#kernel/domain-event.js';
import {
  AppendMixed,
  AppendTooLarge,
  StoreBusy,
  WrongExpectedVersion,
  type Appended,
  type EventStore,
  type ExpectedRevision,
} from './event-store.js';
import { StoreUnavailable } from './handle-errors.js';

/** How often an append of unknown outcome is sent, the first time included. */
const sendsMax = 4;

/** The first pause between two sends, in milliseconds; it doubles each time. */
const firstPauseMs = 50;

/**
 * Appends, and after an unknown outcome sends the same ids at the same revision again, so that the answer is certain.
 * `after` is the event seen at that revision, empty where there is no stream. Throws what the store answers, `StoreBusy` where it never tried, {@link StoreUnavailable} when it stays unknown.
 */
export async function appendFirmly(
  store: EventStore,
  stream: string,
  events: readonly NewEvent[],
  expected: ExpectedRevision,
  after: string,
): Promise<Appended> {
  for (let sends = 1; ; sends += 1) {
    try {
      return await store.append(stream, events, expected, after === '' ? undefined : after);
    } catch (error) {
      if (isAnswer(error) || (sends === 1 && error instanceof StoreBusy)) throw error;
      if (sends === sendsMax) throw new StoreUnavailable(stream, error);
    }
    await pause(firstPauseMs * 2 ** (sends - 1));
  }
}

/** Waits between half and the whole of `longestMs`, so that those who collided do not meet again. */
export async function pause(longestMs: number): Promise<void> {
  await delay(longestMs * (0.5 + Math.random() / 2));
}

/** A `TypeError` means data that is not JSON: it was never sent. */
function isAnswer(error: unknown): boolean {
  return [WrongExpectedVersion, AppendTooLarge, AppendMixed, TypeError].some((kind) => error instanceof kind);
}
