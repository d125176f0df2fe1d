import type { Checkpoint } from '#kernel/checkpoint.js';
import { comparePositions } from '#kernel/position.js';

/** Whether two checkpoints are the same event at the same place, or both stand before the first. */
export function sameCheckpoint(a: Checkpoint | undefined, b: Checkpoint | undefined): boolean {
  if (!a || !b) return a === b;
  return a.eventId === b.eventId && comparePositions(a.position, b.position) === 0;
}

/** Orders checkpoints as their positions; undefined, before the first event, comes first. */
export function compareCheckpoints(a: Checkpoint | undefined, b: Checkpoint | undefined): number {
  if (!a || !b) return (a ? 1 : 0) - (b ? 1 : 0);
  return comparePositions(a.position, b.position);
}

/** Whether a consumer that stands there has nothing newer to read. */
export function isAtHead(checkpoint: Checkpoint | undefined, head: Checkpoint | undefined): boolean {
  return compareCheckpoints(checkpoint, head) >= 0;
}
