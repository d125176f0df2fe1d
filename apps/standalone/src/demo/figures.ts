import type { Api } from './api.js';

/** A sum as the API tells it. */
export interface Sum {
  readonly amount: string;
  readonly currency: string;
}

/** A receipt as the register lists it, of what the demo looks at. */
export interface ListedReceipt {
  readonly number: string;
  readonly donationId: string;
  readonly status: 'in-force' | 'void';
  readonly amount: Sum | null;
  readonly payer: string;
  readonly replaces: string | null;
  readonly pdf: { readonly state: string };
  readonly mail: { readonly state: string };
}

/** Whether a receipt is out of the house: drawn and mailed if its payer has an address, void, or of nobody known. */
export function isDelivered({ status, payer, pdf, mail }: ListedReceipt): boolean {
  return status === 'void' || payer !== 'named' || (pdf.state === 'rendered' && mail.state !== 'pending');
}

/** A donation as lists tell it. */
export interface ListedDonation {
  readonly donationId: string;
  readonly status: 'standing' | 'refunded' | 'voided';
  readonly donor: {
    readonly kind: string;
    readonly class: string | null;
    readonly inProvince: boolean | null;
  };
  readonly amount: Sum | null;
  readonly receivedOn: string;
  readonly pending: object | null;
}

/** A thing given, as a donation shows it. */
export interface ShownItem {
  readonly name: string;
  readonly quantity: string;
  readonly unit: string;
  readonly valuation?: { readonly value: Sum; readonly basis: string };
}

/** A pledge as lists tell it. */
export interface ListedPledge {
  readonly amount: Sum;
  readonly paid: Sum;
  readonly dueOn: string;
  readonly status: 'open' | 'fulfilled' | 'withdrawn';
}

/** A purpose's balance: opening + received − returned = available + stock. */
export interface PurposeBalance {
  readonly purpose: string;
  readonly code: string | null;
  readonly opening: Sum;
  readonly received: Sum;
  readonly returned: Sum;
  readonly available: Sum;
  readonly stock: Sum;
}

/** What an account holds: one of the two sums is nothing. */
export interface AccountBalances {
  readonly account?: string;
  readonly closingDebit: Sum;
  readonly closingCredit: Sum;
}

/** A trial balance: every account, and the sums of all of them. */
export interface TrialBalance {
  readonly lines: readonly AccountBalances[];
  readonly totals: readonly AccountBalances[];
}

interface Listed<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** Every item of a list, page by page. */
export async function everyItem<Item>(api: Api, path: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor = '';
  for (;;) {
    const page = await api.get<Listed<Item>>(`${path}&limit=200${cursor}`);
    items.push(...page.items);
    if (page.next === null) return items;
    cursor = `&cursor=${page.next}`;
  }
}

/** Balances by purpose as of a date; of all when absent. */
export async function balancesOf(
  api: Api,
  fundId: string,
  asOf?: string,
): Promise<readonly PurposeBalance[]> {
  const date = asOf === undefined ? '' : `&asOf=${asOf}`;
  const path = `/v1/funds/${fundId}/balances?by=purpose${date}`;
  return (await api.get<{ readonly balances: readonly PurposeBalance[] }>(path)).balances;
}

/** VND as people in Việt Nam write them: `1.234.567 ₫`. */
export function inDong(amount: string | bigint): string {
  return `${String(amount).replace(/\B(?=(\d{3})+(?!\d))/g, '.')} ₫`;
}

/** What sums of one currency come to. */
export function totalOf(sums: readonly (Sum | null)[]): bigint {
  return sums.reduce((total, sum) => total + BigInt(sum?.amount ?? '0'), 0n);
}
