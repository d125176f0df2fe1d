import { describe, expect, it } from '@jest/globals';
import type { Role } from '#kernel/roles.js';
import type { StaffEvent } from './staff.events.js';
import { evolve, noStaff, type Person } from './staff.state.js';
import { findCredential, grantsCarried, secondFactorStanding, type Credential } from './standing.policy.js';

const now = '2025-05-29T01:00:00.000Z';
const later = '2025-05-29T13:00:00.000Z';
const grant = (role: Role, fundId: string, from = '2025-01-01', until: string | null = null): StaffEvent => ({
  type: 'GrantGiven',
  data: { grantId: `${role}-${fundId}-${from}`, role, fundId, below: false, from, until },
});
const hired: readonly StaffEvent[] = [
  { type: 'StaffRegistered', data: { staffId: 'lan', fundId: 'ls', contactRecordId: 'c' } },
  { type: 'AccountOpened', data: { accountId: 'a', loginHash: 'h', loginRecordId: 'l' } },
];
const session: StaffEvent = {
  type: 'SessionStarted',
  data: { sessionId: 's', accountId: 'a', tokenHash: 'h-s', startedAt: now, expiresAt: later },
};
const confirmed: StaffEvent = { type: 'SecondFactorConfirmed', data: { secretRecordId: 'x', step: 1 } };
const token = (roles: readonly Role[] | null): StaffEvent => ({
  type: 'TokenIssued',
  data: {
    tokenId: 't',
    tokenHash: 'h-t',
    label: 'laptop',
    roles,
    fundId: null,
    secondFactor: false,
    issuedAt: now,
    expiresAt: later,
  },
});

function standing(events: readonly StaffEvent[], hash: string): { person: Person; credential: Credential } {
  const person = [...hired, ...events].reduce(evolve, noStaff) as Person;
  const credential = findCredential(person, hash, now);
  if (!credential) throw new Error('no credential');
  return { person, credential };
}

describe('a credential', () => {
  it('is found by its hash while it lives', () => {
    const state = [...hired, session, token(null)].reduce(evolve, noStaff);
    expect(findCredential(state, 'h-s', now)?.kind).toBe('session');
    expect(findCredential(state, 'h-t', now)?.kind).toBe('token');
    expect(findCredential(state, 'h-s', later)).toBeUndefined();
    expect(findCredential(state, 'h-t', later)).toBeUndefined();
    expect(findCredential(state, 'h-other', now)).toBeUndefined();
    expect(findCredential(noStaff, 'h-s', now)).toBeUndefined();
    const suspended = evolve(state, { type: 'StaffSuspended', data: {} });
    expect(findCredential(suspended, 'h-s', now)).toBeUndefined();
  });

  it('carries the grants in force on the day, both ends included', () => {
    const { person, credential } = standing(
      [
        grant('cashier', 'ls', '2025-05-29', '2025-05-29'),
        grant('viewer', 'ls', '2025-05-30'),
        grant('auditor', 'ls', '2025-01-01', '2025-05-28'),
        session,
      ],
      'h-s',
    );
    expect(grantsCarried(person, credential, '2025-05-29')).toEqual([
      { role: 'cashier', fundId: 'ls', below: false },
    ]);
  });

  it('of a program carries only the roles it was issued for', () => {
    const { person, credential } = standing(
      [grant('cashier', 'ls'), grant('viewer', 'ls'), token(['viewer', 'approver'])],
      'h-t',
    );
    expect(grantsCarried(person, credential, '2025-05-29')).toEqual([
      { role: 'viewer', fundId: 'ls', below: false },
    ]);
  });
});

describe('the second factor of a credential', () => {
  const given: StaffEvent = {
    type: 'SecondFactorGiven',
    data: { sessionId: 's', tokenHash: 'h-s', step: 2 },
  };
  it.each<[string, readonly StaffEvent[], string]>([
    ['not-needed', [grant('cashier', 'ls'), session], 'h-s'],
    ['to-enrol', [grant('approver', 'ls'), session], 'h-s'],
    ['asked', [grant('cashier', 'ls'), confirmed, session], 'h-s'],
    ['given', [grant('cashier', 'ls'), confirmed, session, given], 'h-s'],
    ['to-enrol', [grant('approver', 'ls'), token(null)], 'h-t'],
    ['not-needed', [grant('approver', 'ls'), token(['viewer'])], 'h-t'],
  ])('is %s', (expected, events, hash) => {
    const { person, credential } = standing(events, hash);
    expect(secondFactorStanding(person, credential, '2025-05-29')).toBe(expected);
  });
});
