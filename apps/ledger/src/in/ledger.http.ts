import type { CorrectionRefusal, EntryRefusal } from '#domain/fund/entry.events.js';
import type { FundRefusal } from '#domain/fund/fund.decide.js';
import type { RefusalAnswers } from '#platform/http/refusals.js';
import { entryAnswers } from './entry-refusals.js';
import { periodAnswers } from './period-refusals.js';

/** Why a question about the books is refused. */
export type LedgerRefusal = 'ledger/entry-unknown' | 'ledger/recorded-in-future';

/** How every refusal of the ledger is told; those of corrections also travel as codes in its messages. */
export const ledgerAnswers: RefusalAnswers<FundRefusal | CorrectionRefusal | EntryRefusal | LedgerRefusal> = {
  ...entryAnswers,
  ...periodAnswers,
  'fund/unknown': { status: 404, vi: 'Chưa có quỹ này.', en: 'There is no such fund.' },
  'fund/code-taken': {
    status: 409,
    vi: 'Mã quỹ này đã được dùng; hãy chọn mã khác.',
    en: 'Another fund has this code; choose another one.',
  },
  'fund/code-malformed': {
    status: 422,
    vi: 'Mã quỹ gồm 2 đến 10 chữ in hoa không dấu hoặc chữ số và bắt đầu bằng chữ, ví dụ LS.',
    en: 'A code is 2 to 10 capital letters or digits and begins with a letter, such as LS.',
  },
  'fund/district-abolished': {
    status: 422,
    vi: 'Cấp huyện đã bỏ từ ngày 1/7/2025; hãy lập quỹ cấp tỉnh hoặc cấp xã.',
    en: 'Districts were abolished on 1 July 2025; open the fund at province or commune level.',
  },
  'fund/opened-in-future': {
    status: 422,
    vi: 'Ngày mở sổ không được sau hôm nay.',
    en: 'A fund cannot open its books after today.',
  },
  'fund/opened-before-decision': {
    status: 422,
    vi: 'Ngày mở sổ không được trước ngày quyết định thành lập.',
    en: 'A fund cannot open its books before the decision that founds it.',
  },
  'fund/parent-unknown': {
    status: 422,
    vi: 'Chưa có quỹ cấp trên này; hãy mở quỹ cấp trên trước.',
    en: 'The fund above it is not there; open that one first.',
  },
  'fund/parent-not-above': {
    status: 422,
    vi: 'Quỹ cấp trên phải ở cấp cao hơn: trung ương, tỉnh, rồi xã.',
    en: 'The fund above it must be of a higher level: national, province, then commune.',
  },
  'fund/account-malformed': {
    status: 422,
    vi: 'Tài khoản ngân hàng viết dạng bank.<tài khoản>; tiền mặt luôn có sẵn.',
    en: 'Write a bank account as bank.<account>; cash is always there.',
  },
  'fund/account-twice': {
    status: 422,
    vi: 'Một tài khoản được ghi hai lần.',
    en: 'An account is named twice.',
  },
  'fund/purpose-code-taken': {
    status: 409,
    vi: 'Quỹ đã có mục đích mang mã này.',
    en: 'The fund has a purpose with this code.',
  },
  'fund/purpose-unknown': {
    status: 404,
    vi: 'Quỹ không có mục đích này.',
    en: 'The fund has no such purpose.',
  },
  'fund/purpose-closed': {
    status: 409,
    vi: 'Mục đích này đã đóng.',
    en: 'This purpose is closed already.',
  },
  'fund/purpose-permanent': {
    status: 422,
    vi: 'Không thể đóng phần không chỉ định mục đích và phần tạm giữ.',
    en: 'Unrestricted money and suspense are always there and cannot be closed.',
  },
  'fund/opening-account-unknown': {
    status: 422,
    vi: 'Số dư đầu kỳ nằm ở tài khoản chưa khai báo; hãy thêm tài khoản đó vào danh sách.',
    en: 'An opening balance is on an account that is not named; add the account to the list.',
  },
  'fund/opening-purpose-unknown': {
    status: 422,
    vi: 'Số dư đầu kỳ thuộc mục đích chưa khai báo; hãy thêm mục đích đó vào danh sách.',
    en: 'An opening balance is for a purpose that is not named; add the purpose to the list.',
  },
  'fund/opening-not-positive': {
    status: 422,
    vi: 'Số dư đầu kỳ phải lớn hơn không.',
    en: 'An opening balance is more than nothing.',
  },
  'fund/currency-differs': {
    status: 422,
    vi: 'Phải hoàn trả bằng đúng loại tiền đã nhận.',
    en: 'A donation is paid back in the currency in which it came.',
  },
  'fund/exceeds-donation': {
    status: 409,
    vi: 'Số hoàn trả lớn hơn phần còn lại của khoản ủng hộ.',
    en: 'More would be paid back than is left of the donation.',
  },
  'fund/refunded-elsewhere': {
    status: 409,
    vi: 'Khoản này đã được hoàn trả một phần từ tài khoản khác nên không huỷ được; hãy hoàn trả phần còn lại.',
    en: 'Part of it was paid back from another account, so it cannot be voided; pay the rest back instead.',
  },
  'fund/refunded-in-part': {
    status: 409,
    vi: 'Khoản này lấy từ sao kê và đã được hoàn trả một phần nên không huỷ được; hãy hoàn trả phần còn lại.',
    en: 'It came of a bank item and part of it was paid back, so it cannot be voided; pay the rest back instead.',
  },
  'ledger/entry-unknown': { status: 404, vi: 'Không có bút toán này.', en: 'There is no such entry.' },
  'ledger/recorded-in-future': {
    status: 422,
    vi: 'Thời điểm ghi sổ không được ở tương lai.',
    en: 'Nothing has been recorded yet at an instant to come.',
  },
};
