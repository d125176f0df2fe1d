import { yearOf, type LocalDate } from '#kernel/dates.js';

/** How long the periods are that sums are kept for. */
export type Grain = 'year' | 'month' | 'day';

/** A period by its length and its first day. */
export interface Period {
  readonly grain: Grain;
  readonly from: string;
}

/** The year, the month and the day that a date lies in. */
export function periodsOf(date: LocalDate): readonly Period[] {
  return [
    { grain: 'year', from: firstOfYear(date) },
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

/** Whole years, then months, then days, that make up all time before a date, each day once. */
export function allBefore(date: LocalDate): readonly PeriodRange[] {
  return rangesUntil(date, date);
}

/** Like {@link allBefore}, with the date itself. */
export function allThrough(date: LocalDate): readonly PeriodRange[] {
  return rangesUntil(date, dayAfter(date));
}

/** All time, by whole years. */
export const allTime: readonly PeriodRange[] = [{ grain: 'year', from: beginning, before: end }];

/** The next day; `infinity` after the last that can be written. */
export function dayAfter(date: LocalDate): string {
  const next = new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString();
  return next.startsWith('+') ? end : next.slice(0, 10);
}

function rangesUntil(date: LocalDate, before: string): readonly PeriodRange[] {
  return [
    { grain: 'year', from: beginning, before: firstOfYear(date) },
    { grain: 'month', from: firstOfYear(date), before: firstOfMonth(date) },
    { grain: 'day', from: firstOfMonth(date), before },
  ];
}

function firstOfYear(date: LocalDate): string {
  return `${yearOf(date)}-01-01`;
}

function firstOfMonth(date: LocalDate): string {
  return `${date.slice(0, 7)}-01`;
}
