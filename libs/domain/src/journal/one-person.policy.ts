import { money, moneyJson, type Currency, type MoneyJson } from '#kernel/money.js';
import { ceilingOf, isAbove } from '#kernel/one-person-ceiling.js';
import type { JournalKind, JournalLine, JournalTerms } from './journal.events.js';

/** Kinds that one accountant may enter, up to a ceiling: facts that the bank's own papers tell. */
const ofOnePerson: readonly JournalKind[] = ['transfer', 'interest', 'fee'];

type Terms = Pick<JournalTerms, 'kind' | 'postings'>;

/** Whether a second person has to agree: to every kind of somebody's own choice, and to what is above a ceiling. */
export function needsSecondPerson(terms: Terms): boolean {
  if (!ofOnePerson.includes(terms.kind)) return true;
  return cappedSums(terms).some((sum) => isAbove(ceilingOf(ceilingName(terms), sum.currency), sum));
}

/** The most that one person may enter alone of what this journal moves, one ceiling a currency; empty where none is looked at. */
export function ceilingsFor(terms: Terms): readonly MoneyJson[] {
  return cappedSums(terms).map(({ currency }) => ceilingOf(ceilingName(terms), currency));
}

/** What a ceiling is held against, one sum a currency: a fee, and money that a transfer brings to the cash box. */
export function cappedSums({ kind, postings }: Terms): readonly MoneyJson[] {
  const isCounted = ({ account, amount }: JournalLine): boolean =>
    money(amount).minor > 0n && (kind === 'fee' || (kind === 'transfer' && account === 'cash'));
  const sums = new Map<Currency, bigint>();
  for (const { amount } of postings.filter(isCounted))
    sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + money(amount).minor);
  return [...sums].map(([currency, minor]) => moneyJson({ minor, currency }));
}

function ceilingName({ kind }: Terms): 'bank-fee' | 'cash-withdrawn' {
  return kind === 'fee' ? 'bank-fee' : 'cash-withdrawn';
}
