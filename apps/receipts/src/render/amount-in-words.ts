import { minorUnitDigits, type Currency, type MoneyJson } from '#kernel/money.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { englishNumber } from './english-number.js';
import { vietnameseNumber } from './vietnamese-number.js';

interface Unit {
  readonly vi: string;
  readonly viMinor: string;
  /** Singular and plural. */
  readonly en: readonly [string, string];
  readonly enMinor: readonly [string, string];
}

const units: Readonly<Record<Currency, Unit>> = {
  VND: { vi: 'đồng', viMinor: '', en: ['Vietnamese dong', 'Vietnamese dong'], enMinor: ['', ''] },
  USD: { vi: 'đô la Mỹ', viMinor: 'xu', en: ['US dollar', 'US dollars'], enMinor: ['cent', 'cents'] },
  EUR: { vi: 'euro', viMinor: 'xu', en: ['euro', 'euros'], enMinor: ['cent', 'cents'] },
  JPY: { vi: 'yên Nhật', viMinor: '', en: ['Japanese yen', 'Japanese yen'], enMinor: ['', ''] },
  KRW: { vi: 'won Hàn Quốc', viMinor: '', en: ['South Korean won', 'South Korean won'], enMinor: ['', ''] },
};

/**
 * The amount as a Vietnamese receipt writes it in words (northern forms): capital first letter, the unit, and "chẵn"
 * when it is round in thousands. Throws `InvariantViolation` for a negative amount.
 */
export function amountInVietnamese(amount: MoneyJson): string {
  const { whole, minor, unit } = parts(amount);
  const fraction = minor === 0n ? '' : ` và ${vietnameseNumber(minor)} ${unit.viMinor}`;
  const even = minor === 0n && whole > 0n && whole % 1000n === 0n ? ' chẵn' : '';
  return capital(`${vietnameseNumber(whole)} ${unit.vi}${fraction}${even}`);
}

/** The amount in English words with its unit, capital first letter. Throws `InvariantViolation` for a negative amount. */
export function amountInEnglish(amount: MoneyJson): string {
  const { whole, minor, unit } = parts(amount);
  const fraction = minor === 0n ? '' : ` and ${englishNumber(minor)} ${unit.enMinor[minor === 1n ? 0 : 1]}`;
  return capital(`${englishNumber(whole)} ${unit.en[whole === 1n ? 0 : 1]}${fraction}`);
}

/** The amount in figures as Vietnam writes them: `1.234.567 ₫`, `1.234,50 USD`; the space never breaks. */
export function amountInFigures(amount: MoneyJson): string {
  const { whole, minor } = parts(amount);
  const digits = minorUnitDigits[amount.currency];
  const grouped = whole.toString().replace(/\B(?=(\d{3})+$)/g, '.');
  const fraction = digits === 0 ? '' : `,${minor.toString().padStart(digits, '0')}`;
  return `${grouped}${fraction}\u00a0${amount.currency === 'VND' ? '₫' : amount.currency}`;
}

function parts(amount: MoneyJson): { readonly whole: bigint; readonly minor: bigint; readonly unit: Unit } {
  const value = BigInt(amount.amount);
  if (value < 0n) throw new InvariantViolation('no receipt certifies less than nothing');
  const scale = 10n ** BigInt(minorUnitDigits[amount.currency]);
  return { whole: value / scale, minor: value % scale, unit: units[amount.currency] };
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase('vi') + text.slice(1);
}
