import type { Bilingual } from './language.js';

/** What `--help` says of each option, in both languages. */
export const optionTexts = {
  lang: { vi: 'ngôn ngữ: vi hoặc en; mặc định theo LANG', en: 'language: vi or en; by LANG when absent' },
  help: { vi: 'xem hướng dẫn', en: 'show this help' },
  helpCommand: { vi: 'xem hướng dẫn của một lệnh', en: 'show the help of a command' },
  to: {
    vi: 'ghi vào tệp này (nén nếu tên kết thúc bằng .gz); mặc định ghi ra màn hình',
    en: 'write this file (compressed when it ends with .gz); the standard output when absent',
  },
  from: {
    vi: 'kiểm tệp đã xuất này, không cần cơ sở dữ liệu',
    en: 'replay this exported file, with no database',
  },
  exportFrom: {
    vi: 'lấy từ tệp sự kiện đã xuất này, không cần cơ sở dữ liệu',
    en: 'take this exported file of events, with no database',
  },
  asOf: { vi: 'chỉ những gì tính đến ngày này', en: 'only what counts up to this date' },
  recordedAt: {
    vi: 'chỉ những gì đã ghi đến thời điểm này, ví dụ 2025-05-29T08:00:00Z',
    en: 'only what was recorded up to this instant, such as 2025-05-29T08:00:00Z',
  },
  only: { vi: 'chỉ những bảng đọc này', en: 'these read models alone' },
  dataDir: {
    vi: 'thư mục dữ liệu; mặc định MANGNON_DATA_DIR hoặc .mangnon',
    en: 'data directory; MANGNON_DATA_DIR or .mangnon when absent',
  },
  restoreDir: {
    vi: 'thư mục dữ liệu trống để khôi phục vào; mặc định máy chủ của MANGNON_DATABASE_URL, rồi MANGNON_DATA_DIR hoặc .mangnon',
    en: 'empty data directory to restore into; the engines of MANGNON_DATABASE_URL, else MANGNON_DATA_DIR or .mangnon when absent',
  },
  keysDir: {
    vi: 'thư mục khoá; mặc định MANGNON_KEYS_DIR hoặc .mangnon-keys',
    en: 'folder of keys; MANGNON_KEYS_DIR or .mangnon-keys when absent',
  },
  above: {
    vi: 'đời cao nhất mà một bản khôi phục trước của sổ này đã dùng; chỉ cần khi thư mục khoá đã mất',
    en: 'the highest incarnation that an earlier restore of this log has used; needed only where the folder of keys is lost',
  },
  statusServer: {
    vi: 'hỏi máy chủ đã đăng nhập thay vì đọc cơ sở dữ liệu',
    en: 'ask the server logged in to instead of reading the databases',
  },
  server: { vi: 'địa chỉ máy chủ', en: 'address of the server' },
  user: { vi: 'tên đăng nhập; hỏi nếu không có', en: 'login name; asked for when absent' },
  passwordStdin: { vi: 'đọc mật khẩu từ đầu vào chuẩn', en: 'read the password from the standard input' },
  label: { vi: 'nhãn của mã truy cập', en: 'label of the token' },
  days: { vi: 'số ngày mã có hiệu lực', en: 'days that the token works' },
  fundFile: {
    vi: 'nội dung POST /v1/funds dạng JSON; tuỳ chọn khác ghi đè',
    en: 'the body of POST /v1/funds as JSON; other options override it',
  },
  code: { vi: 'mã quỹ, ví dụ LS', en: 'unique code, such as LS' },
  level: { vi: 'cấp: national, province hoặc commune', en: 'national, province or commune' },
  regime: {
    vi: 'chế độ: public-service-unit, charity-fund hoặc campaign-body',
    en: 'public-service-unit, charity-fund or campaign-body',
  },
  nameVi: { vi: 'tên tiếng Việt', en: 'name in Vietnamese' },
  nameEn: { vi: 'tên tiếng Anh', en: 'name in English' },
  decisionNumber: { vi: 'số quyết định thành lập', en: 'number of the founding decision' },
  decisionDate: { vi: 'ngày quyết định (YYYY-MM-DD)', en: 'date of the decision (YYYY-MM-DD)' },
  issuer: { vi: 'cơ quan ký quyết định', en: 'who signed the decision' },
  openedOn: { vi: 'ngày mở sổ (YYYY-MM-DD)', en: 'first day of the books (YYYY-MM-DD)' },
  address: { vi: 'địa chỉ', en: 'address' },
  parent: { vi: 'mã định danh của quỹ cấp trên', en: 'id of the fund above it' },
  bankAccount: { vi: 'tài khoản ngân hàng, dạng bank.<số>', en: 'bank accounts, as bank.<account>' },
  opening: {
    vi: 'số dư đầu kỳ, dạng cash=5000000 hoặc bank.<số>=5000000 VND',
    en: 'opening balances, as cash=5000000 or bank.<account>=5000000 VND',
  },
  key: { vi: 'Idempotency-Key; tự tạo nếu không có', en: 'Idempotency-Key; made up when absent' },
  subject: { vi: 'chỉ của một khoản ủng hộ hoặc một đề nghị', en: 'of one donation or request alone' },
  fundId: {
    vi: 'mã quỹ, ví dụ LS, hoặc mã định danh của quỹ',
    en: 'code of the fund, such as LS, or its id',
  },
  account: {
    vi: 'tài khoản ngân hàng của quỹ, dạng bank.<số> hoặc chỉ <số>',
    en: 'bank account of the fund, as bank.<account> or <account> alone',
  },
  currency: { vi: 'loại tiền của tài khoản', en: 'currency of the account' },
  profile: {
    vi: 'tệp JSON mô tả cột của ngân hàng; không cần với mẫu có sẵn',
    en: 'JSON file that says what the bank calls its columns; not needed for the built-in ones',
  },
  yes: { vi: 'xác nhận mà không hỏi', en: 'confirm without asking' },
  openingEntry: {
    vi: 'ghi bút toán đầu kỳ cho phần số dư mà sổ chưa có',
    en: 'post an opening entry for what stood on the account and the books do not know',
  },
  seen: {
    vi: 'đã xem những điều cần lưu ý này, dùng cùng --yes: account-new, same-file, entered-by-hand, closing-differs',
    en: 'what of the preview was looked into, for --yes: account-new, same-file, entered-by-hand, closing-differs',
  },
  noWait: { vi: 'không chờ đến khi xong', en: 'do not wait until it is done' },
} as const satisfies Readonly<Record<string, Bilingual>>;
