import { instantAfter } from '#kernel/instants.js';

/** Failures in a row before an account locks. */
export const failuresMax = 5;

const minuteMs = 60_000;
const lockMinutesMax = 24 * 60;

/**
 * Until when an account locks after this many failures in a row: one minute at {@link failuresMax}, doubling with each
 * further one up to a day; undefined while it does not lock. `now` and the answer are RFC 3339 instants in UTC.
 */
export function lockedUntil(failures: number, now: string): string | undefined {
  if (failures < failuresMax) return undefined;
  const minutes = Math.min(2 ** (failures - failuresMax), lockMinutesMax);
  return instantAfter(now, minutes * minuteMs);
}
