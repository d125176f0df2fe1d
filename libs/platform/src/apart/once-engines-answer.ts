import { setTimeout as delay } from 'node:timers/promises';
import { storeTrouble } from '#event-store/kurrentdb/store-trouble.js';
import { isKafkaError } from '#messaging/kafka/kafka-client.js';
import { isRefusedForGood, kafkaTrouble } from '#messaging/kafka-trouble.js';
import { mayPass } from '../transport/failures.js';
import type { OnTrouble } from './run-process.js';

/** How a start waits. */
export interface WaitOptions {
  /** Told of each engine that does not answer. */
  readonly onTrouble: OnTrouble;
  /** Gives the start up. */
  readonly signal: AbortSignal;
  /** The pause after a first failure, in milliseconds; it doubles up to 5 s. 250 when absent. */
  readonly firstPauseMs?: number;
  /** Connections that brokers end at once, as where one side wants TLS, are given up after so long, in milliseconds; 90,000 when absent. */
  readonly wireWithinMs?: number;
}

const pauseMsMax = 5_000;

/**
 * Starts, again and again while the event store or the brokers do not answer: whatever runs a cluster need not start them
 * in an order. Rejects with anything else at once, so with what only another setting mends: a wrong password, a certificate
 * of nobody known, a missing rule; and with the last failure once the signal is aborted.
 */
export async function onceEnginesAnswer<Started>(
  start: () => Promise<Started>,
  { onTrouble, signal, firstPauseMs = 250, wireWithinMs = 90_000 }: WaitOptions,
): Promise<Started> {
  const began = performance.now();
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, pauseMsMax)) {
    try {
      return await start();
    } catch (cause) {
      const isLate = performance.now() - began > wireWithinMs;
      if (signal.aborted || !isWorthWaiting(cause, isLate)) throw cause;
      onTrouble('the start: an engine does not answer', cause);
      await delay(pauseMs, undefined, { signal }).catch(() => {
        throw cause;
      });
    }
  }
}

function isWorthWaiting(cause: unknown, isLate: boolean): boolean {
  if (storeTrouble(cause)?.kind === 'certificate') return false;
  return isKafkaError(cause) ? isKafkaWorthWaiting(cause, isLate) : mayPass(cause);
}

/** A group that may not be joined has been tried for long by then. */
function isKafkaWorthWaiting(cause: unknown, isLate: boolean): boolean {
  const kind = kafkaTrouble(cause)?.kind;
  return kind !== 'group' && !(kind === 'wire' && isLate) && !isRefusedForGood(cause);
}
