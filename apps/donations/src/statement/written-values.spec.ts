import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DateFormat } from '#domain/statement/statement-profile.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import { exactDecimal } from './exact-decimal.js';
import type { Cell } from './table.js';
import { writtenDate, writtenSum, type SumFormat } from './written-values.js';

const place = { line: 7, column: 'credit' };
const english: SumFormat = { decimal: '.', thousands: ',', currency: 'VND' };
const vietnamese: SumFormat = { decimal: ',', thousands: '.', currency: 'VND' };
const dollars: SumFormat = { ...english, currency: 'USD' };

function codeOf(read: () => unknown): string {
  try {
    return `read ${String(read())}`;
  } catch (error) {
    if (!isDomainRefusal(error)) throw error;
    expect(error.details).toMatchObject(place);
    return error.code.replace('statement/', '');
  }
}

describe('a written sum', () => {
  const sums: readonly (readonly [string, SumFormat, bigint | undefined])[] = [
    ...(
      ['50000', '50,000', '50000.00', '50,000.0', ' 50,000 VND', '50000₫', '50,000 đ', '+50000'] as const
    ).map((text) => [text, english, 50_000n] as const),
    ['50.000', vietnamese, 50_000n],
    ['1.234.567,00', vietnamese, 1_234_567n],
    ['50 000', { decimal: ',', thousands: ' ', currency: 'VND' }, 50_000n],
    ['50\u00a0000', { decimal: ',', thousands: ' ', currency: 'VND' }, 50_000n],
    ['50000', { decimal: '.', thousands: '', currency: 'VND' }, 50_000n],
    ['-1,100', english, -1_100n],
    ['0', english, 0n],
    ['', english, undefined],
    [' - ', english, undefined],
    ['1,234.5', dollars, 123_450n],
    ['1,234.56 USD', dollars, 123_456n],
    ['999,999,999,999,999,999', english, 999_999_999_999_999_999n],
  ];

  it.each(sums)('reads %j exactly', (text, format, minor) => {
    expect(writtenSum(text, format, place)).toBe(minor);
  });

  const unreadable = [
    '50.000',
    '5,00',
    '50,00',
    '1,0000',
    ',500',
    '00',
    '05',
    '-0',
    '1e5',
    '1_000',
    '0x10',
    '٥',
    '５',
  ];
  const more = [
    '5 0',
    '5.',
    '.5',
    '--5',
    '5-',
    '(5)',
    'NaN',
    '−5',
    '1,000,00',
    '1.000,00',
    '9'.repeat(19),
    '5 đồng',
  ];

  it.each([...unreadable, ...more])('refuses %j, which may be another sum than it looks', (text) => {
    expect(codeOf(() => writtenSum(text, english, place))).toBe('amount-unreadable');
  });

  it('refuses what is less than a minor unit, and another currency', () => {
    expect(codeOf(() => writtenSum('5.01', english, place))).toBe('amount-not-whole');
    expect(codeOf(() => writtenSum('50,000', vietnamese, place))).toBe('amount-unreadable');
    expect(codeOf(() => writtenSum('5 USD', english, place))).toBe('currency-differs');
    expect(codeOf(() => writtenSum('5₫', dollars, place))).toBe('currency-differs');
  });

  it('reads back whatever it is written like', () => {
    const group = (digits: string, by: string): string => digits.replaceAll(/\B(?=(\d{3})+$)/g, by);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), (minor) => {
        const digits = minor.toString();
        expect(writtenSum(digits, english, place)).toBe(minor);
        expect(writtenSum(group(digits, ','), english, place)).toBe(minor);
        expect(writtenSum(`${group(digits, '.')},00`, vietnamese, place)).toBe(minor);
        expect(writtenSum({ decimal: digits, daysSince: 1900 }, vietnamese, place)).toBe(minor);
      }),
    );
  });
});

describe('a written date', () => {
  const dates: readonly (readonly [Cell, DateFormat, string])[] = [
    ['2024-09-10', 'yyyy-mm-dd', '2024-09-10'],
    ['2024-09-10T08:15:00.5Z', 'yyyy-mm-dd', '2024-09-10'],
    ['2024/9/1', 'yyyy/mm/dd', '2024-09-01'],
    ['01/09/2024 8:15', 'dd/mm/yyyy', '2024-09-01'],
    ['29-02-2024', 'dd-mm-yyyy', '2024-02-29'],
    ['1.9.2024', 'dd.mm.yyyy', '2024-09-01'],
    ['9/1/2024', 'mm/dd/yyyy', '2024-09-01'],
    [{ decimal: '45545', daysSince: 1900 }, 'dd/mm/yyyy', '2024-09-10'],
    [{ decimal: '45545.34375', daysSince: 1900 }, 'dd/mm/yyyy', '2024-09-10'],
    [{ decimal: '44083', daysSince: 1904 }, 'dd/mm/yyyy', '2024-09-10'],
  ];

  it.each(dates)('reads %j as %s', (cell, format, date) => {
    expect(writtenDate(cell, format, place)).toBe(date);
  });

  const none: readonly (readonly [Cell | undefined, DateFormat])[] = [
    ...[
      ['2024-02-30', 'yyyy-mm-dd'] as const,
      ['2023-02-29', 'yyyy-mm-dd'] as const,
      ['31/04/2024', 'dd/mm/yyyy'] as const,
    ],
    ...[
      ['13/13/2024', 'dd/mm/yyyy'] as const,
      ['10/09/24', 'dd/mm/yyyy'] as const,
      ['2024-9-1', 'yyyy-mm-dd'] as const,
    ],
    ...[
      ['', 'yyyy-mm-dd'] as const,
      [undefined, 'yyyy-mm-dd'] as const,
      ['10 Sep 2024', 'dd/mm/yyyy'] as const,
    ],
    [{ decimal: '20240910', daysSince: 1900 }, 'dd/mm/yyyy'],
    [{ decimal: '-5', daysSince: 1900 }, 'dd/mm/yyyy'],
  ];

  it.each(none)('refuses %j', (cell, format) => {
    expect(codeOf(() => writtenDate(cell, format, place))).toBe('date-unreadable');
  });
});

describe('a number of a workbook', () => {
  const numbers: readonly (readonly [string, string | undefined])[] = [
    ['524700', '524700'],
    ['5.247E5', '524700'],
    ['1.1464968006E10', '11464968006'],
    ['1234.5599999999999', '1234.56'],
    ['50.100000000000001', '50.1'],
    ['9.9999999999999995', '10'],
    ['0.30000000000000004', '0.3'],
    ['5E-3', '0.005'],
    ['-1100', '-1100'],
    ['007', '7'],
    ['0', '0'],
    ['1234567890123456789', '1234567890123456789'],
    ['1E999', `1${'0'.repeat(999)}`],
    ['x', undefined],
    ['', undefined],
    ['1E9999', undefined],
  ];

  it.each(numbers)('%j is %j, without a float on the way', (text, decimal) => {
    expect(exactDecimal(text)).toBe(decimal);
  });

  it('is what it was before a spreadsheet program kept it, up to 15 digits', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999_999_999_999 }), fc.nat({ max: 99 }), (whole, cents) => {
        const kept = whole + cents / 100;
        const fraction = cents.toString().padStart(2, '0').replace(/0+$/, '');
        const expected = whole.toString() + (fraction === '' ? '' : `.${fraction}`);
        expect(exactDecimal(kept.toPrecision(17))).toBe(expected);
        expect(exactDecimal(kept.toExponential())).toBe(expected);
      }),
    );
  });
});
