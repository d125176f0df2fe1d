import { setTimeout as delay } from 'node:timers/promises';
import { comparePositions, formatPosition, type Position } from '#kernel/position.js';
import { NotReached, type ProjectionStatus } from '#read-models/standings.js';
import { donationReceipts } from '../donation-receipts/donation-receipts.projection.js';
import { register } from './register.projection.js';

/** The tables that a receipt is found in by its number. */
const tables: ReadonlySet<string> = new Set([register.name, donationReceipts.name]);

/**
 * Waits until the register shows what was recorded up to the position; the service's other tables may lag or be stopped.
 * Throws `NotReached` after the time in milliseconds, or at once when the register is stopped.
 */
export async function registerShows(
  readModels: { status(): readonly ProjectionStatus[] },
  position: Position,
  timeoutMs: number,
): Promise<void> {
  const pauseMs = 20;
  for (let waitedMs = 0; !isShown(readModels.status(), position); waitedMs += pauseMs) {
    if (waitedMs >= timeoutMs)
      throw new NotReached(`the register at ${formatPosition(position)}: not within ${String(timeoutMs)} ms`);
    await delay(pauseMs);
  }
}

function isShown(statuses: readonly ProjectionStatus[], wanted: Position): boolean {
  return statuses
    .filter(({ name }) => tables.has(name))
    .every(({ name, state, position }) => {
      if (state === 'stopped') throw new NotReached(`${name} is stopped`);
      return position !== undefined && comparePositions(position, wanted) >= 0;
    });
}
