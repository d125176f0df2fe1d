import { describe, expect, it } from '@jest/globals';
import { given } from '#testing/given.js';
import {
  later,
  registered,
  opened,
  linked,
  password,
  suspended,
  withdrawn,
  session,
  wrong,
  locked,
  granted,
  hired,
  ready,
  signedIn,
  signIn,
  grant,
  register,
} from '#testing/staff-stories.js';
import type { GiveGrant } from './commands.js';
import { login } from './login.decide.js';
import { staff } from './staff.decide.js';
import type { StaffEvent } from './staff.events.js';
import { sessionsMax } from './sign-in.policy.js';

describe('registering', () => {
  it('opens an account and a link to choose its password', () => {
    given(staff).when(register).then(registered, opened, linked);
  });

  it('makes the first administrator of every fund, with a password at once', () => {
    given(staff)
      .when({
        kind: 'RegisterFirstAdministrator',
        staffId: 'lan',
        contactRecordId: 'contact',
        accountId: 'a',
        loginHash: 'h-lan',
        loginRecordId: 'login',
        credentialRecordId: 'c1',
        grantId: 'g',
        today: '2025-05-29',
      })
      .then(
        { type: 'StaffRegistered', data: { staffId: 'lan', fundId: '*', contactRecordId: 'contact' } },
        opened,
        password,
        {
          type: 'GrantGiven',
          data: {
            grantId: 'g',
            role: 'administrator',
            fundId: '*',
            below: false,
            from: '2025-05-29',
            until: null,
          },
        },
      );
  });

  it('happens once, and everything else needs it', () => {
    given(staff, hired).when(register).refuses('staff/exists');
    given(staff).when(signIn).refuses('staff/unknown');
  });

  it('lets the contact change', () => {
    given(staff, hired)
      .when({ kind: 'ChangeContact', contactRecordId: 'c2' })
      .then({ type: 'ContactChanged', data: { contactRecordId: 'c2' } });
  });
});

describe('a login name', () => {
  const claim = { kind: 'ClaimLogin', staffId: 'lan' } as const;
  it('belongs to one person for ever', () => {
    given(login)
      .when(claim)
      .then({ type: 'LoginClaimed', data: { staffId: 'lan' } });
    given(login, [{ type: 'LoginClaimed', data: { staffId: 'lan' } }])
      .when(claim)
      .nothing();
    given(login, [{ type: 'LoginClaimed', data: { staffId: 'mai' } }])
      .when(claim)
      .refuses('login/taken');
  });
});

describe('grants', () => {
  it('are given with dates and withdrawn at once', () => {
    const { kind: _kind, ...data } = grant;
    given(staff, ready).when(grant).then({ type: 'GrantGiven', data });
    given(staff, [...ready, granted])
      .when({ kind: 'WithdrawGrant', by: 'admin', grantId: 'g' })
      .then({ type: 'GrantWithdrawn', data: { grantId: 'g' } });
  });

  it.each<[string, string, Partial<GiveGrant>, readonly StaffEvent[]]>([
    ['that end before they begin', 'staff/grant-dates', { until: '2025-05-31' }, ready],
    ['of a role that touches money on every fund', 'staff/every-fund', { fundId: '*' }, ready],
    ['of administrator to oneself', 'staff/own-grant', { by: 'lan', role: 'administrator' }, ready],
    ['of approver to oneself', 'staff/own-grant', { by: 'lan', role: 'approver' }, ready],
    ['that stand already', 'staff/grant-repeated', {}, [...ready, granted]],
    ['to the suspended', 'staff/suspended', {}, [...ready, suspended]],
  ])('are refused %s', (_what, refused, change, history) => {
    given(staff, history)
      .when({ ...grant, ...change })
      .refuses(refused);
  });

  it('stand beside one that has ended before', () => {
    const past: StaffEvent = { ...granted, data: { ...granted.data, until: '2025-05-31' } };
    expect(
      given(staff, [...ready, past])
        .when(grant)
        .events(),
    ).toHaveLength(1);
  });

  it('cannot be withdrawn twice, nor one’s own administration at all', () => {
    given(staff, ready)
      .when({ kind: 'WithdrawGrant', by: 'admin', grantId: 'g' })
      .refuses('staff/grant-unknown');
    const administrator: StaffEvent = { ...granted, data: { ...granted.data, role: 'administrator' } };
    given(staff, [...ready, administrator])
      .when({ kind: 'WithdrawGrant', by: 'lan', grantId: 'g' })
      .refuses('staff/oneself');
  });
});

describe('signing in', () => {
  it('starts a session with the right password', () => {
    given(staff, ready).when(signIn).then(session());
  });

  it('counts a wrong password, and locks with a delay that doubles', () => {
    given(staff, ready)
      .when({ ...signIn, matches: false })
      .then(wrong());
    const four = [...ready, wrong(), wrong(), wrong(), wrong()];
    given(staff, four)
      .when({ ...signIn, matches: false })
      .then(wrong(), locked('password', '2025-05-29T01:01:00.000Z'));
    given(staff, [...four, wrong(), locked()])
      .when({ ...signIn, matches: false, now: later, expiresAt: '2025-05-30T01:00:00.000Z' })
      .then(wrong('password', later), locked('password', '2025-05-29T13:02:00.000Z'));
  });

  it('tries nothing while the account is locked, and goes on after', () => {
    given(staff, [...ready, locked()])
      .when(signIn)
      .refuses('staff/locked', { until: later });
    expect(
      given(staff, [...ready, locked()])
        .when({ ...signIn, now: later })
        .events(),
    ).toHaveLength(1);
  });

  it('forgets failures after a right password', () => {
    const four = [...ready, wrong(), wrong(), wrong(), wrong()];
    given(staff, [...four, session()])
      .when({ ...signIn, matches: false })
      .then(wrong());
  });

  it.each<[string, readonly StaffEvent[]]>([
    ['staff/account-unknown', [registered]],
    ['staff/no-password', hired],
    [
      'staff/password-changed',
      [...ready, { type: 'PasswordSet', data: { accountId: 'a', credentialRecordId: 'c2' } }],
    ],
    ['staff/suspended', [...ready, suspended]],
    ['staff/withdrawn', [...ready, withdrawn]],
  ])('is refused with %s', (refused, history) => {
    given(staff, history).when(signIn).refuses(refused);
  });

  it('pushes out the session that would end first when there are too many', () => {
    const many = Array.from({ length: sessionsMax }, (_, index) =>
      session(`s${String(index)}`, `2025-05-29T0${String(9 - (index % 8))}:00:00.000Z`),
    );
    const [first, ...rest] = given(staff, [...ready, ...many])
      .when(signIn)
      .events();
    expect(first).toEqual({ type: 'SessionEnded', data: { sessionId: 's7' } });
    expect(rest).toEqual([session()]);
  });

  it('ends a session once', () => {
    const end = { kind: 'EndSession', sessionId: 's' } as const;
    given(staff, signedIn)
      .when(end)
      .then({ type: 'SessionEnded', data: { sessionId: 's' } });
    given(staff, ready).when(end).nothing();
  });
});

describe('suspending and withdrawing', () => {
  it('is done by somebody else', () => {
    for (const kind of ['SuspendStaff', 'WithdrawStaff'] as const)
      given(staff, ready).when({ kind, by: 'lan' }).refuses('staff/oneself');
  });

  it('suspends and reinstates', () => {
    given(staff, ready).when({ kind: 'SuspendStaff', by: 'admin' }).then(suspended);
    given(staff, [...ready, suspended])
      .when({ kind: 'SuspendStaff', by: 'admin' })
      .nothing();
    given(staff, [...ready, suspended])
      .when({ kind: 'ReinstateStaff', by: 'admin' })
      .then({ type: 'StaffReinstated', data: {} });
    given(staff, ready).when({ kind: 'ReinstateStaff', by: 'admin' }).nothing();
  });

  it('withdraws for good', () => {
    given(staff, ready).when({ kind: 'WithdrawStaff', by: 'admin' }).then(withdrawn);
    for (const kind of ['ReinstateStaff', 'WithdrawStaff'] as const)
      given(staff, [...ready, withdrawn])
        .when({ kind, by: 'admin' })
        .refuses('staff/withdrawn');
  });

  it('records an erasure once, of who has left', () => {
    const erase = { kind: 'RecordErasure' } as const;
    const erased = { type: 'PersonalDataErased', data: {} } as const;
    given(staff, ready).when(erase).refuses('staff/not-withdrawn');
    given(staff, [...ready, withdrawn])
      .when(erase)
      .then(erased);
    given(staff, [...ready, withdrawn, erased])
      .when(erase)
      .nothing();
  });
});
