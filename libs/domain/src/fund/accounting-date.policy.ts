import { dateInZone, type LocalDate } from '#kernel/dates.js';
import type { OpenFund } from './fund.state.js';

/**
 * The accounting date of something that happened on the latest of these dates: not before the first day of the fund's
 * books, and not after the day, in the fund's zone, on which it was told (`toldAt`, RFC 3339).
 */
export function accountingDate({ about }: OpenFund, dates: readonly LocalDate[], toldAt: string): LocalDate {
  const happened = dates.reduce((latest, date) => (date > latest ? date : latest), about.openedOn);
  const told = dateInZone(toldAt, about.zone);
  return happened > told && told >= about.openedOn ? told : happened;
}
