import { IsDay, IsInstant } from '#platform/http/fields.js';
import { decodeCursor, PageQuery, type Page } from '#platform/http/paging.http.js';
import { IsFormat, type Format } from '#platform/tabular/table-files.js';
import { number, plainAmount, text, type Column } from '#platform/tabular/table.js';
import type { RegisterLine } from '../read/receipt-register/receipt-register.query.js';

/** Which part of the register. */
export class RegisterPeriodQuery extends PageQuery {
  @IsDay({ optional: true, description: 'first day of issue; from the beginning when absent' })
  readonly from?: string;

  @IsDay({ optional: true, description: 'last day of issue; to the end when absent' })
  readonly to?: string;

  @IsInstant({
    optional: true,
    description: 'as recorded up to this instant, which also keeps pages still; now when absent',
  })
  readonly recordedAt?: string;

  @IsFormat()
  readonly format?: Format;
}

/** A number of the register; no personal data. */
export type RegisterItem = Omit<RegisterLine, 'bookRevision'>;

/** A page of the register, in the order of the numbers. */
export interface ReceiptRegisterView extends Page<RegisterItem> {
  readonly fundId: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly recordedAt: string | null;
}

/** The place in the book that a cursor stands for; throws `http/invalid` for any other cursor. */
export function revisionOf(cursor: string | undefined): number | undefined {
  const [text] = decodeCursor(cursor, 1, /^[0-9]{1,9}$/) ?? [];
  return text === undefined ? undefined : Number.parseInt(text, 10);
}

/** A line as it is told. */
export function registerItem({ bookRevision: _bookRevision, ...item }: RegisterLine): RegisterItem {
  return item;
}

type Names = Readonly<Record<string, { readonly vi: string; readonly en: string }>>;

const payers: Names = {
  named: { vi: 'Có tên', en: 'Named' },
  anonymous: { vi: 'Ẩn danh', en: 'Anonymous' },
  unidentified: { vi: 'Chưa rõ', en: 'Unidentified' },
};
const methods: Names = {
  cash: { vi: 'Tiền mặt', en: 'Cash' },
  bank: { vi: 'Chuyển khoản', en: 'Bank' },
  'in-kind': { vi: 'Hiện vật', en: 'In kind' },
};
const statuses = { void: { vi: 'Đã huỷ', en: 'Void' }, inForce: { vi: 'Còn hiệu lực', en: 'In force' } };

/** The columns of the file. */
export const registerColumns: readonly Column<RegisterLine>[] = [
  text('Số biên lai', 'Number', (line) => line.number),
  text('Ngày lập', 'Issued on', ({ issuedOn }) => issuedOn),
  text(
    'Trạng thái',
    'Status',
    ({ voided }, language) => (voided ? statuses.void : statuses.inForce)[language],
  ),
  text('Lý do huỷ', 'Cause of voiding', ({ voided }) => voided?.cause ?? null),
  text('Thời điểm huỷ', 'Voided at', ({ voided }) => voided?.at ?? null),
  text('Thay cho', 'Replaces', ({ replaces }) => replaces),
  text('Được thay bằng', 'Replaced by', ({ replacedBy }) => replacedBy),
  text('Người nộp', 'Payer', ({ payer }, language) => payers[payer]?.[language] ?? payer),
  text('Hình thức', 'Method', ({ method }, language) => methods[method]?.[language] ?? method),
  number('Số tiền', 'Amount', ({ amount }) => amount && plainAmount(amount.amount, amount.currency)),
  text('Loại tiền', 'Currency', ({ amount }) => amount?.currency ?? null),
  text('Khoản ủng hộ', 'Donation', ({ donationId }) => donationId),
  text('Bút toán', 'Entry', ({ entryId }) => entryId),
];
