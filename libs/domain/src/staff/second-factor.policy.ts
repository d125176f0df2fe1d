import type { ConfirmSecondFactor, EnrolSecondFactor, RemoveSecondFactor } from './commands.js';
import {
  accountOf,
  assertActive,
  assertNotLocked,
  assertNotOneself,
  doneBy,
  refusal,
  sessionOf,
} from './refusals.js';
import { failed } from './sign-in.policy.js';
import type { StaffEvent } from './staff.events.js';
import type { Person } from './staff.state.js';

/** A new secret; whoever has a second factor already must have given it in this session. */
export function enrolSecondFactor(person: Person, command: EnrolSecondFactor): readonly StaffEvent[] {
  assertActive(person);
  assertGivenIfDue(person, command.sessionId, command.now);
  return [{ type: 'SecondFactorEnrolled', data: { secretRecordId: command.secretRecordId } }];
}

/** Proves the new secret by a code; it is the second factor from then on, and this session has given it. */
export function confirmSecondFactor(person: Person, command: ConfirmSecondFactor): readonly StaffEvent[] {
  assertActive(person);
  const { accountId } = assertGivenIfDue(person, command.sessionId, command.now);
  const account = accountOf(person, accountId);
  assertNotLocked(account, { factor: 'code' }, command.now);
  const { secretRecordId, sessionId, tokenHash, step } = command;
  if (person.secondFactor.pendingRecordId !== secretRecordId) throw refusal('staff/second-factor-unknown');
  if (step === undefined) return failed(account, accountId, { factor: 'code' }, command.now);
  return [
    { type: 'SecondFactorConfirmed', data: { secretRecordId, step } },
    { type: 'SecondFactorGiven', data: { sessionId, tokenHash, step } },
  ];
}

/** For somebody who lost the device; never for oneself, and a no-op where there is none. */
export function removeSecondFactor(person: Person, command: RemoveSecondFactor): readonly StaffEvent[] {
  assertNotOneself(person, command.by);
  const { confirmed, pendingRecordId } = person.secondFactor;
  if (!confirmed && pendingRecordId === null) return [];
  return [{ type: 'SecondFactorRemoved', data: doneBy(command.by) }];
}

function assertGivenIfDue(person: Person, sessionId: string, now: string): Person['sessions'][string] {
  const session = sessionOf(person, sessionId, now);
  if (person.secondFactor.confirmed && !session.secondFactor) throw refusal('staff/second-factor-due');
  return session;
}
