import { yearOf, type LocalDate } from '#kernel/dates.js';

/** How long the periods are that sums are kept for. */
export type Grain = 'year' | 'month' | 'day';

/** A period by its length and its first day. */
export interface Period {
  readonly grain: Grain;
  readonly from: string;
}

/** The year, the month and the day that something was recorded in. */
export function recordedPeriods(date: LocalDate): readonly Period[] {
  return [{ grain: 'year', from: firstOfYear(date) }, ...effectivePeriods(date)];
}

/**
 * The month and the day that something counts in. Years would be as many rows again for nothing: what is recorded in one
 * year counts in few months.
 */
export function effectivePeriods(date: LocalDate): readonly Period[] {
  return [
    { grain: 'month', from: firstOfMonth(date) },
    { grain: 'day', from: date },
  ];
}

/** Periods of one length that begin on or after `from` and before `before`. */
export interface PeriodRange {
  readonly grain: Grain;
  readonly from: string;
  readonly before: string;
}

const beginning = '-infinity';
const end = 'infinity';

/** Whole years, then months, then days, that make up all time of recording before a date, each day once. */
export function recordedBefore(date: LocalDate): readonly PeriodRange[] {
  return [
    { grain: 'year', from: beginning, before: firstOfYear(date) },
    { grain: 'month', from: firstOfYear(date), before: firstOfMonth(date) },
    { grain: 'day', from: firstOfMonth(date), before: date },
  ];
}

/** Whenever it was recorded. */
export const recordedEver: readonly PeriodRange[] = [{ grain: 'year', from: beginning, before: end }];

/** Whole months, then days, that make up all that counts before a date, each day once. */
export function countingBefore(date: LocalDate): readonly PeriodRange[] {
  return countingUntil(date, date);
}

/** Like {@link countingBefore}, with the date itself. */
export function countingThrough(date: LocalDate): readonly PeriodRange[] {
  return countingUntil(date, dayAfter(date));
}

/** Whenever it counts. */
export const countingEver: readonly PeriodRange[] = [{ grain: 'month', from: beginning, before: end }];

function countingUntil(date: LocalDate, before: string): readonly PeriodRange[] {
  return [
    { grain: 'month', from: beginning, before: firstOfMonth(date) },
    { grain: 'day', from: firstOfMonth(date), before },
  ];
}

/** The next day; `infinity` after the last that can be written. */
function dayAfter(date: LocalDate): string {
  const next = new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString();
  return next.startsWith('+') ? end : next.slice(0, 10);
}

function firstOfYear(date: LocalDate): string {
  return `${yearOf(date)}-01-01`;
}

function firstOfMonth(date: LocalDate): string {
  return `${date.slice(0, 7)}-01`;
}
