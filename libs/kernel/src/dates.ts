import { InvariantViolation } from './refusal.js';

/** A calendar date `YYYY-MM-DD` without time or zone; compares in order as text. */
export type LocalDate = string & { readonly __brand: 'LocalDate' };

/** The zone in which a fund's dates and receipt years are counted, unless the fund says otherwise. */
export const fundZone = 'Asia/Ho_Chi_Minh';

const shape = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether the text is a date of the Gregorian calendar written `YYYY-MM-DD`. */
export function isLocalDate(text: string): text is LocalDate {
  const match = shape.exec(text);
  if (!match) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

/** Reads a stored date; throws `InvariantViolation` when it is none. */
export function localDate(text: string): LocalDate {
  if (!isLocalDate(text)) throw new InvariantViolation(`not a date: ${text}`);
  return text;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The date on which an instant (RFC 3339 text) falls in a zone (IANA name). */
export function dateInZone(instant: string, zone: string = fundZone): LocalDate {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formatters.set(zone, formatter);
  }
  return localDate(formatter.format(new Date(instant)));
}

/** The year of a date, four digits. */
export function yearOf(date: LocalDate): string {
  return date.slice(0, 4);
}
