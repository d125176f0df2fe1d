import type { RefusalAnswers } from './refusals.js';

/** Codes that any route may answer with, whatever its aggregate. */
export type PlatformCode =
  | 'access/unauthenticated'
  | 'access/forbidden'
  | 'access/second-factor-required'
  | 'access/cross-site'
  | 'idempotency/body-differs'
  | 'http/idempotency-key-missing'
  | 'http/idempotency-key-malformed'
  | 'http/invalid'
  | 'http/malformed-body'
  | 'http/not-found'
  | 'http/method-not-allowed'
  | 'http/not-acceptable'
  | 'http/conflict'
  | 'http/too-large'
  | 'http/register-too-long'
  | 'http/unsupported-media-type'
  | 'http/too-many-requests'
  | 'http/busy'
  | 'http/behind'
  | 'http/internal';

/** How each {@link PlatformCode} is told. */
export const platformAnswers: RefusalAnswers<PlatformCode> = {
  'access/unauthenticated': {
    status: 401,
    vi: 'Hãy đăng nhập, hoặc gửi kèm mã truy cập còn hiệu lực.',
    en: 'Sign in, or send an access token that is still valid.',
  },
  'access/forbidden': {
    status: 403,
    vi: 'Bạn không có vai trò cần thiết trên quỹ này.',
    en: 'You do not hold a role on this fund that allows this.',
  },
  'access/second-factor-required': {
    status: 403,
    vi: 'Vai trò này cần xác thực bước hai; hãy đăng nhập lại bằng mã xác thực.',
    en: 'This role needs the second factor; sign in again with your one-time code.',
  },
  'access/cross-site': {
    status: 403,
    vi: 'Yêu cầu đến từ một trang khác; hãy tải lại trang rồi gửi lại.',
    en: 'The request came from another site; load the page again and send once more.',
  },
  'idempotency/body-differs': {
    status: 422,
    vi: 'Idempotency-Key này đã được dùng với nội dung khác; hãy dùng khoá mới cho yêu cầu mới.',
    en: 'This Idempotency-Key was used with another body; use a new key for a new request.',
  },
  'http/idempotency-key-missing': {
    status: 400,
    vi: 'Yêu cầu ghi sổ cần tiêu đề Idempotency-Key.',
    en: 'A request that records something needs the header Idempotency-Key.',
  },
  'http/idempotency-key-malformed': {
    status: 400,
    vi: 'Idempotency-Key phải gồm 1 đến 255 ký tự ASCII in được.',
    en: 'Idempotency-Key must be 1 to 255 printable ASCII characters.',
  },
  'http/invalid': {
    status: 400,
    vi: 'Một số trường không hợp lệ; xem danh sách trong "fields".',
    en: 'Some fields are not valid; see the list in "fields".',
  },
  'http/malformed-body': {
    status: 400,
    vi: 'Không đọc được nội dung yêu cầu; "details.reason" cho biết lý do.',
    en: 'The body cannot be read; "details.reason" says why.',
  },
  'http/not-found': {
    status: 404,
    vi: 'Không có gì ở địa chỉ này.',
    en: 'There is nothing at this address.',
  },
  'http/method-not-allowed': {
    status: 405,
    vi: 'Địa chỉ này không nhận phương thức đó; xem tiêu đề Allow.',
    en: 'This address does not take that method; see the header Allow.',
  },
  'http/not-acceptable': {
    status: 406,
    vi: 'Không có dạng dữ liệu mà yêu cầu chấp nhận.',
    en: 'There is no representation that the request accepts.',
  },
  'http/conflict': {
    status: 409,
    vi: 'Bản ghi vừa được người khác thay đổi; hãy xem lại rồi gửi lại.',
    en: 'Somebody else has just changed this record; look again and send again.',
  },
  'http/too-large': {
    status: 413,
    vi: 'Nội dung yêu cầu quá lớn: nhiều nhất 1 MiB, và 16 KiB ở nơi chưa cần đăng nhập.',
    en: 'The body is too large: at most 1 MiB, and 16 KiB where nobody has to be signed in.',
  },
  'http/register-too-long': {
    status: 422,
    vi: 'Sổ này có quá nhiều dòng cho một tệp; "details.rowsMax" cho biết giới hạn, hãy chọn kỳ ngắn hơn, hoặc đọc từng trang dạng JSON.',
    en: 'The register has too many rows for one file; "details.rowsMax" says how many fit, so choose a shorter period, or read it page by page as JSON.',
  },
  'http/unsupported-media-type': {
    status: 415,
    vi: 'Hãy gửi nội dung dạng application/json, hoặc dạng tệp mà địa chỉ này nhận.',
    en: 'Send the body as application/json, or as the kind of file that this address takes.',
  },
  'http/too-many-requests': {
    status: 429,
    vi: 'Quá nhiều lần thử; hãy chờ theo tiêu đề Retry-After.',
    en: 'Too many attempts; wait as long as the header Retry-After says.',
  },
  'http/busy': {
    status: 503,
    vi: 'Hệ thống đang bận hoặc một phần chưa trả lời; hãy gửi lại sau, với cùng Idempotency-Key thì không có gì bị ghi hai lần.',
    en: 'The system is busy, or a part of it does not answer; send again later, and with the same Idempotency-Key nothing is recorded twice.',
  },
  'http/behind': {
    status: 503,
    vi: 'Sổ sách chưa ghi kịp các khoản đã nhận trước đó; hãy gửi lại sau thời gian trong tiêu đề Retry-After, với cùng Idempotency-Key.',
    en: 'The books are behind with what was recorded before; send again when the header Retry-After says, with the same Idempotency-Key.',
  },
  'http/internal': {
    status: 500,
    vi: 'Có lỗi của hệ thống; hãy báo người quản trị mã trong "instance".',
    en: 'Something went wrong on our side; give the administrator the id in "instance".',
  },
};

/** Whether a code is one that platform itself answers. */
export function isPlatformCode(code: string): code is PlatformCode {
  return Object.hasOwn(platformAnswers, code);
}
