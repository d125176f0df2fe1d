import type { LoginRefusal } from '#domain/staff/login.decide.js';
import type { StaffRefusal } from '#domain/staff/refusals.js';
import type { RefusalAnswers } from '#platform/http/refusals.js';

/** What the edge of this service refuses by itself, before an aggregate is asked. */
export type AccessRefusal =
  | 'access/sign-in-failed'
  | 'access/code-wrong'
  | 'access/password-weak'
  | 'access/login-malformed'
  | 'access/set-up-closed'
  | 'access/session-needed';

/** How every refusal of this service is told. */
export const accessAnswers: RefusalAnswers<StaffRefusal | LoginRefusal | AccessRefusal> = {
  'access/sign-in-failed': {
    status: 401,
    vi: 'Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang bị khoá tạm thời; hãy thử lại sau.',
    en: 'The login name or password is wrong, or the account is locked for a while; try again later.',
  },
  'access/code-wrong': {
    status: 401,
    vi: 'Mã xác thực không đúng hoặc đã dùng; hãy nhập mã mới.',
    en: 'The one-time code is wrong or was used already; enter a new one.',
  },
  'access/password-weak': {
    status: 422,
    vi: 'Mật khẩu cần 12 đến 200 ký tự, ít nhất 5 ký tự khác nhau, và không chứa tên đăng nhập.',
    en: 'A password needs 12 to 200 characters, 5 of them different, and not the login name.',
  },
  'access/login-malformed': {
    status: 422,
    vi: 'Tên đăng nhập gồm 3 đến 64 ký tự: chữ không dấu, số, dấu chấm, gạch ngang, gạch dưới, @.',
    en: 'A login name has 3 to 64 of: unaccented letters, digits, dot, dash, underscore, @.',
  },
  'access/set-up-closed': {
    status: 410,
    vi: 'Liên kết thiết lập không còn hiệu lực; hãy khởi động lại để có liên kết mới nếu chưa có ai.',
    en: 'The set-up link no longer works; restart for a new one if there is nobody yet.',
  },
  'access/session-needed': {
    status: 403,
    vi: 'Việc này cần phiên đăng nhập của người dùng, không dùng mã truy cập.',
    en: 'This needs a person’s session, not an access token.',
  },
  'login/taken': {
    status: 409,
    vi: 'Tên đăng nhập này đã có người dùng.',
    en: 'Somebody else has this login name.',
  },
  'staff/unknown': { status: 404, vi: 'Không có nhân sự này.', en: 'There is no such person.' },
  'staff/exists': { status: 409, vi: 'Nhân sự này đã có.', en: 'This person is registered already.' },
  'staff/suspended': {
    status: 409,
    vi: 'Nhân sự này đang bị đình chỉ; hãy cho hoạt động lại trước.',
    en: 'This person is suspended; reinstate first.',
  },
  'staff/withdrawn': {
    status: 409,
    vi: 'Nhân sự này đã thôi việc; hãy đăng ký mới nếu trở lại.',
    en: 'This person has left; register anew on return.',
  },
  'staff/not-withdrawn': {
    status: 409,
    vi: 'Chỉ xoá dữ liệu cá nhân của người đã thôi việc.',
    en: 'Personal data is erased only of who has left.',
  },
  'staff/not-administrator': {
    status: 409,
    vi: 'Người này không phải quản trị viên; hãy nhờ quản trị viên tạo liên kết đặt mật khẩu.',
    en: 'This person is no administrator; ask an administrator for a link to choose a password.',
  },
  'staff/oneself': {
    status: 403,
    vi: 'Không ai tự làm việc này cho chính mình; hãy nhờ một người quản trị khác.',
    en: 'Nobody does this to himself; ask another administrator.',
  },
  'staff/grant-dates': {
    status: 422,
    vi: 'Ngày kết thúc phải từ ngày bắt đầu trở đi.',
    en: 'The grant must not end before it begins.',
  },
  'staff/grant-repeated': {
    status: 409,
    vi: 'Vai trò này trên quỹ này đã có trong thời gian đó; xem details.grantId.',
    en: 'This role on this fund stands at that time already; see details.grantId.',
  },
  'staff/grant-unknown': {
    status: 404,
    vi: 'Không có vai trò này, hoặc đã thu hồi.',
    en: 'There is no such grant, or it was withdrawn.',
  },
  'staff/every-fund': {
    status: 422,
    vi: 'Chỉ quản trị, kiểm toán và người xem được giao trên mọi quỹ; hãy chọn một quỹ.',
    en: 'Only administrators, auditors and viewers stand on every fund; name one fund.',
  },
  'staff/own-grant': {
    status: 403,
    vi: 'Không ai tự giao cho mình vai trò quản trị hoặc phê duyệt.',
    en: 'Nobody gives administrator or approver to himself.',
  },
  'staff/account-exists': {
    status: 409,
    vi: 'Nhân sự này đã có tên đăng nhập đó.',
    en: 'This person has that login name already.',
  },
  'staff/account-unknown': { status: 404, vi: 'Không có tài khoản này.', en: 'There is no such account.' },
  'staff/locked': {
    status: 423,
    vi: 'Tài khoản bị khoá vì nhiều lần thử sai, đến thời điểm details.until.',
    en: 'Too many failures: the account is locked until details.until.',
  },
  'staff/link-invalid': {
    status: 410,
    vi: 'Liên kết đã dùng hoặc hết hạn; hãy xin người quản trị liên kết mới.',
    en: 'The link was used or has expired; ask an administrator for a new one.',
  },
  'staff/no-password': {
    status: 409,
    vi: 'Tài khoản chưa có mật khẩu; hãy dùng liên kết người quản trị đưa.',
    en: 'The account has no password yet; use the link from the administrator.',
  },
  'staff/password-changed': {
    status: 409,
    vi: 'Mật khẩu vừa được đổi; hãy thử lại.',
    en: 'The password has just changed; try again.',
  },
  'staff/session-ended': {
    status: 401,
    vi: 'Phiên đã kết thúc; hãy đăng nhập lại.',
    en: 'The session has ended; sign in again.',
  },
  'staff/second-factor-due': {
    status: 403,
    vi: 'Hãy nhập mã xác thực của phiên này trước.',
    en: 'Give the one-time code in this session first.',
  },
  'staff/second-factor-unknown': {
    status: 409,
    vi: 'Chưa bắt đầu cài đặt mã xác thực, hoặc đã bắt đầu lại; hãy cài đặt lại.',
    en: 'No such second factor is being set up; begin again.',
  },
  'staff/token-dates': {
    status: 422,
    vi: 'Mã truy cập phải hết hạn sau hôm nay và trong vòng một năm.',
    en: 'A token must expire after now and within a year.',
  },
  'staff/tokens-too-many': {
    status: 409,
    vi: 'Đã có quá nhiều mã truy cập; hãy thu hồi bớt.',
    en: 'There are too many tokens; revoke some.',
  },
  'staff/token-unknown': {
    status: 404,
    vi: 'Không có mã truy cập này, hoặc đã thu hồi.',
    en: 'There is no such token, or it was revoked.',
  },
};
