import { describe, expect, it } from '@jest/globals';
import { csvOf } from './csv.js';
import { number, plainAmount, text } from './table.js';

interface Row {
  readonly name: string | null;
  readonly amount: string;
}
const columns = [
  text<Row>('Tên, và hơn thế', 'Name', ({ name }) => name),
  number<Row>('Số tiền', 'Amount', ({ amount }) => amount),
];
const lines = (...rows: readonly Row[]): readonly string[] =>
  csvOf({ name: 'made-up', columns, rows }, 'vi').split('\r\n');

describe('a register as CSV', () => {
  it('begins with a byte order mark and titles in the language that was asked for', () => {
    expect(lines()).toEqual(['\ufeff"Tên, và hơn thế",Số tiền', '']);
    expect(csvOf({ name: 'made-up', columns, rows: [] }, 'en')).toBe('\ufeffName,Amount\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '  =1', '＝1', '＋1', '－1', '＠A'])(
    'lets no text run as a formula: %j',
    (name) => {
      const [, line] = csvOf({ name: 'made-up', columns, rows: [{ name, amount: '1' }] }, 'en').split(
        'Amount',
      );
      expect(line).toMatch(/^\r\n"?'/);
    },
  );

  it('keeps numbers as plain digits, also below zero', () => {
    expect(lines({ name: null, amount: '-9007199254740993' })[1]).toBe(',-9007199254740993');
  });

  it('quotes what would end a cell, and leaves other texts alone', () => {
    expect(lines({ name: 'a "b", c', amount: '1' })[1]).toBe('"a ""b"", c",1');
    expect(lines({ name: 'Quỹ A-B = C', amount: '1' })[1]).toBe('Quỹ A-B = C,1');
    expect(csvOf({ name: 'made-up', columns, rows: [{ name: 'a\nb', amount: '1' }] }, 'en')).toContain(
      '\r\n"a\nb",1\r\n',
    );
  });
});

describe('an amount in plain digits', () => {
  it.each([
    ['500000', 'VND', '500000'],
    ['-9007199254740993', 'VND', '-9007199254740993'],
    ['1234', 'USD', '12.34'],
    ['-5', 'USD', '-0.05'],
    ['0', 'EUR', '0.00'],
    ['7', 'JPY', '7'],
  ])('%s minor units of %s are %s', (minor, currency, plain) => {
    expect(plainAmount(minor, currency)).toBe(plain);
  });
});
