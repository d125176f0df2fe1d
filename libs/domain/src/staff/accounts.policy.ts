import type {
  ChangePassword,
  CloseAccount,
  IssuePasswordLink,
  OpenAccount,
  RequestPasswordLink,
  SetPassword,
  UnlockAccount,
} from './commands.js';
import { sumOfTries } from './lockout.policy.js';
import { accountOf, assertActive, assertNotLocked, assertNotOneself, doneBy, refusal } from './refusals.js';
import { failed } from './sign-in.policy.js';
import type { StaffEvent } from './staff.events.js';
import type { Person } from './staff.state.js';

/** A further login name for the same person; it is a way in, so nobody opens one for himself. */
export function openAccount(person: Person, command: OpenAccount): readonly StaffEvent[] {
  assertActive(person);
  const { kind: _kind, by, ...data } = command;
  assertNotOneself(person, by);
  const taken = Object.values(person.accounts).some((account) => account.loginHash === data.loginHash);
  if (taken) throw refusal('staff/account-exists');
  return [{ type: 'AccountOpened', data: { ...data, ...doneBy(by) } }];
}

/** Nobody closes an account of his own: he might not get back in to undo it. */
export function closeAccount(person: Person, command: CloseAccount): readonly StaffEvent[] {
  accountOf(person, command.accountId);
  assertNotOneself(person, command.by);
  return [{ type: 'AccountClosed', data: { accountId: command.accountId } }];
}

/** A no-op on an account that has no failures. */
export function unlockAccount(person: Person, command: UnlockAccount): readonly StaffEvent[] {
  const account = accountOf(person, command.accountId);
  assertNotOneself(person, command.by);
  if (sumOfTries(account).failures === 0) return [];
  return [{ type: 'AccountUnlocked', data: { accountId: command.accountId } }];
}

/**
 * A one-time link that an administrator hands over. Nobody makes one for himself: who knows his password changes it, and
 * whoever holds a token of his must not be able to.
 */
export function issuePasswordLink(person: Person, command: IssuePasswordLink): readonly StaffEvent[] {
  assertActive(person);
  accountOf(person, command.accountId);
  const { kind: _kind, by, ...data } = command;
  assertNotOneself(person, by);
  return [{ type: 'PasswordLinkIssued', data: { ...data, ...doneBy(by) } }];
}

/** Asking again while nobody has answered is a no-op; so is asking for somebody who may not sign in anyway. */
export function requestPasswordLink(person: Person, command: RequestPasswordLink): readonly StaffEvent[] {
  const account = accountOf(person, command.accountId);
  if (person.status !== 'active' || account.linkRequested) return [];
  return [{ type: 'PasswordLinkRequested', data: { accountId: command.accountId } }];
}

/** Chooses a password by a one-time link, which is then used up. */
export function setPassword(person: Person, command: SetPassword): readonly StaffEvent[] {
  assertActive(person);
  const { accountId, credentialRecordId } = command;
  const link = person.accounts[accountId]?.link;
  if (!link || link.hash !== command.linkHash || link.expiresAt <= command.now)
    throw refusal('staff/link-invalid');
  return [{ type: 'PasswordSet', data: { accountId, credentialRecordId, link: { by: link.by } } }];
}

/** Changes one's own password; a wrong present one counts as a failed sign-in. */
export function changePassword(person: Person, command: ChangePassword): readonly StaffEvent[] {
  assertActive(person);
  const account = accountOf(person, command.accountId);
  const place = { factor: 'password', source: command.source } as const;
  assertNotLocked(account, place, command.now);
  if (account.credentialRecordId !== command.currentRecordId) throw refusal('staff/password-changed');
  if (!command.matches) return failed(account, command.accountId, place, command.now);
  const { accountId, credentialRecordId } = command;
  return [{ type: 'PasswordSet', data: { accountId, credentialRecordId } }];
}
