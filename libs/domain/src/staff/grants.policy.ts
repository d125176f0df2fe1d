import type { Role } from '#kernel/roles.js';
import { needsSecondFactor } from '#kernel/second-factor.js';
import type { GiveGrant, WithdrawGrant } from './commands.js';
import { assertActive, doneBy, refusal } from './refusals.js';
import type { StaffEvent } from './staff.events.js';
import type { Grant, Person } from './staff.state.js';

/** Roles that may stand on every fund: they look after others or look on, and touch no money. */
const everyFundRoles: readonly Role[] = ['administrator', 'auditor', 'viewer'];

/**
 * A role on a fund with dates. Nobody gives a role that grants or approves to himself, the same role on the same fund
 * stands once at a time, and only roles that touch no money stand on every fund.
 */
export function giveGrant(person: Person, command: GiveGrant): readonly StaffEvent[] {
  assertActive(person);
  const { kind: _kind, by, ...grant } = command;
  if (grant.until !== null && grant.until < grant.from) throw refusal('staff/grant-dates');
  if (grant.fundId === '*' && !everyFundRoles.includes(grant.role)) throw refusal('staff/every-fund');
  if (by === person.staffId && needsSecondFactor(grant.role)) throw refusal('staff/own-grant');
  const repeated = Object.values(person.grants).find((other) => overlaps(other, grant));
  if (repeated) throw refusal('staff/grant-repeated', { grantId: repeated.grantId });
  return [{ type: 'GrantGiven', data: { ...grant, ...doneBy(by) } }];
}

/** Ends a grant; one's own administration cannot be given up, so that there is always an administrator. */
export function withdrawGrant(person: Person, command: WithdrawGrant): readonly StaffEvent[] {
  const grant = person.grants[command.grantId];
  if (!grant) throw refusal('staff/grant-unknown');
  if (command.by === person.staffId && grant.role === 'administrator') throw refusal('staff/oneself');
  return [{ type: 'GrantWithdrawn', data: { grantId: command.grantId } }];
}

/** Whether the grant holds on this day (`YYYY-MM-DD` in the fund's zone). */
export function inForce(grant: Grant, today: string): boolean {
  return grant.from <= today && (grant.until === null || today <= grant.until);
}

function overlaps(a: Grant, b: Grant): boolean {
  return (
    a.role === b.role &&
    a.fundId === b.fundId &&
    a.below === b.below &&
    (a.until === null || b.from <= a.until) &&
    (b.until === null || a.from <= b.until)
  );
}
