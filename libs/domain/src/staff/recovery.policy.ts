import { issuePasswordLink, unlockAccount } from './accounts.policy.js';
import type { RecoverAccess } from './commands.js';
import { inForce } from './grants.policy.js';
import { refusal } from './refusals.js';
import { removeSecondFactor } from './second-factor.policy.js';
import type { StaffEvent } from './staff.events.js';
import type { Person } from './staff.state.js';

/**
 * A new way in for an administrator: no suspension, a link to choose the password, no second factor any more, no lock. Only
 * for administrators, because they look after everybody else's; the only one could be let in by nobody.
 */
export function recoverAccess(found: Person, command: RecoverAccess): readonly StaffEvent[] {
  const { by, accountId, linkHash, expiresAt, today } = command;
  const person: Person = found.status === 'suspended' ? { ...found, status: 'active' } : found;
  const link = issuePasswordLink(person, { kind: 'IssuePasswordLink', by, accountId, linkHash, expiresAt });
  const administers = Object.values(person.grants).some(
    (grant) => grant.role === 'administrator' && inForce(grant, today),
  );
  if (!administers) throw refusal('staff/not-administrator');
  return [
    ...(person === found ? [] : [{ type: 'StaffReinstated', data: {} } as const]),
    ...link,
    ...removeSecondFactor(person, { kind: 'RemoveSecondFactor', by }),
    ...unlockAccount(person, { kind: 'UnlockAccount', by, accountId }),
  ];
}
