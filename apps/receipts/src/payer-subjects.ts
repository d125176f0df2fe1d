import type { Payer } from '#domain/receipt-book/receipt-book.events.js';
import { subjectOfNobody } from './streams.js';

/** Whose key seals what a receipt says of its payer: kept as long as accounting law asks. */
export function payerSubjectOf(payer: Payer, number: string): string {
  return payer.kind === 'named' ? payer.subjectId : subjectOfNobody(number);
}

/**
 * Whose key seals where a receipt was mailed to: addresses, what was written about them, mails with an address on them.
 * It is the donor's contact, so that all of it goes with the contact when that is erased, at once and before anybody is told.
 */
export function contactSubjectOf(payer: Payer, number: string): string {
  const contact = payer.kind === 'named' ? payer.contactSubjectId : undefined;
  return contact ?? payerSubjectOf(payer, number);
}

/** Whether it is a donor whom the donations service knows and erases: neither nobody, nor whom staff named at a reissue. */
export function isRegistered(payer: Payer): payer is Extract<Payer, { readonly kind: 'named' }> {
  return payer.kind === 'named' && payer.unregistered !== true;
}
