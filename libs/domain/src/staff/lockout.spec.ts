import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instantAfter } from '#kernel/instants.js';
import { given } from '#testing/given.js';
import {
  confirmed,
  enrolled,
  later,
  locked,
  now,
  ready,
  session,
  signIn,
  wrong,
} from '#testing/staff-stories.js';
import { failuresMax, knownMax, lockedUntil, sumOfTries, type Factor } from './lockout.policy.js';
import { staff } from './staff.decide.js';
import type { SessionStarted, StaffEvent } from './staff.events.js';
import { evolve, noStaff, type Person } from './staff.state.js';

const minutes = 60_000;
const dayMs = 24 * 60 * minutes;
const from = <E extends StaffEvent>(event: E, source: string): E => ({
  ...event,
  data: { ...event.data, source },
});
const startedFrom = (source: string, sessionId = 's'): StaffEvent =>
  from(session(sessionId) as SessionStarted, source);
const wrongTimes = (times: number, source?: string): readonly StaffEvent[] =>
  Array.from({ length: times }, () => (source === undefined ? wrong() : from(wrong(), source)));
const factors: readonly Factor[] = ['password', 'code'];
const accountAfter = (...events: readonly StaffEvent[]): Person['accounts'][string] =>
  (events.reduce(evolve, noStaff) as Person).accounts['a']!;

describe('a lock', () => {
  it.each([
    ['password', 15 * minutes],
    ['code', dayMs],
  ] as const)('of %s is never longer after fewer failures, and at most %i ms', (factor, longestMs) => {
    fc.assert(
      fc.property(fc.integer({ min: failuresMax, max: 2000 }), (failures) => {
        const until = lockedUntil(factor, failures, now) ?? '';
        expect(until >= (lockedUntil(factor, failures - 1, now) ?? now)).toBe(true);
        expect(until > now && until <= instantAfter(now, longestMs)).toBe(true);
      }),
    );
    expect(lockedUntil(factor, 2000, now)).toBe(instantAfter(now, longestMs));
  });

  it.each(factors)('of %s does not come before the fifth failure', (factor) => {
    expect(lockedUntil(factor, failuresMax - 1, now)).toBeUndefined();
  });

  it('comes anew after five failures where the last was a day ago', () => {
    const old = [...ready, ...wrongTimes(4)];
    const at = (ms: number) => ({
      ...signIn,
      matches: false,
      now: instantAfter(now, ms),
      expiresAt: '2026-01-01',
    });
    expect(
      given(staff, old)
        .when(at(dayMs - 1))
        .events(),
    ).toHaveLength(2);
    given(staff, old)
      .when(at(dayMs))
      .then(wrong('password', instantAfter(now, dayMs)));
    const again = [...old, wrong('password', instantAfter(now, dayMs))];
    expect(given(staff, again).when(at(dayMs)).events()).toHaveLength(1);
  });
});

describe('failures', () => {
  it('of strangers lock nobody out of a network that the account was signed in from', () => {
    const besieged = [...ready, startedFrom('home'), ...wrongTimes(5, 'evil'), from(locked(), 'evil')];
    given(staff, besieged)
      .when({ ...signIn, source: 'evil' })
      .refuses('staff/locked', { until: later });
    for (const source of ['another', undefined])
      given(staff, besieged)
        .when({ ...signIn, source })
        .refuses('staff/locked');
    given(staff, besieged)
      .when({ ...signIn, source: 'home' })
      .then(startedFrom('home'));
    given(staff, [...besieged, startedFrom('home')])
      .when({ ...signIn, source: 'evil' })
      .refuses('staff/locked');
  });

  it('in a known network lock that one alone', () => {
    const history = [...ready, startedFrom('home'), startedFrom('office', 't'), ...wrongTimes(4, 'home')];
    given(staff, history)
      .when({ ...signIn, source: 'home', matches: false })
      .then(from(wrong(), 'home'), from(locked('password', instantAfter(now, minutes)), 'home'));
    const home = [...history, from(wrong(), 'home'), from(locked(), 'home')];
    given(staff, home)
      .when({ ...signIn, source: 'home' })
      .refuses('staff/locked');
    given(staff, home)
      .when({ ...signIn, source: 'office', matches: false })
      .then(from(wrong(), 'office'));
    expect(given(staff, home).when(signIn).events()).toHaveLength(1);
  });

  it('count again from the beginning after a right password from the same place', () => {
    const history = [...ready, startedFrom('home'), ...wrongTimes(4, 'home'), startedFrom('home')];
    given(staff, history)
      .when({ ...signIn, source: 'home', matches: false })
      .then(from(wrong(), 'home'));
    const elsewhere = [...ready, ...wrongTimes(4, 'hotel'), startedFrom('hotel')];
    given(staff, elsewhere)
      .when({ ...signIn, source: 'hotel', matches: false })
      .then(from(wrong(), 'hotel'));
  });

  it('with codes are not forgotten by a right password', () => {
    const guessed = [
      ...ready,
      session(),
      enrolled,
      confirmed,
      ...Array.from({ length: 4 }, () => wrong('code')),
    ];
    expect(accountAfter(...guessed, session('t')).codes.failures).toBe(4);
    expect(sumOfTries(accountAfter(...guessed, wrong(), locked('code'), locked('password', now)))).toEqual({
      failures: 5,
      lockedUntil: later,
    });
  });

  it('are forgiven everywhere by an administrator and by another password, and networks stay known', () => {
    const all = [
      ...[...ready, startedFrom('home'), from(wrong(), 'home'), wrong(), wrong('code')],
      ...[locked(), locked('code'), from(locked(), 'home')],
    ];
    const ends: readonly StaffEvent[] = [
      { type: 'AccountUnlocked', data: { accountId: 'a' } },
      { type: 'PasswordSet', data: { accountId: 'a', credentialRecordId: 'c2' } },
    ];
    for (const end of ends) {
      const account = accountAfter(...all, end);
      expect(sumOfTries(account)).toEqual({ failures: 0, lockedUntil: null });
      expect(account.known).toMatchObject([{ source: 'home' }]);
    }
  });

  it('are counted apart for a few networks only, those used last', () => {
    const sources = Array.from({ length: knownMax + 1 }, (_, index) => `n${String(index)}`);
    const { known } = accountAfter(
      ...ready,
      ...sources.map((source) => startedFrom(source)),
      startedFrom('n1'),
    );
    expect(known.map(({ source }) => source)).toEqual(['n1', 'n5', 'n4', 'n3', 'n2']);
  });
});
