import { DomainRefusal } from '#kernel/refusal.js';
import type { Person } from '#domain/staff/staff.state.js';
import { assertGranted, grantedOn } from '#platform/http/caller.js';
import type { Caller } from '#kernel/roles.js';
import type { FundTree } from '../read/fund/fund.query.js';

/**
 * Throws `access/forbidden` unless the caller administers the fund of the person and every fund that the person holds a
 * role on: else an administrator of a small fund could take over somebody with a role on a larger one.
 */
export async function assertMayManage(caller: Caller, person: Person, funds: FundTree): Promise<void> {
  assertGranted(caller, person.fundId, 'administrator');
  for (const { fundId, below } of Object.values(person.grants))
    await assertAdministers(caller, fundId, below, funds);
}

/**
 * Throws `access/forbidden` unless the caller administers the fund and, if `below`, holds that for the funds under it too,
 * on this fund or one above: else the funds that are opened under it later would be covered by who never had them.
 */
export async function assertAdministers(
  caller: Caller,
  fundId: string,
  below: boolean,
  funds: FundTree,
): Promise<void> {
  assertGranted(caller, fundId, 'administrator');
  if (!below || grantedOn(caller, '*', 'administrator')) return;
  const held = caller.grants.filter((grant) => grant.role === 'administrator' && grant.below);
  const covering = held.map((grant) => grant.fundId);
  if (covering.includes(fundId)) return;
  const under = await funds.under(covering);
  if (![...under.values()].some((fundIds) => fundIds.includes(fundId)))
    throw new DomainRefusal('access/forbidden');
}

/** Throws `access/forbidden` unless the caller looks after, or audits, a fund that the person has to do with. */
export function assertMaySee(caller: Caller, person: Person): void {
  if (caller.staffId === person.staffId) return;
  const funds = [person.fundId, ...Object.values(person.grants).map((grant) => grant.fundId)];
  if (funds.some((fundId) => grantedOn(caller, fundId, 'administrator', 'auditor'))) return;
  assertGranted(caller, person.fundId, 'administrator', 'auditor');
}
