import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate } from '#kernel/dates.js';
import { rowIdentities } from './row-identity.js';
import type { BookedRow } from './statement-rows.js';

const keyedHash = (text: string): string => createHmac('sha256', 'a key').update(text).digest('hex');
const account = { fundId: 'f1', account: 'bank.vcb' };
const row: BookedRow = {
  ...{ line: 2, date: localDate('2024-09-10'), debit: 0n, credit: 50_000n, balance: 574_700n },
  ...{ reference: '7618961', details: 'LY LAM NGOC VY ung ho', counterparty: '' },
};
const idOf = (of: BookedRow, over = account, hash = keyedHash): string => rowIdentities(hash, over)(of).rowId;

describe('the identity of a row', () => {
  it('is a UUID, and never again another one', () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(idOf(row)).toMatch(uuid);
    expect(rowIdentities(keyedHash, account)(row)).toEqual({
      rowId: 'f8cd5c6b-ba93-8aa3-b3eb-a720238d0995',
      unexplainedId: '0d49734d-4e1f-835e-ad79-08bfd337502b',
    });
  });

  it('rests on fund, account, date, reference, amount with its sign, balance and the key alone', () => {
    const others = [
      ...[idOf({ ...row, date: localDate('2024-09-11') }), idOf({ ...row, reference: '' })],
      ...[idOf({ ...row, credit: 50_001n }), idOf({ ...row, debit: 50_000n, credit: 0n })],
      ...[idOf({ ...row, balance: 0n }), idOf(row, { ...account, fundId: 'f2' })],
      ...[idOf(row, { ...account, account: 'bank.mb' }), idOf(row, account, (text) => keyedHash(`${text}!`))],
    ];
    expect(new Set([idOf(row), ...others]).size).toBe(others.length + 1);
    expect(idOf({ ...row, line: 9, details: 'other', counterparty: 'other' })).toBe(idOf(row));
  });

  it('takes a reference that is a number for that number, as a workbook keeps it', () => {
    const told = (reference: string) => idOf({ ...row, reference });
    for (const [text, number] of [
      ['0012', '12'],
      ['5013.10280', '5013.1028'],
      ['5013.00', '5013'],
      ['000', '0'],
    ] as const)
      expect(told(text)).toBe(told(number));
    const others = ['12', 'FT0012', '0012/1', '-12', '1.2.0', ' 12', '12.', '.12', '120'].map(told);
    expect(new Set(others).size).toBe(others.length);
  });

  it('tells what it was where it counted zeros, also of what stands twice', () => {
    expect(rowIdentities(keyedHash, account)(row)).not.toHaveProperty('former');
    const file = rowIdentities(keyedHash, account);
    const [first, again] = [file({ ...row, reference: '00' }), file({ ...row, reference: '00' })];
    // What these rows were recorded under before.
    expect(first.former?.rowId).toBe('83a9408c-471a-832a-b6e2-457d6ccdad74');
    expect(again.former?.rowId).toBe('9a19ea5a-16ef-8ca5-95cf-379059fa6f69');
    expect(first.former?.unexplainedId).not.toBe(first.unexplainedId);
  });

  it('counts only where the very same row stands twice in one file', () => {
    const file = rowIdentities(keyedHash, account);
    const [first, again, third] = [file(row), file({ ...row, line: 3 }), file({ ...row, line: 4 })];
    expect(first.rowId).toBe(idOf(row));
    expect(
      new Set([first, again, third].flatMap(({ rowId, unexplainedId }) => [rowId, unexplainedId])).size,
    ).toBe(6);
  });

  it('is the same in overlapping files, so that the second adds only what is new', () => {
    const rows = fc.array(fc.record({ credit: fc.nat({ max: 3 }), reference: fc.constantFrom('', 'a') }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(rows, fc.nat(), fc.nat(), (made, a, b) => {
        let balance = 0n;
        const booked = made.map(({ credit, reference }, index): BookedRow => {
          balance += BigInt(credit) + 1n;
          return { ...row, line: index + 2, credit: BigInt(credit) + 1n, balance, reference };
        });
        const [end, begin] = [a % (booked.length + 1), b % (booked.length + 1)];
        const ids = (part: readonly BookedRow[]): readonly string[] => {
          const identity = rowIdentities(keyedHash, account);
          return part.map((each) => identity(each).rowId);
        };
        const known = new Set([...ids(booked.slice(0, end)), ...ids(booked.slice(Math.min(begin, end)))]);
        expect([...known]).toEqual([...ids(booked)]);
      }),
    );
  });
});
