import type { DonationRefusal } from '#domain/donation/donation.decide.js';
import type { RecordingRefusal } from '#domain/donation/recording.policy.js';
import type { RefusalAnswers } from '#platform/http/refusals.js';
import type { MatchingRefusal } from '#domain/donation/matching.policy.js';
import type { UndoingRefusal } from '#domain/donation/undoing.policy.js';
import type { EntryRefusal } from './donation-entry.js';
import { factAnswers } from './fact-refusals.js';
import type { FactRefusal } from './facts.js';

const recordingAnswers: RefusalAnswers<RecordingRefusal | EntryRefusal> = {
  'donation/donor-missing': {
    status: 422,
    vi: 'Hãy chọn một nhà tài trợ đã đăng ký hoặc nhập thông tin nhà tài trợ mới, không cả hai.',
    en: 'Name a registered donor or give the details of a new one, not both.',
  },
  'donation/donor-not-named': {
    status: 422,
    vi: 'Người ủng hộ ẩn danh hoặc chưa xác định thì không ghi tên; hãy bỏ mã và thông tin, hoặc chọn "named".',
    en: 'Who is anonymous or unidentified is not named; leave id and details out, or choose "named".',
  },
  'donation/amount-missing': {
    status: 422,
    vi: 'Thiếu số tiền.',
    en: 'Give the amount.',
  },
  'donation/amount-not-positive': {
    status: 422,
    vi: 'Số tiền phải lớn hơn 0.',
    en: 'The amount must be more than nothing.',
  },
  'donation/account-missing': {
    status: 422,
    vi: 'Hãy ghi tài khoản ngân hàng đã nhận tiền.',
    en: 'Name the bank account that received it.',
  },
  'donation/account-not-of-method': {
    status: 422,
    vi: 'Tài khoản không phù hợp với hình thức ủng hộ.',
    en: 'The account does not go with how it came in.',
  },
  'donation/items-missing': {
    status: 422,
    vi: 'Hãy liệt kê hiện vật đã nhận.',
    en: 'List the things that came in.',
  },
  'donation/items-with-money': {
    status: 422,
    vi: 'Khoản tiền không có hiện vật; hãy ghi hiện vật thành khoản riêng.',
    en: 'Money has no items; record things as a donation of their own.',
  },
  'donation/money-with-items': {
    status: 422,
    vi: 'Hiện vật không có số tiền; hãy ghi giá trị ở từng hiện vật.',
    en: 'A donation in kind has no amount; give each item its valuation.',
  },
  'donation/quantity-not-positive': {
    status: 422,
    vi: 'Số lượng hiện vật phải lớn hơn 0.',
    en: 'The quantity of an item must be more than nothing.',
  },
  'donation/item-twice': {
    status: 422,
    vi: 'Mỗi loại hiện vật chỉ ghi một dòng.',
    en: 'List each kind of thing once.',
  },
  'donation/valuation-not-positive': {
    status: 422,
    vi: 'Giá trị hiện vật phải lớn hơn 0; nếu chưa định giá thì bỏ trống.',
    en: 'A valuation must be more than nothing; leave it out where nobody valued it.',
  },
  'donation/unidentified-needs-bank': {
    status: 422,
    vi: 'Chỉ khoản chuyển khoản mới có thể chưa xác định người ủng hộ; nếu không hãy ghi ẩn danh.',
    en: 'Only a bank transfer can be unidentified; otherwise record it as anonymous.',
  },
  'donation/received-in-future': {
    status: 422,
    vi: 'Ngày nhận không được sau hôm nay.',
    en: 'It cannot have been received after today.',
  },
  'donation/received-before-fund': {
    status: 422,
    vi: 'Ngày nhận không được trước ngày mở quỹ.',
    en: 'It cannot have been received before the fund opened.',
  },
  'donation/campaign-not-open': {
    status: 422,
    vi: 'Đợt vận động không tiếp nhận vào ngày đó; hãy ghi khoản này ngoài đợt vận động.',
    en: 'The campaign did not receive on that day; record it apart from the campaign.',
  },
  'donation/account-not-of-campaign': {
    status: 422,
    vi: 'Thư kêu gọi nêu tài khoản khác (xem "receivingAccount"); hãy ghi khoản chuyển khoản này ngoài đợt vận động.',
    en: 'The appeal names another account, see "receivingAccount"; record this transfer apart from the campaign.',
  },
  'donation/purpose-of-campaign': {
    status: 422,
    vi: 'Mục đích này là của một đợt vận động; hãy ghi đợt đó (xem "campaignId") để theo thời hạn tiếp nhận của nó.',
    en: 'This purpose is a campaign’s own; name the campaign, see "campaignId", so that its window counts.',
  },
  'donation/purpose-not-of-campaign': {
    status: 422,
    vi: 'Khoản ủng hộ cho đợt vận động phải theo mục đích của đợt đó.',
    en: 'A donation to a campaign is for the purpose of that campaign.',
  },
  'donation/pledge-needs-money': {
    status: 422,
    vi: 'Cam kết chỉ được thực hiện bằng tiền.',
    en: 'A pledge is fulfilled with money.',
  },
  'donation/pledge-other-currency': {
    status: 422,
    vi: 'Loại tiền khác với cam kết.',
    en: 'The currency is not the pledge’s.',
  },
  'donation/pledge-not-of-campaign': {
    status: 422,
    vi: 'Cam kết thuộc đợt vận động khác.',
    en: 'The pledge belongs to another campaign.',
  },
  'donation/pledge-not-of-donor': {
    status: 422,
    vi: 'Cam kết là của nhà tài trợ khác; hãy ghi đúng nhà tài trợ đã cam kết hoặc bỏ cam kết.',
    en: 'Somebody else made the pledge; name the donor who did, or leave the pledge out.',
  },
  'donation/pledge-of-unidentified': {
    status: 422,
    vi: 'Khoản chưa xác định người ủng hộ không thực hiện cam kết nào; hãy ghi không kèm cam kết và đối chiếu sau.',
    en: 'Money of nobody known fulfils no pledge; record it without, and match it once its donor is known.',
  },
};

const undoingAnswers: RefusalAnswers<UndoingRefusal> = {
  'donation/unknown': {
    status: 404,
    vi: 'Không có khoản ủng hộ này.',
    en: 'There is no such donation.',
  },
  'donation/voided': {
    status: 409,
    vi: 'Khoản ủng hộ đã bị huỷ.',
    en: 'The donation was voided.',
  },
  'donation/nothing-left': {
    status: 409,
    vi: 'Khoản ủng hộ đã được hoàn trả toàn bộ.',
    en: 'The donation was paid back whole.',
  },
  'donation/undoing-pending': {
    status: 409,
    vi: 'Đang có một yêu cầu hoàn trả hoặc huỷ chưa xong; hãy đợi kết quả.',
    en: 'A refund or void is pending; wait for its outcome.',
  },
  'donation/match-pending': {
    status: 409,
    vi: 'Một lần ghép đang chờ sổ sách trả lời; hãy đợi kết quả.',
    en: 'A match waits for the answer of the books; wait for its outcome.',
  },
  'donation/in-kind-whole': {
    status: 422,
    vi: 'Hiện vật chỉ trả lại toàn bộ; hãy bỏ số tiền và tài khoản.',
    en: 'What came in kind goes back whole; leave amount and account out.',
  },
  'donation/refund-not-positive': {
    status: 422,
    vi: 'Số tiền hoàn trả phải lớn hơn 0.',
    en: 'A refund must be of more than nothing.',
  },
  'donation/refund-other-currency': {
    status: 422,
    vi: 'Phải hoàn trả bằng loại tiền đã nhận.',
    en: 'A refund is in the currency that came in.',
  },
  'donation/refund-above-left': {
    status: 422,
    vi: 'Số tiền hoàn trả lớn hơn phần còn lại; xem "left".',
    en: 'The refund is more than is left; see "left".',
  },
  'donation/undoing-unknown': {
    status: 404,
    vi: 'Khoản ủng hộ không có yêu cầu này.',
    en: 'The donation has no such request.',
  },
  'donation/undoing-decided': {
    status: 409,
    vi: 'Yêu cầu này đã được quyết định.',
    en: 'The request was decided already.',
  },
  'donation/same-person': {
    status: 403,
    vi: 'Người yêu cầu không được tự duyệt; cần người thứ hai.',
    en: 'Who asked cannot decide; a second person is needed.',
  },
  'donation/approver-made-by-maker': {
    status: 403,
    vi: 'Người yêu cầu và người duyệt không độc lập: một người đã mở tài khoản, đưa liên kết mật khẩu, gỡ xác thực bước hai hoặc giao vai trò duyệt cho người kia; cần người duyệt khác.',
    en: 'Who asked and who approves are not independent: one opened the account, made the password link, removed the second factor or gave the approving role of the other; another approver is needed.',
  },
  'donation/not-the-maker': {
    status: 403,
    vi: 'Chỉ người yêu cầu mới được rút lại.',
    en: 'Only who asked can withdraw the request.',
  },
};

const matchingAnswers: RefusalAnswers<Exclude<MatchingRefusal, UndoingRefusal>> = {
  'donation/match-changes-nothing': {
    status: 422,
    vi: 'Khoản ủng hộ đã như vậy rồi; hãy nêu nhà tài trợ, chiến dịch, mục đích hoặc cam kết khác.',
    en: 'The donation is that already; name another donor, campaign, purpose or pledge.',
  },
  'donation/match-donor-known': {
    status: 409,
    vi: 'Đã biết nhà tài trợ của khoản này; hãy hoàn tác lần ghép trước, hoặc huỷ khoản nếu ghi sai.',
    en: 'It is known whose donation this is; take the match back first, or void an entry that is wrong.',
  },
  'donation/match-unknown': {
    status: 404,
    vi: 'Khoản ủng hộ không có lần ghép này.',
    en: 'The donation has no such match.',
  },
  'donation/match-not-last': {
    status: 409,
    vi: 'Chỉ hoàn tác được lần ghép sau cùng.',
    en: 'Only the last match can be taken back.',
  },
};

/** How refusals of a donation are told. */
export const donationAnswers: RefusalAnswers<DonationRefusal | EntryRefusal | FactRefusal> = {
  ...factAnswers,
  ...recordingAnswers,
  ...undoingAnswers,
  ...matchingAnswers,
};
