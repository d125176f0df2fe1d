import { localDate, yearOf, type LocalDate } from '#kernel/dates.js';

/** Years after the year of the last donation for which the payer's identity stays on the vouchers. */
const yearsKept = 10n;

/**
 * The last day on which a donor's identity is kept, counted from the end of the year of the last donation; undefined
 * where there is no donation and nothing to keep it for.
 */
export function identityKeptUntil(lastReceivedOn: LocalDate | undefined): LocalDate | undefined {
  if (lastReceivedOn === undefined) return undefined;
  return localDate(`${(BigInt(yearOf(lastReceivedOn)) + yearsKept).toString().padStart(4, '0')}-12-31`);
}
