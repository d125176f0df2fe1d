import type { MoneyJson } from '#kernel/money.js';

/** So many đồng. */
export const vnd = (amount: number): MoneyJson => ({ amount: String(amount), currency: 'VND' });
