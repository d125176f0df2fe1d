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
  readonly mail: { readonly state: string };
}

/** A purpose's balance. */
export interface PurposeBalance {
  readonly purpose: string;
  readonly code: string | null;
  readonly received: Sum;
  readonly returned: Sum;
  readonly available: Sum;
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
export function inDong(amount: string): string {
  return `${amount.replace(/\B(?=(\d{3})+(?!\d))/g, '.')} ₫`;
}
