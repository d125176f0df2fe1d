import type { Caller } from './roles.js';

/** Somebody with a part in what needs two persons. */
export type Participant = Pick<Caller, 'staffId' | 'enabledBy'>;

/** Whether two persons are two: not the same one, and neither's access went through the hands of the other. */
export function areIndependent(one: Participant, other: Participant): boolean {
  if (one.staffId === other.staffId) return false;
  return !hasHandled(one, other) && !hasHandled(other, one);
}

function hasHandled(one: Participant, other: Participant): boolean {
  return other.enabledBy?.includes(one.staffId) ?? false;
}
