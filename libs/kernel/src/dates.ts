import { InvariantViolation } from './refusal.js';

/** A calendar date `YYYY-MM-DD` without time or zone; compares in order as text. */
export type LocalDate = string & { readonly __brand: 'LocalDate' };

/** The zone in which a fund's dates and receipt years are counted, unless the fund says otherwise. */
export const fundZone = 'Asia/Ho_Chi_Minh';

const shape = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The first date that is taken from people. What is further off than {@link lastDate} is a slip of the hand, and
 * databases hold neither the year 0 nor what comes some days after 9999.
 */
export const firstDate = '1900-01-01';
/** The last date that is taken from people. */
export const lastDate = '2200-12-31';

/** Whether the text is a date of the Gregorian calendar written `YYYY-MM-DD`, from {@link firstDate} to {@link lastDate}. */
export function isLocalDate(text: string): text is LocalDate {
  return isCalendarDate(text) && firstDate <= text && text <= lastDate;
}

/** Whether the text is a date of the calendar in any year from 0000 to 9999: what older events may hold. */
export function isCalendarDate(text: string): text is LocalDate {
  if (datesSeen.has(text)) return true;
  if (!shape.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(instant.getTime()) || !instant.toISOString().startsWith(text)) return false;
  if (datesSeen.size >= datesSeenMax) datesSeen.clear();
  datesSeen.add(text);
  return true;
}

/** Books hold few dates, each many times over. */
const datesSeen = new Set<string>();
const datesSeenMax = 10_000;

/** Reads a stored date of any year; throws `InvariantViolation` when it is none. */
export function localDate(text: string): LocalDate {
  if (!isCalendarDate(text)) throw new InvariantViolation(`not a date: ${text}`);
  return text;
}

/** The last span of time of a zone, in milliseconds since 1970, that is known to lie within one date there. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly date: LocalDate;
}

const formatters = new Map<string, Intl.DateTimeFormat>();
const spans = new Map<string, Span>();
/** Clocks that went back at 00:01 left a date for a minute and came back to it; none did so within less. */
const spanMs = 50_000;

/** The date on which an instant (RFC 3339 text) falls in a zone (IANA name). */
export function dateInZone(instant: string, zone: string = fundZone): LocalDate {
  const from = Date.parse(instant);
  const known = spans.get(zone);
  if (known && known.from <= from && from <= known.to) return known.date;
  const formatter = formatterOf(zone);
  const date = localDate(formatter.format(from));
  // Instants come in order, many in one minute.
  const to = from + spanMs;
  if (formatter.format(to) === date) spans.set(zone, { from, to, date });
  return date;
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const formatter = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  formatters.set(zone, formatter);
  return formatter;
}

/** The year of a date, four digits. */
export function yearOf(date: LocalDate): string {
  return date.slice(0, 4);
}
