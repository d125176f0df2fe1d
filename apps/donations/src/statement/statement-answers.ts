import type { StatementRefusal } from '#domain/statement/statement.decide.js';
import type { RefusalAnswers } from '#platform/http/refusals.js';

/** How refusals of a statement are told. */
export const statementAnswers: RefusalAnswers<StatementRefusal> = {
  'statement/unknown': {
    status: 404,
    vi: 'Không có sao kê này.',
    en: 'There is no such statement.',
  },
  'statement/confirmed': {
    status: 409,
    vi: 'Sao kê đã được xác nhận.',
    en: 'The statement was confirmed already.',
  },
  'statement/discarded': {
    status: 409,
    vi: 'Sao kê đã bị bỏ; hãy gửi lại tệp.',
    en: 'The statement was discarded; send the file again.',
  },
  'statement/account-not-of-bank': {
    status: 422,
    vi: 'Sao kê phải thuộc một tài khoản ngân hàng của quỹ.',
    en: 'A statement is of one of the fund’s bank accounts.',
  },
  'statement/before-fund': {
    status: 422,
    vi: 'Sao kê có dòng trước ngày mở quỹ; xem "openedOn".',
    en: 'The statement has rows from before the fund opened; see "openedOn".',
  },
  'statement/in-future': {
    status: 422,
    vi: 'Sao kê có dòng sau ngày hôm nay; xem "lastOn".',
    en: 'The statement has rows of days to come; see "lastOn".',
  },
  'statement/nothing-new': {
    status: 409,
    vi: 'Mọi dòng của sao kê này đã có trên sổ.',
    en: 'Every row of the statement is in the books already.',
  },
  'statement/another-under-way': {
    status: 409,
    vi: 'Một sao kê khác của tài khoản này đang được ghi sổ, xem "statementId"; hãy chờ xong rồi xác nhận lại.',
    en: 'Another statement of this account is being entered, see "statementId"; confirm again when it is done.',
  },
  'statement/opening-differs': {
    status: 409,
    vi: 'Số dư đầu kỳ khác số dư trên sổ; hãy nhập sao kê còn thiếu hoặc xác nhận cùng bút toán đầu kỳ.',
    en: 'The opening balance is not that of the books; import what is missing, or confirm with an opening entry.',
  },
  'statement/opening-changed': {
    status: 409,
    vi: 'Phần chênh lệch đầu kỳ đã khác với số bạn xác nhận, xem "difference"; hãy xem lại bản tổng hợp.',
    en: 'The opening difference is not the sum that you confirm, see "difference"; look at the preview again.',
  },
  'statement/closing-differs': {
    status: 409,
    vi: 'Sau khi ghi, số dư trên sổ sẽ khác số dư cuối kỳ của sao kê, xem "difference"; hãy tìm nguyên nhân, hoặc xác nhận kèm đúng số đó trong "closingDifference".',
    en: 'Once entered, the books will differ from the closing balance, see "difference"; find out why, or confirm with that very sum as "closingDifference".',
  },
  'statement/doubts-unseen': {
    status: 409,
    vi: 'Có điều cần xem trước khi ghi, xem "doubts" trong bản tổng hợp; hãy xác nhận kèm các mã đó.',
    en: 'There is something to look into before it is entered, see "doubts" and the preview; confirm by naming them.',
  },
  'statement/opening-below-books': {
    status: 409,
    vi: 'Số dư trên sổ lớn hơn số dư đầu kỳ; hãy tìm và sửa sai sót trên sổ trước.',
    en: 'The books say more than the opening balance; find and correct what is wrong in them first.',
  },
  'statement/before-opening-entry': {
    status: 409,
    vi: 'Bút toán đầu kỳ "entryId" ngày "effectiveOn" đã gồm tiền của các dòng trước ngày đó; hãy đảo bút toán ấy rồi xác nhận lại.',
    en: 'The opening entry "entryId" of "effectiveOn" has the money of rows before it already; reverse it, then confirm again.',
  },
};
