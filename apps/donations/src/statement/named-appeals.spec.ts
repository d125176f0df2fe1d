import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { destinationsBy, type NamedAppeal } from './named-appeals.js';

const appeal = (code: string, more: Partial<NamedAppeal> = {}): NamedAppeal => ({
  ...{ campaignId: code, code, receivingAccount: 'bank.1' },
  ...{ opensOn: localDate('2025-03-01'), closesOn: localDate('2025-03-31') },
  ...more,
});
const appeals = [appeal('TET25'), appeal('AO-AM'), appeal('SACH', { receivingAccount: 'bank.2' })];
const named = (details: string, date = '2025-03-10') => {
  const destination = destinationsBy(appeals, 'bank.1')({ details, date: localDate(date) });
  return typeof destination === 'string' ? destination : destination.appeal.code;
};

describe('a memo', () => {
  it.each([
    ['NGUYEN VAN DU ung ho TET25', 'TET25'],
    ['tét25, chúc mừng', 'TET25'],
    ['MBVCB.123.TET25.CT tu 1', 'TET25'],
    ['TET25 TET25', 'TET25'],
    ['ung ho ao-am', 'AO-AM'],
    ['ung ho AO AM mua dong', 'AO-AM'],
    ['ung ho AOAM', 'AO-AM'],
    ['ung ho TET250', 'nowhere-named'],
    ['ung ho TET 25', 'nowhere-named'],
    ['AO cho be, AM ap', 'nowhere-named'],
    ['', 'nowhere-named'],
    ['TET25 va AOAM', 'misdirected'],
    ['mua SACH', 'misdirected'],
  ])('%j is for %s', (details, code) => {
    expect(named(details)).toBe(code);
  });

  it('counts for a campaign in its window alone, its first and last day included', () => {
    const days = ['2025-02-28', '2025-03-01', '2025-03-31', '2025-04-01'];
    expect(days.map((day) => named('TET25', day))).toEqual(['misdirected', 'TET25', 'TET25', 'misdirected']);
  });

  it('names nothing where there is no campaign', () => {
    const date = localDate('2025-03-10');
    expect(destinationsBy([], 'bank.1')({ details: 'TET25', date })).toBe('nowhere-named');
  });
});
