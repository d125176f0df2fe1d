import type { GiveGrant, IssueToken, SignIn, StaffCommand } from '#domain/staff/commands.js';
import type { AccountLocked, GrantGiven, SignInFailed, StaffEvent } from '#domain/staff/staff.events.js';

/** A morning in UTC. */
export const now = '2025-05-29T01:00:00.000Z';
/** The evening of the same day. */
export const later = '2025-05-29T13:00:00.000Z';
/** Lan becomes staff of the fund `ls`. */
export const registered: StaffEvent = {
  type: 'StaffRegistered',
  data: { staffId: 'lan', fundId: 'ls', contactRecordId: 'contact' },
};
/** Her account `a`. */
export const opened: StaffEvent = {
  type: 'AccountOpened',
  data: { accountId: 'a', loginHash: 'h-lan', loginRecordId: 'login' },
};
/** A link to choose its password. */
export const linked: StaffEvent = {
  type: 'PasswordLinkIssued',
  data: { accountId: 'a', linkHash: 'h-link', expiresAt: later },
};
/** Its password chosen. */
export const password: StaffEvent = {
  type: 'PasswordSet',
  data: { accountId: 'a', credentialRecordId: 'c1' },
};
/** Lan is suspended. */
export const suspended: StaffEvent = { type: 'StaffSuspended', data: {} };
/** Lan leaves. */
export const withdrawn: StaffEvent = { type: 'StaffWithdrawn', data: {} };
/** A session of account `a`. */
export const session = (sessionId = 's', expiresAt = later): StaffEvent => ({
  type: 'SessionStarted',
  data: { sessionId, accountId: 'a', tokenHash: `h-${sessionId}`, startedAt: now, expiresAt },
});
/** A secret for codes. */
export const enrolled: StaffEvent = { type: 'SecondFactorEnrolled', data: { secretRecordId: 'totp' } };
/** The secret proven at step 100. */
export const confirmed: StaffEvent = {
  type: 'SecondFactorConfirmed',
  data: { secretRecordId: 'totp', step: 100 },
};
/** A code given in session `s`. */
export const secondGiven = (step = 101): StaffEvent => ({
  type: 'SecondFactorGiven',
  data: { sessionId: 's', tokenHash: 'h-s2', step },
});
/** A wrong password or code in the morning. */
export const wrong = (factor: 'password' | 'code' = 'password', at = now): SignInFailed => ({
  type: 'SignInFailed',
  data: { accountId: 'a', factor, at },
});
/** Account `a` locked until the evening. */
export const locked = (factor: 'password' | 'code' = 'password', until = later): AccountLocked => ({
  type: 'AccountLocked',
  data: { accountId: 'a', factor, until },
});
/** Cashier of `ls` from the beginning of 2025. */
export const granted: GrantGiven = {
  type: 'GrantGiven',
  data: { grantId: 'g', role: 'cashier', fundId: 'ls', below: false, from: '2025-01-01', until: null },
};

/** Registered, without a password. */
export const hired = [registered, opened, linked];
/** Able to sign in. */
export const ready = [...hired, password];
/** With session `s`. */
export const signedIn = [...ready, session()];

/** Signs in with the right password. */
export const signIn: SignIn = {
  kind: 'SignIn',
  accountId: 'a',
  credentialRecordId: 'c1',
  matches: true,
  sessionId: 's',
  tokenHash: 'h-s',
  now,
  expiresAt: later,
};
/** Gives cashier of `ls` from June on. */
export const grant: GiveGrant = {
  kind: 'GiveGrant',
  by: 'admin',
  grantId: 'g2',
  role: 'cashier',
  fundId: 'ls',
  below: false,
  from: '2025-06-01',
  until: null,
};
/** Issues a token from session `s`. */
export const token: IssueToken = {
  kind: 'IssueToken',
  tokenId: 't',
  tokenHash: 'h-t',
  label: 'laptop',
  roles: null,
  fundId: null,
  sessionId: 's',
  now,
  expiresAt: '2025-12-31T00:00:00.000Z',
};
/** A right code. */
export const code = { sessionId: 's', secretRecordId: 'totp', step: 101, tokenHash: 'h-s2', now } as const;
/** Registers Lan. */
export const register: StaffCommand = {
  kind: 'RegisterStaff',
  by: 'system:test',
  staffId: 'lan',
  fundId: 'ls',
  contactRecordId: 'contact',
  accountId: 'a',
  loginHash: 'h-lan',
  loginRecordId: 'login',
  link: { hash: 'h-link', expiresAt: later },
};
