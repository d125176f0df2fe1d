import { describe, expect, it } from '@jest/globals';
import { given } from '#testing/given.js';
import {
  now,
  later,
  password,
  suspended,
  withdrawn,
  session,
  enrolled,
  confirmed,
  secondGiven,
  wrong,
  locked,
  ready,
  signedIn,
  token,
  code,
} from '#testing/staff-stories.js';
import { staff } from './staff.decide.js';
import type { StaffEvent, TokenIssued } from './staff.events.js';
import { evolve, noStaff, type Person } from './staff.state.js';
import { tokensMax } from './tokens.policy.js';

describe('the second factor', () => {
  const enrol = { kind: 'EnrolSecondFactor', sessionId: 's', secretRecordId: 'totp', now } as const;
  const confirm = { kind: 'ConfirmSecondFactor', ...code } as const;
  const give = { kind: 'GiveSecondFactor', ...code } as const;
  const withCode = [...ready, session(), enrolled, confirmed, session()];

  it('is enrolled, and counts once a code proved it', () => {
    given(staff, signedIn).when(enrol).then(enrolled);
    given(staff, [...signedIn, enrolled])
      .when(confirm)
      .then({ type: 'SecondFactorConfirmed', data: { secretRecordId: 'totp', step: 101 } }, secondGiven());
    given(staff, [...signedIn, enrolled])
      .when({ ...confirm, step: undefined })
      .then(wrong('code'));
    given(staff, signedIn).when(confirm).refuses('staff/second-factor-unknown');
  });

  it('is given with a code that counts once', () => {
    given(staff, withCode).when(give).then(secondGiven());
    for (const step of [undefined, 100, 99])
      given(staff, withCode)
        .when({ ...give, step })
        .then(wrong('code'));
    given(staff, [...withCode, secondGiven()])
      .when(give)
      .then(wrong('code'));
  });

  it('locks the account when codes are guessed', () => {
    const guessed = [...withCode, wrong('code'), wrong('code'), wrong('code'), wrong('code')];
    given(staff, guessed)
      .when({ ...give, step: undefined })
      .then(wrong('code'), locked('code', '2025-05-29T01:01:00.000Z'));
    given(staff, [...guessed, session()])
      .when({ ...give, step: undefined })
      .then(wrong('code'), locked('code', '2025-05-29T01:01:00.000Z'));
    given(staff, [...guessed, secondGiven(102), session()])
      .when({ ...give, step: undefined })
      .then(wrong('code'));
    given(staff, [...withCode, locked('code')])
      .when(give)
      .refuses('staff/locked');
  });

  it('needs a live session and the secret in force', () => {
    given(staff, withCode)
      .when({ ...give, sessionId: 'other' })
      .refuses('staff/session-ended');
    given(staff, withCode)
      .when({ ...give, now: later })
      .refuses('staff/session-ended');
    given(staff, withCode)
      .when({ ...give, secretRecordId: 'old' })
      .refuses('staff/second-factor-unknown');
    given(staff, signedIn).when(give).refuses('staff/second-factor-unknown');
  });

  it('cannot be replaced in a session that has not given it', () => {
    given(staff, withCode).when(enrol).refuses('staff/second-factor-due');
    given(staff, [...withCode, secondGiven()])
      .when(enrol)
      .then(enrolled);
    given(staff, [...withCode, enrolled])
      .when(confirm)
      .refuses('staff/second-factor-due');
  });

  it('is removed by somebody else, and signs out everywhere', () => {
    const remove = { kind: 'RemoveSecondFactor', by: 'admin' } as const;
    given(staff, withCode)
      .when(remove)
      .then({ type: 'SecondFactorRemoved', data: { by: 'admin' } });
    given(staff, ready).when(remove).nothing();
    given(staff, withCode)
      .when({ ...remove, by: 'lan' })
      .refuses('staff/oneself');
    given(staff, [...withCode, { type: 'SecondFactorRemoved', data: {} }])
      .when(token)
      .refuses('staff/session-ended');
  });
});

describe('tokens', () => {
  const { kind: _kind, sessionId: _session, now: issuedAt, ...data } = token;
  const issued: TokenIssued = {
    type: 'TokenIssued',
    data: { ...data, accountId: 'a', issuedAt, secondFactor: false },
  };

  it('are issued from a session, with its second factor', () => {
    given(staff, signedIn).when(token).then(issued);
    given(staff, [...signedIn, enrolled, confirmed, secondGiven()])
      .when(token)
      .then({ ...issued, data: { ...issued.data, secondFactor: true } });
  });

  it('are refused without a session, before its code, and beyond a year', () => {
    given(staff, ready).when(token).refuses('staff/session-ended');
    given(staff, [...signedIn, enrolled, confirmed])
      .when(token)
      .refuses('staff/second-factor-due');
    for (const expiresAt of [now, '2026-05-31T00:00:00.000Z'])
      given(staff, signedIn)
        .when({ ...token, expiresAt })
        .refuses('staff/token-dates');
  });

  it('are limited in number', () => {
    const many = Array.from({ length: tokensMax }, (_, index): StaffEvent => ({
      ...issued,
      data: { ...issued.data, tokenId: `t${String(index)}` },
    }));
    given(staff, [...signedIn, ...many])
      .when(token)
      .refuses('staff/tokens-too-many', { max: tokensMax });
  });

  it('end with the account that they were issued from, where that is known', () => {
    const { accountId: _account, ...unknown } = issued.data;
    const history: readonly StaffEvent[] = [
      ...signedIn,
      ...['a', 'b'].map((accountId) => ({
        ...issued,
        data: { ...issued.data, accountId, tokenId: accountId },
      })),
      { ...issued, data: { ...unknown, tokenId: 'old' } },
      { type: 'AccountClosed', data: { accountId: 'a' } },
    ];
    expect(history.reduce(evolve, noStaff)).toMatchObject({ sessions: {}, tokens: { b: { tokenId: 'b' } } });
    expect(Object.keys((history.reduce(evolve, noStaff) as Person).tokens)).toEqual(['b']);
  });

  it('are revoked once', () => {
    const revoke = { kind: 'RevokeToken', tokenId: 't' } as const;
    given(staff, [...signedIn, issued])
      .when(revoke)
      .then({ type: 'TokenRevoked', data: { tokenId: 't' } });
    given(staff, signedIn).when(revoke).refuses('staff/token-unknown');
  });

  it.each<[string, StaffEvent]>([
    ['suspended', suspended],
    ['withdrawn', withdrawn],
    ['given another password', password],
    ['relieved of the second factor', { type: 'SecondFactorRemoved', data: {} }],
  ])('and sessions end when the person is %s', (_what, event) => {
    const state = [...signedIn, issued, event].reduce(evolve, noStaff);
    expect(state).toMatchObject({ sessions: {}, tokens: {} });
  });
});
