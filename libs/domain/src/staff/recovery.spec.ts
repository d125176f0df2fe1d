import { describe, it } from '@jest/globals';
import { given } from '#testing/given.js';
import {
  confirmed,
  enrolled,
  granted,
  later,
  linked,
  now,
  ready,
  suspended,
  withdrawn,
  wrong,
} from '#testing/staff-stories.js';
import type { RecoverAccess } from './commands.js';
import { staff } from './staff.decide.js';
import type { GrantGiven, StaffEvent } from './staff.events.js';

const administers: GrantGiven = { type: 'GrantGiven', data: { ...granted.data, role: 'administrator' } };
const withFactor = [...ready, administers, enrolled, confirmed];
const recover: RecoverAccess = {
  kind: 'RecoverAccess',
  by: 'system:operator',
  accountId: 'a',
  linkHash: 'h-link',
  expiresAt: later,
  today: '2025-05-29',
};
const removed: StaffEvent = { type: 'SecondFactorRemoved', data: {} };

describe('an administrator without any way in', () => {
  it('gets a link to choose the password, and the second factor is forgotten', () => {
    given(staff, withFactor).when(recover).then(linked, removed);
    given(staff, [...ready, administers])
      .when(recover)
      .then(linked);
  });

  it('is locked no longer', () => {
    given(staff, [...withFactor, wrong('code')])
      .when(recover)
      .then(linked, removed, { type: 'AccountUnlocked', data: { accountId: 'a' } });
  });

  it('is suspended no longer, and has the way in that is left', () => {
    given(staff, [...withFactor, suspended])
      .when(recover)
      .then({ type: 'StaffReinstated', data: {} }, linked, removed);
    const { linkHash } = recover;
    given(staff, [...withFactor, suspended, { type: 'StaffReinstated', data: {} }, linked, removed])
      .when({ kind: 'SetPassword', accountId: 'a', linkHash, credentialRecordId: 'c2', now })
      .then({ type: 'PasswordSet', data: { accountId: 'a', credentialRecordId: 'c2', link: { by: null } } });
  });

  it('is somebody who administers today', () => {
    given(staff, [...ready, granted])
      .when(recover)
      .refuses('staff/not-administrator');
    const ended: GrantGiven = {
      type: 'GrantGiven',
      data: { ...administers.data, until: '2025-05-28' },
    };
    given(staff, [...ready, ended])
      .when(recover)
      .refuses('staff/not-administrator');
    given(staff, [...ready, ended])
      .when({ ...recover, today: '2025-05-28' })
      .then(linked);
  });

  it('stays suspended where nobody administers', () => {
    given(staff, [...ready, granted, suspended])
      .when(recover)
      .refuses('staff/not-administrator');
  });

  it('is refused who has left, has no such account, or asks for himself', () => {
    given(staff, [...withFactor, withdrawn])
      .when(recover)
      .refuses('staff/withdrawn');
    given(staff, withFactor)
      .when({ ...recover, accountId: 'b' })
      .refuses('staff/account-unknown');
    given(staff, withFactor)
      .when({ ...recover, by: 'lan' })
      .refuses('staff/oneself');
    given(staff, []).when(recover).refuses('staff/unknown');
  });
});
