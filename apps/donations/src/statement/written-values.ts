import { isLocalDate, type LocalDate } from '#kernel/dates.js';
import { minorUnitDigits, type Currency } from '#kernel/money.js';
import type { DateFormat, StatementProfile } from '#domain/statement/statement-profile.js';
import { refuseFile } from './file-faults.js';
import { textOf, type Cell } from './table.js';

/** Where a value stands: its line, and its column as the profile calls it. */
export interface Place {
  readonly line: number;
  readonly column: string;
}

/** How sums read, and the one currency that they may be in. */
export interface SumFormat extends Pick<StatementProfile, 'decimal' | 'thousands'> {
  readonly currency: Currency;
}

const datePatterns: Readonly<Record<DateFormat, RegExp>> = {
  'yyyy-mm-dd': /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})$/,
  'yyyy/mm/dd': /^(?<year>\d{4})\/(?<month>\d{1,2})\/(?<day>\d{1,2})$/,
  'dd/mm/yyyy': /^(?<day>\d{1,2})\/(?<month>\d{1,2})\/(?<year>\d{4})$/,
  'dd-mm-yyyy': /^(?<day>\d{1,2})-(?<month>\d{1,2})-(?<year>\d{4})$/,
  'dd.mm.yyyy': /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})$/,
  'mm/dd/yyyy': /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})$/,
};
const timeOfDay = /[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$/;
const msADay = 86_400_000;
/** Day 0 of a workbook's count; the older count has a 29 February 1900 that never was, so it holds from 1 March on. */
const dayZero = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) } as const;
const countedDay = /^(\d{3,6})(\.\d+)?$/;

/** Reads a date of the calendar; a time after it is passed over. Refuses any other text, and 30 February. */
export function writtenDate(cell: Cell | undefined, format: DateFormat, place: Place): LocalDate {
  const date =
    typeof cell === 'object' ? dateOfCount(cell.decimal, cell.daysSince) : dateOfText(textOf(cell), format);
  return date ?? refuseFile('statement/date-unreadable', { ...place });
}

function dateOfText(text: string, format: DateFormat): LocalDate | undefined {
  const {
    year = '',
    month = '',
    day = '',
  } = datePatterns[format].exec(text.replace(timeOfDay, ''))?.groups ?? {};
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isLocalDate(date) ? date : undefined;
}

function dateOfCount(decimal: string, daysSince: 1900 | 1904): LocalDate | undefined {
  const [, days] = countedDay.exec(decimal) ?? [];
  if (days === undefined) return undefined;
  const date = new Date(dayZero[daysSince] + Number(days) * msADay).toISOString().slice(0, 10);
  return isLocalDate(date) ? date : undefined;
}

const numberPatterns: Readonly<Record<'.' | ',', Readonly<Record<StatementProfile['thousands'], RegExp>>>> = {
  '.': { '': plain('\\.'), ',': grouped(',', '\\.'), ' ': grouped(' ', '\\.'), '.': plain('\\.') },
  ',': { '': plain(','), '.': grouped('\\.', ','), ' ': grouped(' ', ','), ',': plain(',') },
};
const cellNumber: Readonly<Pick<SumFormat, 'decimal' | 'thousands'>> = { decimal: '.', thousands: '' };
const unit = /\s*(?<unit>[A-Z]{3}|₫|đ|VNĐ)$/u;
const dong = ['₫', 'đ', 'VNĐ'];

// Three digits behind the decimal sign would be read a thousand times too small where the profile has the signs reversed.
function plain(decimal: string): RegExp {
  return new RegExp(`^([+-]?)(0|[1-9]\\d{0,17})(?:${decimal}(\\d{1,2}))?$`);
}

function grouped(thousands: string, decimal: string): RegExp {
  const whole = `0|[1-9]\\d{0,2}(?:${thousands}\\d{3}){1,5}|[1-9]\\d{0,17}`;
  return new RegExp(`^([+-]?)(${whole})(?:${decimal}(\\d{1,2}))?$`);
}

/**
 * Reads a sum as an exact count of minor units, with its sign; undefined where the cell is empty or a lone dash. Refuses
 * groups that are not of three digits, leading zeros, other digits than 0–9, parts of a minor unit and another currency.
 */
export function writtenSum(cell: Cell | undefined, format: SumFormat, place: Place): bigint | undefined {
  const text = textOf(cell).replaceAll(/[\u00a0\u202f]/g, ' ');
  if (text === '' || text === '-') return undefined;
  const signs = typeof cell === 'object' ? cellNumber : format;
  const { sign, whole, fraction } = partsOf(withoutUnit(text, format.currency, place), signs, place);
  const digits = minorUnitDigits[format.currency];
  if (/[1-9]/.test(fraction.slice(digits))) refuseFile('statement/amount-not-whole', { ...place });
  const minor = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  if (minor === 0n && sign !== '') refuseFile('statement/amount-unreadable', { ...place });
  return sign === '-' ? -minor : minor;
}

function partsOf(
  text: string,
  { decimal, thousands }: Pick<SumFormat, 'decimal' | 'thousands'>,
  place: Place,
) {
  const match = numberPatterns[decimal][thousands].exec(text);
  if (!match) refuseFile('statement/amount-unreadable', { ...place });
  const [, sign = '', whole = '', fraction = ''] = match;
  return { sign, whole: whole.replaceAll(/\D/g, ''), fraction };
}

function withoutUnit(text: string, currency: Currency, place: Place): string {
  const named = unit.exec(text)?.groups?.['unit'];
  if (named === undefined) return text;
  if ((dong.includes(named) ? 'VND' : named) !== currency)
    refuseFile('statement/currency-differs', { ...place, currency });
  return text.replace(unit, '');
}
