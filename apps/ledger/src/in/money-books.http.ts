import type { LocalDate } from '#kernel/dates.js';
import { isLocalDate } from '#kernel/dates.js';
import { minorUnitDigits, type MoneyJson } from '#kernel/money.js';
import { IsChoice, IsDay, IsInstant, IsPattern } from '#platform/http/fields.js';
import { decodeCursor, pageOf, PageQuery } from '#platform/http/paging.http.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { fileName, IsFormat, type Format } from '#platform/tabular/table-files.js';
import { number, plainAmount, text, type Column } from '#platform/tabular/table.js';
import type {
  MoneyBook,
  MoneyBookLine,
  MoneyBookPlace,
  MoneyBookQuestion,
} from '../read/money-book/money-book.query.js';
import { entryKindNames } from './entry-kind-names.js';
import { moneyOf } from './funds.http.js';

/** Which part of the cash book. */
export class CashBookQuery extends PageQuery {
  @IsDay({ optional: true, description: 'first accounting date; from the beginning when absent' })
  readonly from?: LocalDate;

  @IsDay({ optional: true, description: 'last accounting date; to the end when absent' })
  readonly to?: LocalDate;

  @IsInstant({
    optional: true,
    description: 'only what was recorded up to this instant, which also keeps pages still; all when absent',
  })
  readonly recordedAt?: string;

  @IsChoice(Object.keys(minorUnitDigits), { optional: true, description: 'the fund’s own when absent' })
  readonly currency?: string;

  @IsFormat()
  readonly format?: Format;
}

/** Which part of which bank account's book. */
export class BankBookQuery extends CashBookQuery {
  @IsPattern(/bank\.[A-Za-z0-9][A-Za-z0-9._-]{0,63}/)
  readonly account!: string;
}

/** An entry in the book; `received` or `paid` is null, whichever it was not. */
export interface MoneyBookItem {
  readonly entryNumber: number;
  readonly effectiveOn: string;
  readonly receivedOn: string | null;
  readonly voucher: 'receipt' | 'payment';
  readonly kind: string;
  /** Of the receipt that was first given for it; null of what has none, or none yet. */
  readonly receiptNumber: string | null;
  readonly entryId: string;
  readonly donationId: string | null;
  readonly journalId: string | null;
  readonly received: MoneyJson | null;
  readonly paid: MoneyJson | null;
  /** After this entry. */
  readonly balance: MoneyJson;
}

/** A page of the book of an account; opening + received − paid = closing, of the whole period. */
export interface MoneyBookView {
  readonly fundId: string;
  readonly account: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly recordedAt: string | null;
  readonly position: string | null;
  readonly opening: MoneyJson;
  readonly received: MoneyJson;
  readonly paid: MoneyJson;
  readonly closing: MoneyJson;
  readonly items: readonly MoneyBookItem[];
  readonly next: string | null;
}

/** The line that a cursor stands for; throws `http/invalid` for any other cursor. */
export function placeOf(cursor: string | undefined): MoneyBookPlace | undefined {
  const [effectiveOn, entryNumber] = decodeCursor(cursor, 2) ?? [];
  if (effectiveOn === undefined || entryNumber === undefined) return undefined;
  if (isLocalDate(effectiveOn) && /^[0-9]{1,9}$/.test(entryNumber))
    return { effectiveOn, entryNumber: Number.parseInt(entryNumber, 10) };
  throw new RequestFault('http/invalid', {
    fields: [{ field: 'cursor', reason: 'is not a cursor of this list' }],
  });
}

type Asked = Pick<MoneyBookQuestion, 'fundId' | 'account' | 'currency' | 'from' | 'to' | 'recordedAt'>;

/** A page of the book as it is told. */
export function moneyBookView(asked: Asked, book: MoneyBook, limit: number): MoneyBookView {
  const { fundId, account, currency, from = null, to = null, recordedAt = null } = asked;
  const money = (minor: bigint): MoneyJson => moneyOf(minor, currency);
  return {
    ...{ fundId, account, from, to, recordedAt },
    opening: money(book.opening),
    received: money(book.received),
    paid: money(book.paid),
    closing: money(book.closing),
    ...pageOf(
      book.lines,
      limit,
      book.position,
      (line) => moneyBookItem(line, currency),
      (line) => [line.effectiveOn, String(line.entryNumber)],
    ),
  };
}

/** What the book's file is called. */
export function moneyBookName({ account, currency, from, to }: Asked, code: string, book: MoneyBook): string {
  const which = account === 'cash' ? ['cash-book', code] : ['bank-book', code, account];
  return fileName(book.position, ...which, currency, from, to);
}

/** A line as it is told. */
function moneyBookItem(line: MoneyBookLine, currency: string): MoneyBookItem {
  const { entryId, entryNumber, kind, effectiveOn, receivedOn, donationId, receiptNumber, moved } = line;
  const isReceived = moved > 0n;
  return {
    ...{ entryNumber, effectiveOn, receivedOn, voucher: isReceived ? 'receipt' : 'payment', kind, entryId },
    ...{ receiptNumber, donationId },
    journalId: kind === 'journal' ? entryId.slice('journal.'.length) : null,
    received: isReceived ? moneyOf(moved, currency) : null,
    paid: isReceived ? null : moneyOf(-moved, currency),
    balance: moneyOf(line.balance, currency),
  };
}

/** A line of the file: an entry, or what stands before the first and after the last. */
type FileLine = Partial<MoneyBookItem> & {
  readonly label?: { readonly vi: string; readonly en: string };
  readonly balance: MoneyJson;
};

/** The lines of the file: the opening balance, every entry, and the sums with the closing balance. */
export function moneyBookLines(book: MoneyBook, currency: string): readonly FileLine[] {
  const money = (minor: bigint): MoneyJson => moneyOf(minor, currency);
  return [
    { label: { vi: 'Số dư đầu kỳ', en: 'Opening balance' }, balance: money(book.opening) },
    ...book.lines.map((line) => moneyBookItem(line, currency)),
    {
      label: { vi: 'Cộng phát sinh và số dư cuối kỳ', en: 'Totals and closing balance' },
      received: money(book.received),
      paid: money(book.paid),
      balance: money(book.closing),
    },
  ];
}

const vouchers = { receipt: { vi: 'Thu', en: 'Receipt' }, payment: { vi: 'Chi', en: 'Payment' } };
const plain = (sum: MoneyJson | null | undefined): string | null =>
  sum ? plainAmount(sum.amount, sum.currency) : null;

/** The columns of the file. */
export const moneyBookColumns: readonly Column<FileLine>[] = [
  number('Số bút toán', 'Entry number', ({ entryNumber }) => entryNumber?.toString() ?? null),
  text('Ngày hạch toán', 'Accounting date', ({ effectiveOn }) => effectiveOn ?? null),
  text('Ngày nhận', 'Received on', ({ receivedOn }) => receivedOn ?? null),
  text('Thu/Chi', 'Voucher', ({ voucher }, language) => (voucher ? vouchers[voucher][language] : null)),
  text('Nội dung', 'Kind', ({ kind, label }, language) =>
    label ? label[language] : (entryKindNames[kind ?? '']?.[language] ?? kind ?? null),
  ),
  text('Số biên lai', 'Receipt number', ({ receiptNumber }) => receiptNumber ?? null),
  text('Bút toán', 'Entry', ({ entryId }) => entryId ?? null),
  text('Khoản ủng hộ', 'Donation', ({ donationId }) => donationId ?? null),
  text('Chứng từ ghi sổ', 'Journal', ({ journalId }) => journalId ?? null),
  number('Thu', 'In', ({ received }) => plain(received)),
  number('Chi', 'Out', ({ paid }) => plain(paid)),
  number('Tồn', 'Balance', ({ balance }) => plain(balance)),
  text('Loại tiền', 'Currency', ({ balance }) => balance.currency),
];
