import type { Caller, Role } from '#kernel/roles.js';
import { DomainRefusal } from '#kernel/refusal.js';

/** Throws `access/forbidden` unless the caller holds one of the roles on this fund (or on every fund) now. */
export function assertGranted(caller: Caller, fundId: string, ...wanted: readonly Role[]): void {
  if (!grantedOn(caller, fundId, ...wanted)) throw new DomainRefusal('access/forbidden');
}

/** Whether the caller holds one of the roles on this fund, or on every fund. */
export function grantedOn(caller: Caller, fundId: string, ...wanted: readonly Role[]): boolean {
  return caller.grants.some(
    (grant) => (grant.fundId === fundId || grant.fundId === '*') && wanted.includes(grant.role),
  );
}

/** The funds on which the caller holds one of the roles; `all` when it is every fund. */
export function fundsGranted(caller: Caller, ...wanted: readonly Role[]): readonly string[] | 'all' {
  const grants = caller.grants.filter((grant) => wanted.includes(grant.role));
  return grants.some((grant) => grant.fundId === '*')
    ? 'all'
    : [...new Set(grants.map((grant) => grant.fundId))];
}
