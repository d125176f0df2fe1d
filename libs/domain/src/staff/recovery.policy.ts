import { issuePasswordLink, unlockAccount } from './accounts.policy.js';
import type { RecoverAccess } from './commands.js';
import { inForce } from './grants.policy.js';
import { refusal } from './refusals.js';
import { removeSecondFactor } from './second-factor.policy.js';
import type { StaffEvent } from './staff.events.js';
import type { Person } from './staff.state.js';

/**
 * A new way in for an administrator: a link to choose the password, no second factor any more, no lock. Only for
 * administrators, because they look after everybody else's.
 */
export function recoverAccess(person: Person, command: RecoverAccess): readonly StaffEvent[] {
  const { by, accountId, linkHash, expiresAt, today } = command;
  const link = issuePasswordLink(person, { kind: 'IssuePasswordLink', by, accountId, linkHash, expiresAt });
  const administers = Object.values(person.grants).some(
    (grant) => grant.role === 'administrator' && inForce(grant, today),
  );
  if (!administers) throw refusal('staff/not-administrator');
  return [
    ...link,
    ...removeSecondFactor(person, { kind: 'RemoveSecondFactor', by }),
    ...unlockAccount(person, { kind: 'UnlockAccount', by, accountId }),
  ];
}
