import { setTimeout as delay } from 'node:timers/promises';
import { isKafkaError } from '#messaging/kafka/kafka-client.js';
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
}

const pauseMsMax = 5_000;

/**
 * Starts, again and again while the event store or the brokers do not answer: whatever runs a cluster need not start them
 * in an order. Rejects with anything else at once, and with the last failure once the signal is aborted.
 */
export async function onceEnginesAnswer<Started>(
  start: () => Promise<Started>,
  { onTrouble, signal, firstPauseMs = 250 }: WaitOptions,
): Promise<Started> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, pauseMsMax)) {
    try {
      return await start();
    } catch (cause) {
      if (signal.aborted || !(mayPass(cause) || isKafkaError(cause))) throw cause;
      onTrouble('the start: an engine does not answer', cause);
      await delay(pauseMs, undefined, { signal }).catch(() => {
        throw cause;
      });
    }
  }
}
