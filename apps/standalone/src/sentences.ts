import { errorCodeOf } from '#platform/embedded-postgres/error-code.js';
import type { Language } from '#platform/embedded-postgres/faults.js';

const faults = {
  EADDRINUSE: {
    en: (where: string) => `${where} is in use by another program: stop it, or set another PORT.`,
    vi: (where: string) => `${where} đang được chương trình khác dùng: hãy dừng nó hoặc đặt PORT khác.`,
  },
  EACCES: {
    en: (where: string) => `No right to listen on ${where}: set a PORT of 1024 or more.`,
    vi: (where: string) => `Không có quyền mở ${where}: hãy đặt PORT từ 1024 trở lên.`,
  },
  EADDRNOTAVAIL: {
    en: (where: string) => `This machine has no address ${where}: set HOST to one of its own.`,
    vi: (where: string) => `Máy này không có địa chỉ ${where}: hãy đặt HOST là địa chỉ của máy.`,
  },
  ENOTFOUND: {
    en: (where: string) => `This machine knows no address ${where}: set HOST to one of its own.`,
    vi: (where: string) => `Máy này không biết địa chỉ ${where}: hãy đặt HOST là địa chỉ của máy.`,
  },
} as const;

/** The address cannot be listened on; `sentence` says what to do about it. */
export class AddressFault extends Error {
  override readonly name = 'AddressFault';

  constructor(
    readonly code: keyof typeof faults,
    /** Host and port. */
    readonly where: string,
  ) {
    super(faults[code].en(where));
  }

  /** One sentence in the reader's language. */
  sentence(language: Language): string {
    return faults[this.code][language](this.where);
  }
}

/** The fault behind an error of `listen`, or undefined when it is something else. */
export function addressFault(error: unknown, where: string): AddressFault | undefined {
  const code = errorCodeOf(error) ?? '';
  // Folders have rights too.
  if (typeof error !== 'object' || error === null || 'path' in error) return undefined;
  return code in faults ? new AddressFault(code as keyof typeof faults, where) : undefined;
}

/** What the console says while it runs, in both languages. */
export const sentences = {
  en: {
    refused: 'These settings are wrong:',
    stopping: 'Stopping …',
    stopped: 'Stopped.',
    givenUp: 'Stopped before it had started; nothing is running.',
    atOnce: 'Ended at once; the next start recovers what is recorded.',
    stuck: 'It did not stop in time and was ended; the next start recovers what is recorded.',
    databaseEnded: 'PostgreSQL ended by itself; stopping. The next start recovers what is recorded.',
    broken: 'Something is broken that should not be: stopping. What is recorded is safe.',
    failed: 'Măng Non could not start:',
    running: 'Măng Non is running. Ctrl-C stops it.',
    places: { api: 'API pages', inbox: 'Mailbox', data: 'Data', first: 'Make the first administrator' },
    once: 'this link works once',
    dataDirectory: 'the data directory',
    noRights: (path: string) => `No right to read or write ${path}: change its owner.`,
  },
  vi: {
    refused: 'Các thiết lập sau không đúng:',
    stopping: 'Đang dừng …',
    stopped: 'Đã dừng.',
    givenUp: 'Đã dừng trước khi khởi động xong; không còn gì đang chạy.',
    atOnce: 'Đã kết thúc ngay; lần chạy sau sẽ phục hồi dữ liệu đã ghi.',
    stuck: 'Không dừng kịp nên đã bị kết thúc; lần chạy sau sẽ phục hồi dữ liệu đã ghi.',
    databaseEnded: 'PostgreSQL tự kết thúc; đang dừng. Lần chạy sau sẽ phục hồi dữ liệu đã ghi.',
    broken: 'Có lỗi bất thường trong chương trình: đang dừng. Dữ liệu đã ghi vẫn an toàn.',
    failed: 'Măng Non không khởi động được:',
    running: 'Măng Non đang chạy. Nhấn Ctrl-C để dừng.',
    places: { api: 'Trang API', inbox: 'Hộp thư', data: 'Dữ liệu', first: 'Tạo quản trị viên đầu tiên' },
    once: 'liên kết chỉ dùng một lần',
    dataDirectory: 'thư mục dữ liệu',
    noRights: (path: string) => `Không có quyền đọc hoặc ghi ${path}: hãy đổi chủ sở hữu.`,
  },
} as const satisfies Record<Language, object>;
