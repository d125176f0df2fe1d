import type { StaffCommand } from '#domain/staff/commands.js';
import type { Recorder } from './recorder.js';

/** The first administrator, and everything that can happen to a person's access. */
export async function accessStory(recorder: Recorder): Promise<void> {
  const { now, today } = recorder;
  const [lan, minh] = [recorder.id('lan'), recorder.id('minh')];
  await recorder.does('lan', recorder.handlers.logins, 'login-hash-of-lan', {
    kind: 'ClaimLogin',
    staffId: lan,
  });
  await recorder.does('lan', recorder.handlers.people, `staff-${lan}`, {
    kind: 'RegisterFirstAdministrator',
    staffId: lan,
    contactRecordId: recorder.id('contact of lan'),
    accountId: lan,
    loginHash: 'hash-of-lan',
    loginRecordId: recorder.id('login of lan'),
    credentialRecordId: recorder.id('password of lan'),
    grantId: recorder.id('first grant'),
    today,
  });
  await recorder.does('lan', recorder.handlers.logins, 'login-hash-of-minh', {
    kind: 'ClaimLogin',
    staffId: minh,
  });
  const act = (...commands: readonly StaffCommand[]) => each(recorder, `staff-${minh}`, commands);
  await act(...hired(recorder, minh, now));
  await act(...lockedOut(recorder, minh));
  await act(...signedIn(recorder, minh));
  await act(...gone(recorder, minh));
}

async function each(recorder: Recorder, stream: string, commands: readonly StaffCommand[]): Promise<void> {
  for (const command of commands) await recorder.does('lan', recorder.handlers.people, stream, command);
}

function hired(recorder: Recorder, staffId: string, now: string): readonly StaffCommand[] {
  const accountId = staffId;
  const grant = { role: 'approver', fundId: recorder.id('fund'), below: true, from: '2025-01-01' } as const;
  return [
    {
      kind: 'RegisterStaff',
      by: 'lan',
      ...{ staffId, accountId, fundId: recorder.id('fund') },
      contactRecordId: recorder.id('contact of minh'),
      loginHash: 'hash-of-minh',
      loginRecordId: recorder.id('login of minh'),
      link: { hash: 'hash-of-first-link', expiresAt: later },
    },
    {
      kind: 'SetPassword',
      ...{ accountId, now, linkHash: 'hash-of-first-link' },
      credentialRecordId: recorder.id('password 1'),
    },
    { kind: 'ChangeContact', contactRecordId: recorder.id('other contact of minh') },
    { kind: 'GiveGrant', by: 'lan', ...grant, grantId: recorder.id('grant 1'), until: '2025-12-31' },
    { kind: 'GiveGrant', by: 'lan', ...grant, role: 'cashier', grantId: recorder.id('grant 2'), until: null },
    { kind: 'WithdrawGrant', by: 'lan', grantId: recorder.id('grant 1') },
  ];
}

/** Links, sessions and tokens of the story end at this instant. */
const later = '2025-12-31T00:00:00.000Z';

function lockedOut(recorder: Recorder, accountId: string): readonly StaffCommand[] {
  const wrong = signIn(recorder, accountId, 'none', false);
  return [
    ...Array.from({ length: 5 }, () => wrong),
    { kind: 'RequestPasswordLink', accountId },
    { kind: 'UnlockAccount', by: 'lan', accountId },
    { kind: 'IssuePasswordLink', by: 'lan', accountId, linkHash: 'hash-of-second-link', expiresAt: later },
  ];
}

function signIn(recorder: Recorder, accountId: string, session: string, matches: boolean): StaffCommand {
  return {
    kind: 'SignIn',
    ...{ accountId, matches, now: recorder.now, expiresAt: later },
    credentialRecordId: recorder.id('password 1'),
    sessionId: recorder.id(`session ${session}`),
    tokenHash: `hash-of-session-${session}`,
    source: 'hash-of-home',
  };
}

function signedIn(recorder: Recorder, accountId: string): readonly StaffCommand[] {
  const { now } = recorder;
  const secretRecordId = recorder.id('secret of minh');
  const code = (session: string, step: number) => ({
    ...{ now, secretRecordId, step, sessionId: recorder.id(`session ${session}`) },
    tokenHash: `hash-of-session-${session}-2`,
  });
  const token = (label: string) => ({
    ...{ now, label, expiresAt: later, sessionId: recorder.id('session a') },
    tokenId: recorder.id(`token ${label}`),
    tokenHash: `hash-of-token-${label}`,
  });
  return [
    signIn(recorder, accountId, 'a', true),
    { kind: 'EnrolSecondFactor', now, sessionId: recorder.id('session a'), secretRecordId },
    { kind: 'ConfirmSecondFactor', ...code('a', 57_800_000) },
    signIn(recorder, accountId, 'b', true),
    { kind: 'GiveSecondFactor', ...code('b', 57_800_000) },
    { kind: 'GiveSecondFactor', ...code('b', 57_800_001) },
    { kind: 'IssueToken', ...token('cli'), roles: null, fundId: null },
    { kind: 'IssueToken', ...token('books'), roles: ['approver'], fundId: recorder.id('fund') },
    { kind: 'RevokeToken', tokenId: recorder.id('token cli') },
    { kind: 'EndSession', sessionId: recorder.id('session b') },
  ];
}

function gone(recorder: Recorder, accountId: string): readonly StaffCommand[] {
  const other = recorder.id('other account');
  return [
    {
      kind: 'OpenAccount',
      by: 'lan',
      accountId: other,
      loginHash: 'hash-of-other',
      loginRecordId: recorder.id('other login'),
    },
    { kind: 'CloseAccount', by: 'lan', accountId: other },
    {
      kind: 'ChangePassword',
      ...{ accountId, now: recorder.now, matches: true, currentRecordId: recorder.id('password 1') },
      credentialRecordId: recorder.id('password 2'),
    },
    { kind: 'RemoveSecondFactor', by: 'lan' },
    { kind: 'SuspendStaff', by: 'lan' },
    { kind: 'ReinstateStaff', by: 'lan' },
    { kind: 'WithdrawStaff', by: 'lan' },
    { kind: 'RecordErasure' },
  ];
}
