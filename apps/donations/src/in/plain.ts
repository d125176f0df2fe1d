import type { Bilingual, Document } from '#domain/campaign/campaign.events.js';
import { localDate } from '#kernel/dates.js';
import type { MoneyJson } from '#kernel/money.js';

/** The same sum as plain JSON, fit for an event. */
export function plainMoney({ amount, currency }: MoneyJson): MoneyJson {
  return { amount, currency };
}

/** The same paper as plain JSON, fit for an event. */
export function plainDocument({
  number,
  date,
}: {
  readonly number: string;
  readonly date: string;
}): Document {
  return { number, date: localDate(date) };
}

/** The same text as plain JSON, fit for an event. */
export function plainBilingual({ vi, en }: Bilingual): Bilingual {
  return { vi, en };
}
