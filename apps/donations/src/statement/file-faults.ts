import { DomainRefusal } from '#kernel/refusal.js';

/** Why a file is not read as a bank statement; each with its `line` where a line is at fault. */
export type FileFault =
  | 'statement/file-empty'
  | 'statement/file-too-large'
  | 'statement/unpacked-too-large'
  | 'statement/format-unknown'
  | 'statement/gzip-cut'
  | 'statement/gzip-damaged'
  | 'statement/workbook-damaged'
  | 'statement/several-sheets'
  | 'statement/not-utf8'
  | 'statement/nul-character'
  | 'statement/csv-malformed'
  | 'statement/line-too-long'
  | 'statement/too-many-columns'
  | 'statement/too-many-rows'
  | 'statement/cell-too-long'
  | 'statement/header-not-found'
  | 'statement/column-twice'
  | 'statement/no-rows'
  | 'statement/more-cells-than-columns'
  | 'statement/rows-after-footer'
  | 'statement/date-unreadable'
  | 'statement/reference-rounded'
  | 'statement/amount-unreadable'
  | 'statement/amount-negative'
  | 'statement/amount-not-whole'
  | 'statement/balance-missing'
  | 'statement/debit-and-credit'
  | 'statement/currency-differs'
  | 'statement/profile-unreadable';

/** Throws `DomainRefusal`; the details never repeat what stands in a cell. */
export function refuseFile(code: FileFault, details: Readonly<Record<string, string | number>> = {}): never {
  throw new DomainRefusal(code, details);
}
