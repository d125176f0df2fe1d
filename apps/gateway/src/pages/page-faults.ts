import type { RefusalAnswers } from '#platform/http/refusals.js';

/** What people may be refused on a page, in words for people. */
export type PageFault =
  | 'access/sign-in-failed'
  | 'access/code-wrong'
  | 'access/password-weak'
  | 'access/login-malformed'
  | 'access/set-up-closed'
  | 'staff/locked'
  | 'staff/link-invalid'
  | 'staff/session-ended'
  | 'staff/second-factor-due'
  | 'staff/second-factor-unknown'
  | 'staff/suspended'
  | 'staff/exists';

/** How each is told on a page. */
export const pageFaults: RefusalAnswers<PageFault> = {
  'access/sign-in-failed': {
    status: 401,
    vi: 'Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang bị khoá tạm thời.',
    en: 'The login name or password is wrong, or the account is locked for a while.',
  },
  'access/code-wrong': {
    status: 401,
    vi: 'Mã không đúng hoặc đã dùng. Hãy chờ mã mới rồi nhập lại.',
    en: 'The code is wrong or was used already. Wait for a new one and try again.',
  },
  'access/password-weak': {
    status: 422,
    vi: 'Mật khẩu chưa đủ mạnh: 12 đến 200 ký tự, ít nhất 5 ký tự khác nhau, không chứa tên đăng nhập.',
    en: 'The password is too weak: 12 to 200 characters, 5 of them different, without the login name.',
  },
  'access/login-malformed': {
    status: 422,
    vi: 'Tên đăng nhập gồm 3 đến 64 chữ không dấu, số, dấu chấm, gạch ngang, gạch dưới hoặc @.',
    en: 'A login name has 3 to 64 unaccented letters, digits, dots, dashes, underscores or @.',
  },
  'access/set-up-closed': {
    status: 410,
    vi: 'Liên kết thiết lập đã dùng hoặc không còn hiệu lực.',
    en: 'The set-up link was used or no longer works.',
  },
  'staff/locked': {
    status: 423,
    vi: 'Quá nhiều lần thử sai. Tài khoản bị khoá tạm thời; hãy thử lại sau.',
    en: 'Too many failures. The account is locked for a while; try again later.',
  },
  'staff/link-invalid': {
    status: 410,
    vi: 'Liên kết đã dùng hoặc hết hạn. Hãy xin người quản trị liên kết mới.',
    en: 'The link was used or has expired. Ask an administrator for a new one.',
  },
  'staff/session-ended': {
    status: 401,
    vi: 'Phiên đã kết thúc. Hãy đăng nhập lại.',
    en: 'The session has ended. Sign in again.',
  },
  'staff/second-factor-due': {
    status: 403,
    vi: 'Hãy nhập mã xác thực của phiên này trước.',
    en: 'Give the code in this session first.',
  },
  'staff/second-factor-unknown': {
    status: 409,
    vi: 'Mã QR này không còn dùng được. Hãy lấy mã QR mới.',
    en: 'This QR code no longer counts. Get a new one.',
  },
  'staff/suspended': {
    status: 409,
    vi: 'Tài khoản đang bị đình chỉ. Hãy hỏi người quản trị.',
    en: 'This person is suspended. Ask an administrator.',
  },
  'staff/exists': {
    status: 409,
    vi: 'Người quản trị đầu tiên đã có.',
    en: 'There is a first administrator already.',
  },
};
