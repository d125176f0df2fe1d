import type { LocalDate } from '#kernel/dates.js';

/** Longest run without a place to break that surely fits into the narrowest column. */
const runMax = 18;
const longRun = new RegExp(`\\S{${String(runMax)}}(?=\\S)`, 'gu');

/** Text fit for the page: composed letters, no control characters, and long runs that may break anywhere. */
export function pageText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{C}+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(longRun, '$&\u200b');
}

/** `2025-03-01` as `01/03/2025`. */
export function slashDate(date: LocalDate): string {
  return date.split('-').reverse().join('/');
}

/** A date as the head of a Vietnamese voucher says it: `Ngày 01 tháng 03 năm 2025`. */
export function voucherDate(date: LocalDate): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return `Ngày ${day} tháng ${month} năm ${year}`;
}

const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

/** `2025-03-01` as `1 March 2025`. */
export function englishDate(date: LocalDate): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return `${day.replace(/^0/, '')} ${months[Number(month) - 1] ?? ''} ${year}`;
}

/** A decimal quantity as Vietnam writes it: `1250.5` as `1.250,5`. */
export function quantityText(quantity: string): string {
  const [whole = '0', fraction] = quantity.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '.');
  return fraction === undefined ? grouped : `${grouped},${fraction}`;
}
