import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate } from '#kernel/dates.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import {
  assertBookingOrder,
  controlTotals,
  countRow,
  noRows,
  type ControlTotals,
  type StatementRow,
} from './control-totals.policy.js';

const vnd = (amount: bigint | string) => ({ amount: amount.toString(), currency: 'VND' }) as const;
const day = localDate('2024-09-10');
const totalsOf = (rows: readonly StatementRow[]): ControlTotals =>
  controlTotals(rows.reduce(countRow, noRows('VND')));
const sumOf = (sums: readonly { readonly amount: string }[]): bigint =>
  sums.reduce((sum, { amount }) => sum + BigInt(amount), 0n);

/** Rows in which each balance follows from the one before; line 1 is the header. */
function chain(opening: bigint, movements: readonly bigint[]): StatementRow[] {
  let balance = opening;
  return movements.map((movement, index) => {
    balance += movement;
    const [credit, debit] = movement < 0n ? [0n, -movement] : [movement, 0n];
    return { line: index + 2, date: day, debit, credit, balance };
  });
}

const sum = fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n });
const movements = fc.array(sum, { minLength: 1, maxLength: 60 });
const notZero = sum.filter((step) => step !== 0n);

describe('the control totals of a statement', () => {
  it('tell opening, closing, both sums and the days', () => {
    const rows = chain(24_700n, [500_000n, -200_000n]);
    const dated = [
      { ...rows[0]!, date: localDate('2024-09-11') },
      { ...rows[1]!, date: localDate('2024-09-09') },
    ];
    expect(totalsOf(dated)).toEqual({
      ...{ rows: 2, opening: vnd('24700'), closing: vnd('324700') },
      ...{ credits: vnd('500000'), debits: vnd('200000'), breaks: [] },
      ...{ firstOn: '2024-09-09', lastOn: '2024-09-11' },
    });
  });

  it('name the line where a balance steps without an amount, and go on from there', () => {
    const rows = [
      ...chain(0n, [100n, 100n]),
      { line: 4, date: day, debit: 0n, credit: 0n, balance: 350n },
      { line: 5, date: day, debit: 50n, credit: 0n, balance: 300n },
    ];
    expect(totalsOf(rows).breaks).toEqual([
      { line: 4, date: day, expected: vnd('200'), found: vnd('350'), difference: vnd('150') },
    ]);
  });

  it('find no break in any chain, and the opening that it began with', () => {
    fc.assert(
      fc.property(sum, movements, (opening, steps) => {
        const totals = totalsOf(chain(opening, steps));
        expect(totals.breaks).toEqual([]);
        expect(totals.opening).toEqual(vnd(opening));
        expect(totals.closing).toEqual(vnd(steps.reduce((balance, step) => balance + step, opening)));
      }),
    );
  });

  it('find any single altered amount and name its line; the first row alone tells the opening instead', () => {
    fc.assert(
      fc.property(sum, movements, fc.nat(), fc.boolean(), notZero, (opening, steps, at, debit, change) => {
        const rows = chain(opening, steps);
        const altered = rows[at % rows.length]!;
        const side = debit ? 'debit' : 'credit';
        const flawed = rows.with(at % rows.length, { ...altered, [side]: altered[side] + change });
        const movement = debit ? -change : change;
        const totals = totalsOf(flawed);
        if (altered.line === 2) {
          expect(totals.breaks).toEqual([]);
          expect(totals.opening).toEqual(vnd(opening - movement));
        } else {
          expect(totals.breaks.map(({ line, difference }) => [line, difference])).toEqual([
            [altered.line, vnd(-movement)],
          ]);
        }
      }),
    );
  });

  it('find any single altered balance and name its line or the next', () => {
    const several = fc.array(sum, { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(sum, several, fc.nat(), notZero, (opening, steps, at, change) => {
        const rows = chain(opening, steps);
        const altered = rows[at % rows.length]!;
        const flawed = rows.with(at % rows.length, { ...altered, balance: altered.balance + change });
        const [first] = totalsOf(flawed).breaks;
        const { line } = altered;
        expect(first?.line).toBe(line === 2 ? 3 : line);
        expect(first?.difference).toEqual(vnd(line === 2 ? -change : change));
      }),
    );
  });

  it('find rows that were left out or swapped', () => {
    const rows = chain(1_000n, [100n, 20n, -3n, 7n]);
    expect(totalsOf(rows.toSpliced(1, 1)).breaks.map(({ line }) => line)).toEqual([4]);
    expect(totalsOf([rows[0]!, rows[2]!, rows[1]!, rows[3]!]).breaks.map(({ line }) => line)).toEqual([
      4, 3, 5,
    ]);
  });

  it('always add up: opening + credits − debits + what is unexplained = closing', () => {
    const row = fc.record({ debit: sum, credit: sum, balance: sum });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
        const totals = totalsOf(rows.map((each, index) => ({ ...each, line: index + 2, date: day })));
        const unexplained = sumOf(totals.breaks.map(({ difference }) => difference));
        const { opening, credits, debits, closing } = totals;
        expect(sumOf([opening, credits]) - sumOf([debits]) + unexplained).toBe(sumOf([closing]));
      }),
    );
  });

  it('are refused when the rows break more than 500 times, with the first line that does', () => {
    const upside = chain(0n, Array<bigint>(600).fill(10n)).reverse();
    const refusal = (() => {
      try {
        return totalsOf(upside);
      } catch (error) {
        return error;
      }
    })();
    if (!isDomainRefusal(refusal)) throw new Error('not refused');
    expect(refusal.code).toBe('statement/too-many-breaks');
    expect(refusal.details).toEqual({ line: 600, breaksMax: 500 });
    expect(totalsOf(upside.slice(0, 501)).breaks).toHaveLength(500);
  });

  it('are refused where the newest row stands first, with a flaw or without', () => {
    const moved = [
      [5n, 105n],
      [-20n, 85n],
      [40n, 125n],
      [7n, 132n],
    ] as const;
    const rows = moved.map(([sum, balance], index): StatementRow => ({
      ...{ line: index + 2, date: localDate('2024-09-09'), balance },
      ...{ credit: sum > 0n ? sum : 0n, debit: sum < 0n ? -sum : 0n },
    }));
    const held = (all: readonly StatementRow[]) => () =>
      assertBookingOrder(all.reduce(countRow, noRows('VND')));
    expect(held(rows)).not.toThrow();
    expect(held([rows[0]!, rows[2]!, rows[1]!, rows[3]!])).not.toThrow();
    const code = 'statement/other-order';
    expect(held([...rows].reverse())).toThrow(expect.objectContaining({ code, details: { line: 4 } }));
    const flawed = rows.map((row) => ({ ...row, balance: row.line > 3 ? row.balance + 9n : row.balance }));
    expect(held(flawed)).not.toThrow();
    expect(held([...flawed].reverse())).toThrow(expect.objectContaining({ code }));
  });

  it('do not exist without rows', () => {
    expect(() => totalsOf([])).toThrow('without rows');
  });

  it('find the one flaw of the real statement of September 2024', () => {
    const text = gunzipSync(readFileSync('test/data/statement-2024-09.csv.gz')).toString();
    const rows = text
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line, index): StatementRow => {
        const [, date = '', debit = '', credit = '', balance = ''] =
          /^([^,]*),.*,([0-9]*),([0-9]*),([0-9]*)\r?$/.exec(line) ?? [];
        const amounts = { debit: BigInt(debit), credit: BigInt(credit), balance: BigInt(balance) };
        return { line: index + 2, date: localDate(date), ...amounts };
      });
    expect(totalsOf(rows)).toEqual({
      ...{ rows: 20_000, opening: vnd('24700'), closing: vnd('11464968006') },
      ...{ credits: vnd('11464843306'), debits: vnd('0') },
      breaks: [
        {
          ...{ line: 10_694, date: '2024-09-10', expected: vnd('5581333215') },
          ...{ found: vnd('5581433215'), difference: vnd('100000') },
        },
      ],
      ...{ firstOn: '2024-09-09', lastOn: '2024-09-10' },
    });
    expect(rows.filter(({ credit }) => credit > 0n)).toHaveLength(19_999);
  });
});
