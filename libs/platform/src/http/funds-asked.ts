import type { Caller, Role } from '#kernel/roles.js';
import { assertGranted, fundsGranted } from './caller.js';

/**
 * The funds that a list is about: the one asked for, else all on which the caller holds one of the roles. Throws like
 * `assertGranted` where the caller holds none of them on the one asked for.
 */
export function fundsAsked(
  caller: Caller,
  fundId: string | undefined,
  roles: readonly Role[],
): readonly string[] | 'all' {
  if (fundId === undefined) return fundsGranted(caller, ...roles);
  assertGranted(caller, fundId, ...roles);
  return [fundId];
}
