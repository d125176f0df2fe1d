/** How a bank writes dates; a time after it is passed over. */
export type DateFormat =
  'yyyy-mm-dd' | 'yyyy/mm/dd' | 'dd/mm/yyyy' | 'dd-mm-yyyy' | 'dd.mm.yyyy' | 'mm/dd/yyyy';

interface CommonColumns {
  readonly date: string;
  readonly details: string;
  readonly balance: string;
  readonly reference?: string;
  readonly counterparty?: string;
  /** Holds the currency of each row; every one must be the statement's. */
  readonly currency?: string;
}

/** What the columns are called in the header; what moved stands in two columns, or signed in one. */
export type StatementColumns =
  | (CommonColumns & { readonly debit: string; readonly credit: string })
  | (CommonColumns & { readonly amount: string });

/**
 * The shape of a bank's statements. It goes into the event of an upload, so that the file reads the same for ever,
 * whatever profiles come later.
 */
export interface StatementProfile {
  readonly name: string;
  readonly columns: StatementColumns;
  readonly dateFormat: DateFormat;
  readonly decimal: '.' | ',';
  /** What stands between groups of three digits, if anything does. */
  readonly thousands: '' | '.' | ',' | ' ';
  readonly order: 'oldest-first' | 'newest-first';
  /** Beginnings of the row that ends the table, such as `Tổng cộng`. */
  readonly footers: readonly string[];
}
