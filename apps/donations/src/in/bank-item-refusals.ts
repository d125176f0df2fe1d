import type { BankItemRefusal } from '#domain/bank-item/bank-item.decide.js';
import type { BookedRefusal } from './booked-already.js';
import type { SayingRefusal } from './classification-body.js';
import type { RefusalAnswers } from '#platform/http/refusals.js';

/** How refusals of a bank item are told. */
export const bankItemAnswers: RefusalAnswers<BankItemRefusal | SayingRefusal | BookedRefusal> = {
  'bank-item/unknown': {
    status: 404,
    vi: 'Không có khoản này.',
    en: 'There is no such bank item.',
  },
  'bank-item/pending': {
    status: 409,
    vi: 'Khoản này đang chờ kết quả phân loại.',
    en: 'The item waits for the outcome of its classification.',
  },
  'bank-item/classified': {
    status: 409,
    vi: 'Khoản này đã được phân loại; hãy hoàn tác trước.',
    en: 'The item is classified; undo that first.',
  },
  'bank-item/classification-unknown': {
    status: 404,
    vi: 'Khoản này không có phân loại đó.',
    en: 'The item has no such classification.',
  },
  'bank-item/classification-decided': {
    status: 409,
    vi: 'Phân loại này đã được quyết định.',
    en: 'The classification was decided already.',
  },
  'bank-item/same-person': {
    status: 403,
    vi: 'Người đề xuất không được tự duyệt; cần người thứ hai.',
    en: 'Who proposed it cannot approve; a second person is needed.',
  },
  'bank-item/approver-made-by-maker': {
    status: 403,
    vi: 'Quyền truy cập của một trong hai người do người kia cấp; cần một người độc lập.',
    en: 'One of the two gave the other access; an independent person is needed.',
  },
  'bank-item/not-proposer': {
    status: 403,
    vi: 'Chỉ người đề xuất được rút lại đề xuất.',
    en: 'Only who proposed it can take it back.',
  },
  'bank-item/may-be-booked': {
    status: 409,
    vi: 'Có thể sổ đã ghi khoản tiền này, xem "entryIds": nếu là khoản ủng hộ "donation." thì hủy khoản đó trước; nếu là bút toán khác thì chọn "posted" với bút toán đó; nếu là tiền khác thì nêu các bút toán đó trong "distinctFrom".',
    en: 'The books may have this money already, see "entryIds": a "donation." is to be voided first; of any other say "posted" with it; where it is other money, name the entries in "distinctFrom".',
  },
  'bank-item/statement-under-way': {
    status: 409,
    vi: 'Sao kê của tài khoản kia đang được ghi, xem "statementId"; hãy đợi ghi xong rồi phân loại.',
    en: 'A statement of the other account is being recorded, see "statementId"; wait for that, then say it again.',
  },
  'bank-item/void-the-donation': {
    status: 409,
    vi: 'Khoản này là một khoản ủng hộ; hãy huỷ khoản ủng hộ đó, xem "donationId".',
    en: 'The item is a donation; void that, see "donationId".',
  },
  'bank-item/member-missing': {
    status: 422,
    vi: 'Thiếu một trường của cách phân loại này; xem "member".',
    en: 'What is said of the item lacks a member; see "member".',
  },
  'bank-item/member-not-of-saying': {
    status: 422,
    vi: 'Có trường không thuộc cách phân loại này; xem "member".',
    en: 'A member does not belong to what is said of the item; see "member".',
  },
  'bank-item/not-money-in': {
    status: 422,
    vi: 'Tiền ra không thể là khoản ủng hộ.',
    en: 'Money that went out is no donation.',
  },
  'bank-item/not-money-out': {
    status: 422,
    vi: 'Tiền vào không thể là phí hay tiền rút.',
    en: 'Money that came in is neither a fee nor cash taken out.',
  },
  'bank-item/account-not-of-bank': {
    status: 422,
    vi: 'Hãy chọn một tài khoản ngân hàng của quỹ.',
    en: 'Name one of the fund’s bank accounts.',
  },
  'bank-item/same-account': {
    status: 422,
    vi: 'Không thể chuyển tiền đến chính tài khoản đó.',
    en: 'Money is not moved to the account that it came from.',
  },
};
