import { DomainRefusal } from '#kernel/refusal.js';
import { triesAt, type Place } from './lockout.policy.js';
import type { Account, Person, Session } from './staff.state.js';

/** Every reason for which a command on a staff stream is refused. */
export type StaffRefusal =
  | 'staff/unknown'
  | 'staff/exists'
  | 'staff/suspended'
  | 'staff/withdrawn'
  | 'staff/not-withdrawn'
  | 'staff/not-administrator'
  | 'staff/oneself'
  | 'staff/grant-dates'
  | 'staff/grant-repeated'
  | 'staff/grant-unknown'
  | 'staff/every-fund'
  | 'staff/own-grant'
  | 'staff/account-exists'
  | 'staff/account-unknown'
  | 'staff/locked'
  | 'staff/link-invalid'
  | 'staff/no-password'
  | 'staff/password-changed'
  | 'staff/session-ended'
  | 'staff/second-factor-due'
  | 'staff/second-factor-unknown'
  | 'staff/token-dates'
  | 'staff/tokens-too-many'
  | 'staff/token-unknown';

/** The refusal with its figures; throw it. */
export function refusal(
  code: StaffRefusal,
  details: Readonly<Record<string, string | number>> = {},
): DomainRefusal<StaffRefusal> {
  return new DomainRefusal(code, details);
}

/** Throws `staff/oneself` for a command that nobody turns on himself. */
export function assertNotOneself(person: Person, by: string): void {
  if (by === person.staffId) throw refusal('staff/oneself');
}

/** Who did something as its event keeps it: a staff id, or nothing where the system did it. */
export function doneBy(by: string): { readonly by?: string } {
  return by.startsWith('system') ? {} : { by };
}

/** Throws `staff/suspended` or `staff/withdrawn` unless the person may act. */
export function assertActive(person: Person): void {
  if (person.status !== 'active') throw refusal(`staff/${person.status}`);
}

/** The account; throws `staff/account-unknown`. */
export function accountOf(person: Person, accountId: string): Account {
  const account = person.accounts[accountId];
  if (!account) throw refusal('staff/account-unknown');
  return account;
}

/** The session; throws `staff/session-ended` when it was ended or has expired. */
export function sessionOf(person: Person, sessionId: string, now: string): Session {
  const session = person.sessions[sessionId];
  if (!session || session.expiresAt <= now) throw refusal('staff/session-ended');
  return session;
}

/** Throws `staff/locked` while nothing of this kind is tried on the account from there. */
export function assertNotLocked(account: Account, place: Place, now: string): void {
  const { lockedUntil } = triesAt(account, place);
  if (lockedUntil !== null && lockedUntil > now) throw refusal('staff/locked', { until: lockedUntil });
}
