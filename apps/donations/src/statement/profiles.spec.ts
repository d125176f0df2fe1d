import { describe, expect, it } from '@jest/globals';
import { isDomainRefusal } from '#kernel/refusal.js';
import { builtInProfiles, readProfile } from './profiles.js';

const columns = { date: 'a', details: 'b', balance: 'c', debit: 'd', credit: 'e' };
const smallest = { name: 'x', columns, dateFormat: 'dd/mm/yyyy' };

function memberAtFault(json: unknown): unknown {
  try {
    return readProfile(json);
  } catch (error) {
    if (!isDomainRefusal(error)) throw error;
    expect(error.code).toBe('statement/profile-unreadable');
    return error.details['member'];
  }
}

describe('a profile', () => {
  it('says the columns and how dates are written; the rest has a default', () => {
    const rest = { decimal: '.', thousands: '', order: 'oldest-first', footers: [] };
    expect(readProfile(smallest)).toEqual({ ...smallest, ...rest });
  });

  it('reads back the ones that are built in', () => {
    for (const profile of builtInProfiles)
      expect(readProfile(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
  });

  it('is refused with the member at fault', () => {
    expect(memberAtFault(null)).toBe('');
    expect(memberAtFault({ ...smallest, dateFormat: 'd/m/y' })).toBe('dateFormat');
    expect(memberAtFault({ ...smallest, thousands: '.' })).toBe('thousands');
    expect(memberAtFault({ ...smallest, columns: { ...columns, amount: 'f' } })).toBe('columns');
    expect(memberAtFault({ ...smallest, columns: { date: 'a' } })).toBe('columns');
    expect(memberAtFault({ ...smallest, footers: Array(21).fill('x') })).toBe('footers');
    expect(memberAtFault({ ...smallest, unknown: 1 })).toBe('');
  });
});
