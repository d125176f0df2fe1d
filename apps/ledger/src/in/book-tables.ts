import type { MoneyJson } from '#kernel/money.js';
import { fileName } from '#platform/tabular/table-files.js';
import { number, plainAmount, text, type Column, type Table } from '#platform/tabular/table.js';
import type {
  AccountBalanceView,
  BalancesView,
  PurposeBalanceView,
  TrialBalanceView,
  TrialLineView,
} from './books.http.js';

const plain = ({ amount, currency }: MoneyJson): string => plainAmount(amount, currency);

/** A column of amounts, by the member that has them. */
function sum<Name extends string>(
  vi: string,
  en: string,
  name: Name,
): Column<Readonly<Record<Name, MoneyJson>>> {
  return number(vi, en, (row) => plain(row[name]));
}

const purposeColumns: readonly Column<PurposeBalanceView>[] = [
  text('Mã mục đích', 'Purpose', ({ code, purpose }) => code ?? purpose),
  text('Tên', 'Name', ({ name }, language) => name?.[language] ?? null),
  text('Chiến dịch', 'Campaign', ({ campaignId }) => campaignId),
  sum('Số dư ban đầu', 'Opening', 'opening'),
  sum('Đã nhận', 'Received', 'received'),
  sum('Đã trả lại', 'Returned', 'returned'),
  sum('Điều chuyển', 'Moved', 'moved'),
  sum('Đã chi', 'Spent', 'spent'),
  sum('Khác', 'Other', 'other'),
  sum('Còn lại', 'Left', 'available'),
  sum('Hiện vật trong kho', 'In stock', 'stock'),
  text('Loại tiền', 'Currency', ({ available }) => available.currency),
];

const accountColumns: readonly Column<AccountBalanceView>[] = [
  text('Tài khoản', 'Account', ({ account }) => account),
  sum('Nợ', 'Debit', 'debit'),
  sum('Có', 'Credit', 'credit'),
  sum('Số dư', 'Balance', 'balance'),
  text('Loại tiền', 'Currency', ({ balance }) => balance.currency),
];

/** Balances as a file: by account, or by purpose with what was received, spent and left. */
export function balanceTable(view: BalancesView, code: string): Table<never> {
  const { by, asOf, position, balances: rows } = view;
  const columns: readonly Column<never>[] = by === 'account' ? accountColumns : purposeColumns;
  const name = fileName(position, `balances-by-${by}`, code, asOf);
  return { name, columns, rows: rows as readonly never[] };
}

type TrialRow = Omit<TrialLineView, 'account'> & { readonly account: string | null };

const trialColumns: readonly Column<TrialRow>[] = [
  text('Số hiệu tài khoản', 'Account number', ({ accountNo }) => accountNo),
  text('Tên tài khoản', 'Account name', ({ name }, language) => name?.[language] ?? null),
  text('Tài khoản', 'Account', ({ account }) => account),
  sum('Nợ đầu kỳ', 'Opening debit', 'openingDebit'),
  sum('Có đầu kỳ', 'Opening credit', 'openingCredit'),
  sum('Phát sinh nợ', 'Debit', 'debit'),
  sum('Phát sinh có', 'Credit', 'credit'),
  sum('Nợ cuối kỳ', 'Closing debit', 'closingDebit'),
  sum('Có cuối kỳ', 'Closing credit', 'closingCredit'),
  text('Loại tiền', 'Currency', ({ debit }) => debit.currency),
];

/** A trial balance as a file, the totals of each currency below it. */
export function trialBalanceTable(view: TrialBalanceView, code: string): Table<TrialRow> {
  const name = fileName(view.position, 'trial-balance', code, view.from, view.asOf);
  const total = { account: null, accountNo: null, name: { vi: 'Cộng', en: 'Total' } };
  const totals = view.totals.map((sums) => ({ ...total, ...sums }));
  return { name, columns: trialColumns, rows: [...view.lines, ...totals] };
}
