import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from '#event-store/event-store.js';
import type { ReadModels } from '#read-models/read-models.js';
import { NotReached } from '#read-models/standings.js';
import { clockSkewMsMax, type Clock } from './clock.js';
import { RequestFault } from './http/request-fault.js';

/** How long tables that lag behind the store are waited for, in milliseconds. */
const patienceMs = 5_000;

/**
 * Waits until nothing more can be recorded at or before the instant, and until the service's tables have taken all of it
 * in, so that an answer about it is the same whenever asked. Nothing to wait for where there is no instant. Throws
 * `http/busy` where the tables lag too far behind.
 */
export async function takenIn(
  { readModels, store, clock }: { readModels: ReadModels; store: EventStore; clock: Clock },
  service: string,
  recordedAt: string | undefined,
): Promise<void> {
  if (recordedAt === undefined) return;
  const openMs = Date.parse(recordedAt) + clockSkewMsMax - clock.now().getTime();
  if (openMs > 0) await pause(openMs);
  const head = await store.head();
  if (!head) return;
  try {
    await readModels.waitFor(service, head.position, patienceMs);
  } catch (error) {
    if (!(error instanceof NotReached)) throw error;
    throw new RequestFault('http/busy', { headers: { 'Retry-After': '5' } });
  }
}

/** The end, exclusive, of what was recorded up to an instant, its whole millisecond included; null for all. */
export function recordedBeforeOf(recordedAt: string | undefined): string | null {
  return recordedAt === undefined ? null : new Date(Date.parse(recordedAt) + 1).toISOString();
}

/** Throws `http/invalid` for a period that ends before it begins, or an instant that has not come yet. */
export function assertTimes(
  times: { readonly from?: string; readonly to?: string; readonly recordedAt?: string },
  now: Date,
): void {
  const { from, to, recordedAt } = times;
  if (from !== undefined && to !== undefined && from > to) throw invalid('from', 'must not be after to');
  if (recordedAt !== undefined && Date.parse(recordedAt) > now.getTime())
    throw invalid('recordedAt', 'must not be in the future');
}

function invalid(field: string, reason: string): RequestFault {
  return new RequestFault('http/invalid', { fields: [{ field, reason }] });
}
