import { minorUnitDigits, type Currency } from '#kernel/money.js';
import type { Language } from '../http/language.js';

/** A column of a register: what stands above it, and what a row has in it. */
export interface Column<Row> {
  readonly title: { readonly vi: string; readonly en: string };
  /** `number` is a decimal text that programs are to reckon with, such as an amount; anything else is `text`. */
  readonly kind: 'text' | 'number';
  /** Null where there is nothing to say. */
  readonly of: (row: Row, language: Language) => string | null;
}

/** A register as a file. */
export interface Table<Row> {
  /** What the file is called, without its ending: letters, digits, `.`, `_` and `-` of ASCII. */
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
}

/** Most rows of one file: a whole one is held in memory. */
export const tableRowsMax = 50_000;

/** A column of texts. */
export function text<Row>(vi: string, en: string, of: Column<Row>['of']): Column<Row> {
  return { title: { vi, en }, kind: 'text', of };
}

/** A column of numbers. */
export function number<Row>(vi: string, en: string, of: Column<Row>['of']): Column<Row> {
  return { title: { vi, en }, kind: 'number', of };
}

/** Minor units as the plain digits of their currency, with its decimals: `500000` VND, `12.34` USD. */
export function plainAmount(minor: bigint | string, currency: string): string {
  const digits = minorUnitDigits[currency as Currency];
  const value = BigInt(minor);
  if (digits === 0) return value.toString();
  const sign = value < 0n ? '-' : '';
  const figures = (value < 0n ? -value : value).toString().padStart(digits + 1, '0');
  return `${sign}${figures.slice(0, -digits)}.${figures.slice(-digits)}`;
}
