import { describe, expect, it } from '@jest/globals';
import { given } from '#testing/given.js';
import { granted, locked, wrong } from '#testing/staff-stories.js';
import type { ChangePassword, SetPassword } from './commands.js';
import { normalisedLogin, passwordFault } from './password.policy.js';
import { staff } from './staff.decide.js';
import type { PasswordLinkIssued, StaffEvent } from './staff.events.js';

const now = '2025-05-29T01:00:00.000Z';
const later = '2025-05-29T13:00:00.000Z';
const opened: StaffEvent = {
  type: 'AccountOpened',
  data: { accountId: 'a', loginHash: 'h-lan', loginRecordId: 'login' },
};
const hired: readonly StaffEvent[] = [
  { type: 'StaffRegistered', data: { staffId: 'lan', fundId: 'ls', contactRecordId: 'contact' } },
  opened,
];
const linked: PasswordLinkIssued = {
  type: 'PasswordLinkIssued',
  data: { accountId: 'a', linkHash: 'h-link', expiresAt: later },
};
const linkedBy = (by: string): StaffEvent => ({ ...linked, data: { ...linked.data, by } });
const requested: StaffEvent = { type: 'PasswordLinkRequested', data: { accountId: 'a' } };
const password = (credentialRecordId: string): StaffEvent => ({
  type: 'PasswordSet',
  data: { accountId: 'a', credentialRecordId },
});
const suspended: StaffEvent = { type: 'StaffSuspended', data: {} };

describe('accounts', () => {
  const open = {
    kind: 'OpenAccount',
    by: 'admin',
    accountId: 'b',
    loginHash: 'h-lan2',
    loginRecordId: 'login2',
  } as const;

  it('may be several for one person, each with its own login name', () => {
    const { kind: _kind, ...data } = open;
    given(staff, hired).when(open).then({ type: 'AccountOpened', data });
    given(staff, hired)
      .when({ ...open, loginHash: 'h-lan' })
      .refuses('staff/account-exists');
    given(staff, [...hired, suspended])
      .when(open)
      .refuses('staff/suspended');
    given(staff, hired)
      .when({ ...open, by: 'lan' })
      .refuses('staff/oneself');
  });

  it('are closed by somebody else', () => {
    const close = { kind: 'CloseAccount', by: 'admin', accountId: 'a' } as const;
    given(staff, hired)
      .when(close)
      .then({ type: 'AccountClosed', data: { accountId: 'a' } });
    given(staff, hired)
      .when({ ...close, by: 'lan' })
      .refuses('staff/oneself');
    given(staff, hired)
      .when({ ...close, accountId: 'b' })
      .refuses('staff/account-unknown');
  });

  it('are unlocked by somebody else', () => {
    const unlock = { kind: 'UnlockAccount', by: 'admin', accountId: 'a' } as const;
    for (const failed of [wrong(), wrong('code')])
      given(staff, [...hired, failed])
        .when(unlock)
        .then({ type: 'AccountUnlocked', data: { accountId: 'a' } });
    given(staff, hired).when(unlock).nothing();
    given(staff, [...hired, wrong()])
      .when({ ...unlock, by: 'lan' })
      .refuses('staff/oneself');
  });
});

describe('a link to choose a password', () => {
  const set: SetPassword = {
    kind: 'SetPassword',
    accountId: 'a',
    linkHash: 'h-link',
    credentialRecordId: 'c1',
    now,
  };
  const chosenByLink = (by: string | null): StaffEvent => ({
    type: 'PasswordSet',
    data: { accountId: 'a', credentialRecordId: 'c1', link: { by } },
  });

  it('is issued, and is asked for once', () => {
    const issue = {
      kind: 'IssuePasswordLink',
      by: 'admin',
      accountId: 'a',
      linkHash: 'h-link',
      expiresAt: later,
    } as const;
    given(staff, hired).when(issue).then(linkedBy('admin'));
    given(staff, hired)
      .when({ ...issue, by: 'lan' })
      .refuses('staff/oneself');
    given(staff, [...hired, suspended])
      .when(issue)
      .refuses('staff/suspended');
    const request = { kind: 'RequestPasswordLink', accountId: 'a' } as const;
    given(staff, hired).when(request).then(requested);
    given(staff, [...hired, requested])
      .when(request)
      .nothing();
    given(staff, [...hired, suspended])
      .when(request)
      .nothing();
    given(staff, [...hired, requested, linked])
      .when(request)
      .then(requested);
  });

  it('is void once somebody else has given a role', () => {
    const grantBy = (by: string): StaffEvent => ({ ...granted, data: { ...granted.data, by } });
    given(staff, [...hired, linkedBy('admin'), grantBy('admin')])
      .when(set)
      .then(chosenByLink('admin'));
    for (const history of [
      [...hired, linkedBy('admin'), grantBy('other')],
      [...hired, linked, grantBy('other')],
      [...hired, linked, granted],
    ])
      given(staff, history).when(set).refuses('staff/link-invalid');
  });

  it('works once and in time', () => {
    given(staff, [...hired, linked])
      .when(set)
      .then(chosenByLink(null));
    given(staff, [...hired, linkedBy('admin')])
      .when(set)
      .then(chosenByLink('admin'));
    for (const history of [hired, [...hired, linked, password('c1')]])
      given(staff, history).when(set).refuses('staff/link-invalid');
    given(staff, [...hired, linked])
      .when({ ...set, now: later })
      .refuses('staff/link-invalid');
    given(staff, [...hired, linked])
      .when({ ...set, linkHash: 'h-other' })
      .refuses('staff/link-invalid');
    given(staff, [...hired, linked, suspended])
      .when(set)
      .refuses('staff/suspended');
  });
});

describe('changing one’s own password', () => {
  const change: ChangePassword = {
    kind: 'ChangePassword',
    accountId: 'a',
    currentRecordId: 'c1',
    matches: true,
    credentialRecordId: 'c2',
    now,
  };
  const ready = [...hired, password('c1')];

  it('needs the present one, and a wrong one counts', () => {
    given(staff, ready).when(change).then(password('c2'));
    given(staff, ready)
      .when({ ...change, matches: false })
      .then(wrong());
    given(staff, [...ready, password('c3')])
      .when(change)
      .refuses('staff/password-changed');
    given(staff, [...ready, locked()])
      .when(change)
      .refuses('staff/locked');
  });
});

describe('passwords and login names', () => {
  it.each([
    ['too-short', 'Mua-xuan-09'],
    ['too-long', `Mùa xuân ${'x'.repeat(192)}`],
    ['too-uniform', 'abcdabcdabcdabcd'],
    ['like-login', 'My-name-is-LAN.NT-2025'],
    [undefined, 'mùa xuân trên núi'],
  ])('is %s: %s', (fault, text) => {
    expect(passwordFault(text, 'lan.nt')).toBe(fault);
  });

  it.each([
    [' Lan.NT ', 'lan.nt'],
    ['lan@quy.example', 'lan@quy.example'],
    ['la', undefined],
    ['.lan', undefined],
    ['lan nt', undefined],
    ['lần', undefined],
  ])('%j is compared as %j', (text, compared) => {
    expect(normalisedLogin(text)).toBe(compared);
  });
});
