import { localDate, type LocalDate } from './dates.js';

const msADay = 86_400_000;

/** The next day; throws `InvariantViolation` after the last day of the year 9999. */
export function dayAfter(date: LocalDate): LocalDate {
  return daysFrom(date, 1);
}

/** The day before; throws `InvariantViolation` before the first day of the year 0. */
export function dayBefore(date: LocalDate): LocalDate {
  return daysFrom(date, -1);
}

function daysFrom(date: LocalDate, days: number): LocalDate {
  const text = new Date(Date.parse(`${date}T00:00:00Z`) + days * msADay).toISOString();
  return localDate(text.slice(0, text.indexOf('T')));
}
