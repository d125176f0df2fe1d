import type { ReceiptBookRefusal } from '#domain/receipt-book/receipt-book.decide.js';
import type { ReceiptRefusal } from '#domain/receipt/receipt.decide.js';
import type { RefusalAnswers } from '#platform/http/refusals.js';

/** Why the service itself refuses, before any aggregate is asked. */
export type ReceiptsRefusal =
  'receipt/not-found' | 'receipt/erased' | 'receipt/donor-erased' | 'receipt/cannot-be-drawn';

/** How every refusal about receipts is told. */
export const receiptAnswers: RefusalAnswers<ReceiptBookRefusal | ReceiptRefusal | ReceiptsRefusal> = {
  'receipt/not-found': {
    status: 404,
    vi: 'Không có biên lai nào mang số này.',
    en: 'No receipt has this number.',
  },
  'receipt/erased': {
    status: 410,
    vi: 'Bản in của biên lai này đã bị xóa cùng với dữ liệu cá nhân của người nộp; số và bút toán vẫn còn.',
    en: 'The PDF was erased together with the personal data of its payer; number and entry still stand.',
  },
  'receipt/donor-erased': {
    status: 409,
    vi: 'Dữ liệu cá nhân của người nộp đã được xóa; không thể ghi thêm gì về người này.',
    en: 'The personal data of this payer was erased; nothing more can be kept about them.',
  },
  'receipt/cannot-be-drawn': {
    status: 503,
    vi: 'Chưa tạo được bản in của biên lai; hãy thử lại sau ít phút.',
    en: 'The PDF could not be made; try again in a few minutes.',
  },
  'receipt/not-rendered': {
    status: 409,
    vi: 'Bản in của biên lai chưa được tạo; hãy gửi lại sau ít phút.',
    en: 'The PDF of this receipt does not exist yet; send it again in a few minutes.',
  },
  'receipt/void': {
    status: 409,
    vi: 'Biên lai này đã hủy; hãy gửi biên lai thay thế nó.',
    en: 'This receipt is void; send the one that replaced it.',
  },
  'receipt/payer-unknown': {
    status: 409,
    vi: 'Biên lai này không nêu tên người nộp nên không gửi thư; hãy phát hành lại với tên người nộp.',
    en: 'This receipt names no payer and is not mailed; reissue it with the name of the payer first.',
  },
  'receipt/no-address': {
    status: 409,
    vi: 'Không có địa chỉ thư điện tử của người nộp; hãy nhập địa chỉ.',
    en: 'There is no mail address for this payer; give one.',
  },
  'receipt-book/not-found': {
    status: 404,
    vi: 'Quỹ này chưa có quyển biên lai.',
    en: 'This fund has no receipt book.',
  },
  'receipt-book/receipt-void': {
    status: 409,
    vi: 'Biên lai này đã hủy; chỉ phát hành lại được biên lai còn hiệu lực.',
    en: 'This receipt is void; only the one in force can be reissued.',
  },
  'receipt-book/receipt-changed': {
    status: 409,
    vi: 'Biên lai của khoản đóng góp này vừa thay đổi; hãy xem lại rồi gửi lại.',
    en: 'The receipt of this donation changed a moment ago; look at it again, then send once more.',
  },
  'receipt-book/register-behind': {
    status: 409,
    vi: 'Sổ theo dõi biên lai đang được cập nhật; hãy thử lại sau ít phút.',
    en: 'The register of receipts is catching up; try again in a few minutes.',
  },
  'receipt-book/template-invalid': {
    status: 422,
    vi: 'Mẫu biên lai có một mục trống, quá dài hoặc có ký tự không in được; mục đó được nêu trong trả lời.',
    en: 'A field of the template is empty, too long or not printable; the answer names it.',
  },
};
