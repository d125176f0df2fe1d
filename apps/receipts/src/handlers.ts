import type { Handler } from '#event-store/handle.js';
import type { ReceiptBookCommand } from '#domain/receipt-book/receipt-book.decide.js';
import type { ReceiptBookEvent } from '#domain/receipt-book/receipt-book.events.js';
import type { ReceiptBookState } from '#domain/receipt-book/receipt-book.state.js';
import type { ReceiptCommand } from '#domain/receipt/receipt.decide.js';
import type { ReceiptEvent } from '#domain/receipt/receipt.events.js';
import type { ReceiptState } from '#domain/receipt/receipt.state.js';

/** Token of {@link ReceiptBooks}. */
export const RECEIPT_BOOKS = Symbol('ReceiptBooks');

/** The ways to receipt books. */
export type ReceiptBooks = Handler<ReceiptBookState, ReceiptBookCommand, ReceiptBookEvent>;

/** Token of {@link Receipts}. */
export const RECEIPTS = Symbol('Receipts');

/** The ways to single receipts: their PDF and mails. */
export type Receipts = Handler<ReceiptState, ReceiptCommand, ReceiptEvent>;
