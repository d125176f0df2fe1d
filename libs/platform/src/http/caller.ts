import type { Caller, GrantInForce, Role } from '#kernel/roles.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { needsSecondFactor } from '#kernel/second-factor.js';

/**
 * Throws `access/forbidden` unless the caller holds one of the roles on this fund (or on every fund) now, or
 * `access/second-factor-required` when only a second factor is missing for it to count.
 */
export function assertGranted(caller: Caller, fundId: string, ...wanted: readonly Role[]): void {
  if (grantedOn(caller, fundId, ...wanted)) return;
  const held = caller.grants.some((grant) => covers(grant, fundId) && wanted.includes(grant.role));
  throw new DomainRefusal(held ? 'access/second-factor-required' : 'access/forbidden');
}

/** Throws like {@link assertGranted} unless the caller administers every fund: what concerns the whole system. */
export function assertOperator(caller: Caller): void {
  assertGranted(caller, '*', 'administrator');
}

/** Whether the caller holds one of the roles on this fund, or on every fund, and it counts. */
export function grantedOn(caller: Caller, fundId: string, ...wanted: readonly Role[]): boolean {
  return counting(caller, wanted).some((grant) => covers(grant, fundId));
}

/** The funds on which the caller holds one of the roles and it counts; `all` when it is every fund. */
export function fundsGranted(caller: Caller, ...wanted: readonly Role[]): readonly string[] | 'all' {
  const grants = counting(caller, wanted);
  return grants.some((grant) => grant.fundId === '*')
    ? 'all'
    : [...new Set(grants.map((grant) => grant.fundId))];
}

/** Throws like {@link assertGranted} unless the caller holds one of the roles on some fund and it counts. */
export function assertGrantedSomewhere(caller: Caller, wanted: readonly Role[]): void {
  if (counting(caller, wanted).length > 0) return;
  const held = caller.grants.some((grant) => wanted.includes(grant.role));
  throw new DomainRefusal(held ? 'access/second-factor-required' : 'access/forbidden');
}

function counting(caller: Caller, wanted: readonly Role[]): readonly GrantInForce[] {
  return caller.grants.filter(
    ({ role }) => wanted.includes(role) && (caller.secondFactor || !needsSecondFactor(role)),
  );
}

function covers(grant: GrantInForce, fundId: string): boolean {
  return grant.fundId === fundId || grant.fundId === '*';
}
