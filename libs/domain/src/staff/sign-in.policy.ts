import type { EndSession, GiveSecondFactor, SignIn } from './commands.js';
import { failedAgain, lockedUntil, triesAt, type Place } from './lockout.policy.js';
import { accountOf, assertActive, assertNotLocked, refusal, sessionOf } from './refusals.js';
import type { StaffEvent } from './staff.events.js';
import type { Account, Person } from './staff.state.js';

/** Sessions that one person may have at a time; a further one ends the one that would expire first. */
export const sessionsMax = 10;

/**
 * A wrong password is an event and not a refusal, because it counts: the caller looks for `SignInFailed` among the
 * events. While the account is locked nothing is tried and nothing counts.
 */
export function signIn(person: Person, command: SignIn): readonly StaffEvent[] {
  assertActive(person);
  const account = accountOf(person, command.accountId);
  const place = { factor: 'password', source: command.source } as const;
  assertNotLocked(account, place, command.now);
  if (account.credentialRecordId === null) throw refusal('staff/no-password');
  if (account.credentialRecordId !== command.credentialRecordId) throw refusal('staff/password-changed');
  if (!command.matches) return failed(account, command.accountId, place, command.now);
  const { sessionId, accountId, tokenHash, now: startedAt, expiresAt, source } = command;
  const session = { sessionId, accountId, tokenHash, startedAt, expiresAt };
  return [
    ...pushedOut(person, startedAt),
    { type: 'SessionStarted', data: { ...session, ...(source !== undefined && { source }) } },
  ];
}

/** The one-time code of a session whose password was right. A code counts once; a wrong one is an event that counts. */
export function giveSecondFactor(person: Person, command: GiveSecondFactor): readonly StaffEvent[] {
  assertActive(person);
  const session = sessionOf(person, command.sessionId, command.now);
  const account = accountOf(person, session.accountId);
  assertNotLocked(account, { factor: 'code' }, command.now);
  const { confirmed } = person.secondFactor;
  if (confirmed?.secretRecordId !== command.secretRecordId) throw refusal('staff/second-factor-unknown');
  const { sessionId, tokenHash, step } = command;
  if (step === undefined || step <= confirmed.step)
    return failed(account, session.accountId, { factor: 'code' }, command.now);
  return [{ type: 'SecondFactorGiven', data: { sessionId, tokenHash, step } }];
}

/** Ends a session; one that has ended already is a no-op. */
export function endSession(person: Person, { sessionId }: EndSession): readonly StaffEvent[] {
  return person.sessions[sessionId] ? [{ type: 'SessionEnded', data: { sessionId } }] : [];
}

/** A failure, and the lock that it may bring about. */
export function failed(
  account: Account,
  accountId: string,
  { factor, source }: Place,
  now: string,
): readonly StaffEvent[] {
  const { failures } = failedAgain(triesAt(account, { factor, source }), now);
  const until = lockedUntil(factor, failures, now);
  const data = { accountId, factor, ...(source !== undefined && { source }) };
  return [
    { type: 'SignInFailed', data: { ...data, at: now } },
    ...(until === undefined ? [] : [{ type: 'AccountLocked' as const, data: { ...data, until } }]),
  ];
}

function pushedOut(person: Person, now: string): readonly StaffEvent[] {
  const live = Object.values(person.sessions).filter((session) => session.expiresAt > now);
  return live
    .sort((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1))
    .slice(0, Math.max(0, live.length + 1 - sessionsMax))
    .map(({ sessionId }) => ({ type: 'SessionEnded', data: { sessionId } }));
}
