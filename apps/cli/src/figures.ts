import type { Language } from './language.js';

/** A count as readers of the language write it. */
export function figure(count: number | bigint, language: Language): string {
  return new Intl.NumberFormat(language === 'vi' ? 'vi-VN' : 'en-US').format(count);
}
