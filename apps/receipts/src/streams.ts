import { uuidV5 } from '#event-store/command-id.js';

const bookPrefix = 'receipt-book-';
const receiptPrefix = 'receipt-';

/** Namespace of the ids that this service derives; never to be changed. */
const namespace = 'c4b0a3de-6d0e-4f43-8a1b-2f5d5b1c9e07';

/** Prefixes of the streams that only this service writes; the second covers the first. */
export const receiptStreams = { books: bookPrefix, all: receiptPrefix } as const;

/** The stream of a fund's receipt book. */
export function bookStreamOf(fundId: string): string {
  return `${bookPrefix}${fundId}`;
}

/** The stream of one receipt; a number never begins like a book. */
export function receiptStreamOf(number: string): string {
  return `${receiptPrefix}${number}`;
}

/** The number of the receipt whose stream this is. */
export function numberOf(receiptStream: string): string {
  return receiptStream.slice(receiptPrefix.length);
}

/** The vault's subject of a receipt that names nobody, so that its bytes are sealed like the others. */
export function subjectOfNobody(number: string): string {
  return uuidV5(namespace, `subject ${number}`);
}

/** Where a PDF's bytes are sealed: another rendering of the same receipt gets another record. */
export function bytesRecordOf(number: string, sha256: string): string {
  return uuidV5(namespace, `pdf ${number} ${sha256}`);
}

/** A record that a person's command writes first, such as its reason; equal for every repeat of the same body. */
export function commandRecordOf(commandId: string, digest: string, what: string): string {
  return uuidV5(namespace, `${what} ${commandId} ${digest}`);
}

/** The id of what this service does by itself, equal for every repeat. */
export function ownCommandOf(what: string): string {
  return uuidV5(namespace, `command ${what}`);
}
