import { dateInZone, type LocalDate } from '#kernel/dates.js';
import { dayAfter } from '#kernel/neighbouring-days.js';
import type { OpenFund } from './fund.state.js';

/**
 * The accounting date of something that happened on the latest of these dates: not before the first day of the fund's
 * books, not after the day, in the fund's zone, on which it was told (`toldAt`, RFC 3339), and where that day is closed, the
 * first open one.
 */
export function accountingDate(
  { about, closedThrough }: OpenFund,
  dates: readonly LocalDate[],
  toldAt: string,
): LocalDate {
  const happened = dates.reduce((latest, date) => (date > latest ? date : latest), about.openedOn);
  const told = dateInZone(toldAt, about.zone);
  const counts = happened > told && told >= about.openedOn ? told : happened;
  return closedThrough && counts <= closedThrough ? dayAfter(closedThrough) : counts;
}
