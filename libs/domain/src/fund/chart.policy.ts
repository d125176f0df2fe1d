import { betweenPurposes, clearing, isMoneyAccount, suspense } from './postings.policy.js';

/** Account of what banks charge. */
export const bankFees = 'expense.bank-fee';

/** Account of what banks pay for money that lies with them. */
export const interest = 'income.interest';

/** Account against which a fund's or a bank account's first balance stands. */
export const opening = 'equity.opening';

/** Accounts beside money that a person may post to; official numbers are mapped to them by date. */
export const personAccounts: readonly string[] = [
  bankFees,
  interest,
  'income.other',
  'expense.management',
  'expense.support',
  'expense.other',
  'deposit.term',
  'receivable',
  'advance',
  'payable',
  'equity.fund',
];

/** Accounts that only documents move: a donation, a bank item, a statement; things in stock beside them. */
export const documentAccounts: readonly string[] = [
  'income.donation',
  'income.in-kind',
  opening,
  suspense,
  clearing,
  betweenPurposes,
];

/** Whose an account is: money's, free for a person to choose, a document's, or none that a fund has. */
export function ownerOf(account: string): 'money' | 'person' | 'documents' | 'nobody' {
  if (isMoneyAccount(account)) return 'money';
  if (personAccounts.includes(account)) return 'person';
  return documentAccounts.includes(account) || account.startsWith('stock.') ? 'documents' : 'nobody';
}
