import { describe, expect, it } from '@jest/globals';
import type { Caller, GrantInForce } from '#kernel/roles.js';
import { fundsAsked } from './funds-asked.js';

const of = (...grants: readonly GrantInForce[]): Caller => ({ staffId: 'lan', secondFactor: true, grants });
const viewer = of({ role: 'viewer', fundId: 'LS' }, { role: 'auditor', fundId: 'SL' });

describe('the funds that a list is about', () => {
  it('are those on which the caller holds one of the roles, when none is asked for', () => {
    expect(fundsAsked(viewer, undefined, ['viewer', 'cashier'])).toEqual(['LS']);
    expect(fundsAsked(viewer, undefined, ['viewer', 'auditor'])).toEqual(['LS', 'SL']);
    expect(fundsAsked(of({ role: 'viewer', fundId: '*' }), undefined, ['viewer'])).toBe('all');
    expect(fundsAsked(viewer, undefined, ['cashier'])).toEqual([]);
  });

  it('is the one asked for, if the caller holds one of the roles on it', () => {
    expect(fundsAsked(viewer, 'LS', ['viewer'])).toEqual(['LS']);
    expect(fundsAsked(of({ role: 'viewer', fundId: '*' }), 'LS', ['viewer'])).toEqual(['LS']);
    expect(() => fundsAsked(viewer, 'SL', ['viewer'])).toThrow('access/forbidden');
  });
});
