import { createHash } from 'node:crypto';
import { canonicalJson } from '#kernel/json.js';
import { numberedReference } from './row-identity.js';
import type { BookedRow } from './statement-rows.js';

/** Tells the same statement, however it was packed, whatever columns it came in, and whatever account it was sent for. */
export class RowsDigest {
  readonly #hash = createHash('sha256');

  /** Takes in the next row, in booking order. */
  add({ date, reference, credit, debit, balance }: BookedRow): void {
    const told = [date, numberedReference(reference), (credit - debit).toString(), balance.toString()];
    this.#hash.update(`${canonicalJson(told)}\n`);
  }

  /** SHA-256 in hex of the rows so far; asked once, and kept by nobody but under a key: references are personal data. */
  end(): string {
    return this.#hash.digest('hex');
  }
}
