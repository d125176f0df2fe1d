import { InvalidArgumentError } from 'commander';
import { isLocalDate, type LocalDate } from '#kernel/dates.js';
import type { Bilingual } from './language.js';

/** Says a text in the terminal's language. */
export type Say = (text: Bilingual) => string;

/** Takes a whole number of at most six digits. */
export function wholeNumber(say: Say): (text: string) => number {
  return (text) => {
    if (!/^\d{1,6}$/.test(text))
      throw new InvalidArgumentError(say({ vi: 'phải là số nguyên', en: 'must be a whole number' }));
    return Number.parseInt(text, 10);
  };
}

/** Takes a date such as `2024-09-30`. */
export function dateOption(say: Say): (text: string) => LocalDate {
  return (text) => {
    if (isLocalDate(text)) return text;
    throw new InvalidArgumentError(say({ vi: 'phải là ngày YYYY-MM-DD', en: 'must be a date YYYY-MM-DD' }));
  };
}

/** Takes an instant with its zone, as it was typed. */
export function instantOption(say: Say): (text: string) => string {
  return (text) => {
    if (/T.*(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
    const wanted = { vi: 'phải là thời điểm có múi giờ', en: 'must be an instant with its zone' };
    throw new InvalidArgumentError(say(wanted));
  };
}
