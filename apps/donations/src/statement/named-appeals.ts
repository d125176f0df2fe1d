import type { LocalDate } from '#kernel/dates.js';
import { wordsInOrder } from '#kernel/words.js';

/** What tells whether money was given for a campaign. */
export interface NamedAppeal {
  readonly campaignId: string;
  readonly code: string;
  readonly receivingAccount: string;
  readonly opensOn: LocalDate;
  /** Last day on which it receives. */
  readonly closesOn: LocalDate;
}

/** Where a memo says that money belongs: `misdirected` names a campaign that did not receive it, or several. */
export type Destination<Appeal> = { readonly appeal: Appeal } | 'nowhere-named' | 'misdirected';

/** What of a row tells its destination. */
export interface MemoOfRow {
  readonly details: string;
  readonly date: LocalDate;
}

/**
 * Finds campaigns' codes in memos of an account, as whole words in any case; of a code with dashes the parts may stand one
 * after the other or in one word, as banks take signs away. A code is a claim that counts within the campaign's window and
 * by its account alone.
 */
export function destinationsBy<Appeal extends NamedAppeal>(
  appeals: readonly Appeal[],
  account: string,
): (row: MemoOfRow) => Destination<Appeal> {
  const sought = appeals.map((appeal) => ({ appeal, forms: formsOf(appeal.code) }));
  return ({ details, date }) => {
    if (sought.length === 0) return 'nowhere-named';
    const memo = spaced(wordsInOrder(details));
    const named = sought.filter(({ forms }) => forms.some((form) => memo.includes(form)));
    const [only, another] = named.map(({ appeal }) => appeal);
    if (!only) return 'nowhere-named';
    return !another && receives(only, account, date) ? { appeal: only } : 'misdirected';
  };
}

function receives(appeal: NamedAppeal, account: string, date: LocalDate): boolean {
  return appeal.receivingAccount === account && appeal.opensOn <= date && date <= appeal.closesOn;
}

function formsOf(code: string): readonly string[] {
  const words = wordsInOrder(code);
  return [...new Set([spaced(words), spaced([words.join('')])])];
}

function spaced(words: readonly string[]): string {
  return ` ${words.join(' ')} `;
}
