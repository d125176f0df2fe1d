import { describe, expect, it } from '@jest/globals';
import { given } from '#testing/given.js';
import {
  confirmed,
  enrolled,
  grant,
  granted,
  now,
  later,
  register,
  registered,
  session,
} from '#testing/staff-stories.js';
import type { StaffCommand } from './commands.js';
import { enablersOf } from './enabling.policy.js';
import { staff } from './staff.decide.js';
import type { StaffEvent } from './staff.events.js';
import { evolve, noStaff, type Person } from './staff.state.js';
import { findCredential } from './standing.policy.js';

const opened = (by: string, accountId = 'a'): StaffEvent => ({
  type: 'AccountOpened',
  data: { accountId, loginHash: accountId === 'a' ? 'h-lan' : 'h-other', loginRecordId: 'login', by },
});
const linked = (by: string, accountId = 'a'): StaffEvent => ({
  type: 'PasswordLinkIssued',
  data: { accountId, linkHash: 'h-link', expiresAt: later, by },
});
const chosen = (by: string | null, accountId = 'a'): StaffEvent => ({
  type: 'PasswordSet',
  data: { accountId, credentialRecordId: 'c1', link: { by } },
});
const changed: StaffEvent = { type: 'PasswordSet', data: { accountId: 'a', credentialRecordId: 'c2' } };
const removed = (by: string): StaffEvent => ({ type: 'SecondFactorRemoved', data: { by } });
const approver = (by: string, grantId = 'g'): StaffEvent => ({
  type: 'GrantGiven',
  data: { ...granted.data, role: 'approver', grantId, by },
});

function personAfter(...events: readonly StaffEvent[]): Person {
  return [registered, ...events].reduce(evolve, noStaff) as Person;
}

/** Through whose hands a session goes that begins after these events. */
function behindSession(...events: readonly StaffEvent[]): readonly string[] {
  const person = personAfter(...events, session());
  const credential = findCredential(person, 'h-s', now);
  return credential ? enablersOf(person, credential) : ['no session'];
}

describe('through whose hands an access went', () => {
  it('is kept with what opens a way in', () => {
    const by = 'mai';
    const hired = [registered, opened('mai'), linked('mai')];
    given(staff)
      .when({ ...register, by } as StaffCommand)
      .then(...hired);
    const { kind: _kind, ...data } = grant;
    given(staff, hired)
      .when({ ...grant, by })
      .then({ type: 'GrantGiven', data: { ...data, by } });
    given(staff, [...hired, chosen('mai'), session(), enrolled, confirmed])
      .when({ kind: 'RemoveSecondFactor', by })
      .then(removed('mai'));
  });

  it('is who opened the account and who made the link of the present password', () => {
    expect(behindSession(opened('mai'), linked('mai'), chosen('mai'))).toEqual(['mai']);
    expect(behindSession(opened('mai'), linked('bac'), chosen('bac'))).toEqual(['mai', 'bac']);
    expect(behindSession(opened('mai'), chosen('mai'), linked('bac'), chosen('bac'))).toEqual(['mai', 'bac']);
  });

  it('stays when the password is changed by who knows it, also while another link is open', () => {
    expect(behindSession(opened('mai'), chosen('bac'), linked('chi'), changed)).toEqual(['mai', 'bac']);
  });

  it('is who took the second factor away last, and who gave a role that approves', () => {
    const ready = [opened('mai'), chosen('mai')];
    expect(behindSession(...ready, removed('bac'), removed('chi'))).toEqual(['mai', 'chi']);
    expect(behindSession(...ready, removed('bac'), enrolled, confirmed, session(), approver('an'))).toEqual([
      ...['mai', 'bac', 'an'],
    ]);
    const withdrawn: StaffEvent = { type: 'GrantWithdrawn', data: { grantId: 'g' } };
    expect(behindSession(...ready, approver('an'), withdrawn)).toEqual(['mai']);
    expect(behindSession(...ready, { ...granted, data: { ...granted.data, by: 'an' } })).toEqual(['mai']);
  });

  it('is of the account that was signed in with, and of every account where a token does not say', () => {
    const ready = [opened('mai'), chosen('mai'), opened('bac', 'b'), chosen('chi', 'b')];
    expect(behindSession(...ready)).toEqual(['mai']);
    const token = {
      tokenId: 't',
      tokenHash: 'h-t',
      label: 'x',
      roles: null,
      fundId: null,
      secondFactor: true,
    };
    const issued = (accountId?: string): StaffEvent => ({
      type: 'TokenIssued',
      data: { ...token, issuedAt: now, expiresAt: later, ...(accountId !== undefined && { accountId }) },
    });
    const behind = (...events: readonly StaffEvent[]): readonly string[] => {
      const person = personAfter(...ready, ...events);
      return enablersOf(person, { kind: 'token', token: person.tokens['t']! });
    };
    expect(behind(issued('b'))).toEqual(['bac', 'chi']);
    expect(behind(issued())).toEqual(['mai', 'bac', 'chi']);
  });

  it('is remembered of everybody for ever, whatever has gone since', () => {
    const person = personAfter(
      ...[opened('mai'), linked('bac'), chosen('bac'), approver('chi'), removed('dung')],
      ...[linked('em'), { type: 'AccountClosed', data: { accountId: 'a' } } as const],
      { type: 'StaffWithdrawn', data: {} },
    );
    expect(person.enablers).toEqual(['mai', 'bac', 'chi', 'dung', 'em']);
  });

  it('names neither the person nor the system', () => {
    expect(behindSession(opened('lan'), chosen(null))).toEqual([]);
  });
});
