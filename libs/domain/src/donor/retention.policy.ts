import { localDate, yearOf, type LocalDate } from '#kernel/dates.js';

/** Years after the year of the last donation for which the payer's identity stays on the vouchers. */
const yearsKept = 10n;

/** The last day on which vouchers of a donation keep the payer's identity, counted from the end of the year it came in. */
export function identityKeptUntil(receivedOn: LocalDate): LocalDate {
  return localDate(`${(BigInt(yearOf(receivedOn)) + yearsKept).toString().padStart(4, '0')}-12-31`);
}
