import { errorCodeOf } from './error-code.js';

/** The languages in which a fault of the embedded server is told. */
export type Language = 'vi' | 'en';

/** Vietnamese when the locale (`LC_ALL`, `LC_MESSAGES` or `LANG`) says so, else English. */
export function languageOf(locale: string | undefined): Language {
  return locale?.toLowerCase().startsWith('vi') ? 'vi' : 'en';
}

const sentences = {
  'no-binaries': {
    en: (what: string) =>
      `There is no embedded PostgreSQL for ${what}: run npm ci without --ignore-scripts and without --omit=optional.`,
    vi: (what: string) =>
      `Không có PostgreSQL nhúng cho ${what}: hãy chạy npm ci, không dùng --ignore-scripts hay --omit=optional.`,
  },
  'no-account': {
    en: (what: string) =>
      `PostgreSQL does not run as root and the user "postgres" could not be made (${what}): make it, or start as an ordinary user.`,
    vi: (what: string) =>
      `PostgreSQL không chạy bằng root và không tạo được người dùng "postgres" (${what}): hãy tạo người dùng đó hoặc chạy bằng người dùng thường.`,
  },
  'not-passable': {
    en: (what: string) =>
      `The user "postgres" may not enter ${what}: choose another folder with MANGNON_DATA_DIR, or start as an ordinary user.`,
    vi: (what: string) =>
      `Người dùng "postgres" không vào được ${what}: hãy chọn thư mục khác bằng MANGNON_DATA_DIR hoặc chạy bằng người dùng thường.`,
  },
  'no-rights': {
    en: (what: string) => `No right to write in ${what}: change its owner, or set MANGNON_DATA_DIR.`,
    vi: (what: string) =>
      `Không có quyền ghi vào ${what}: hãy đổi chủ sở hữu thư mục hoặc đặt MANGNON_DATA_DIR.`,
  },
  'not-ours': {
    en: (what: string) =>
      `${what} holds other files and is no data directory of Măng Non: set MANGNON_DATA_DIR to an empty folder.`,
    vi: (what: string) =>
      `${what} chứa tệp khác, không phải thư mục dữ liệu của Măng Non: hãy đặt MANGNON_DATA_DIR tới một thư mục trống.`,
  },
  'other-version': {
    en: (what: string) =>
      `The data directory was made by ${what}: start it with the release that made it, make a backup there and restore it here.`,
    vi: (what: string) =>
      `Thư mục dữ liệu được tạo bởi ${what}: hãy chạy bằng bản phát hành đã tạo ra nó, sao lưu ở đó rồi khôi phục tại đây.`,
  },
  'in-use': {
    en: (what: string) =>
      `The data directory is in use by process ${what}: stop that one, or set MANGNON_DATA_DIR to another folder.`,
    vi: (what: string) =>
      `Thư mục dữ liệu đang được tiến trình ${what} sử dụng: hãy dừng tiến trình đó hoặc đặt MANGNON_DATA_DIR tới thư mục khác.`,
  },
  'disk-full': {
    en: (what: string) => `The disk of ${what} is full: free some room and start again.`,
    vi: (what: string) => `Đĩa chứa ${what} đã đầy: hãy giải phóng dung lượng rồi chạy lại.`,
  },
  'will-not-stop': {
    en: (what: string) =>
      `An earlier PostgreSQL (process ${what}) still holds the data directory and does not stop: end it by hand and start again.`,
    vi: (what: string) =>
      `Một PostgreSQL trước đó (tiến trình ${what}) vẫn giữ thư mục dữ liệu và không dừng: hãy kết thúc nó rồi chạy lại.`,
  },
  'did-not-start': {
    en: (what: string) => `The embedded PostgreSQL did not start: ${what}`,
    vi: (what: string) => `PostgreSQL nhúng không khởi động được: ${what}`,
  },
} as const;

/** What can be wrong with the machine or the data directory; stable, one sentence each. */
export type FaultCode = keyof typeof sentences;

/** The embedded server cannot run here. `message` is one English sentence that says what to do about it. */
export class EmbeddedPostgresFault extends Error {
  override readonly name = 'EmbeddedPostgresFault';

  constructor(
    readonly code: FaultCode,
    /** The folder, process or reason that the sentence names. */
    readonly what: string,
  ) {
    super(sentences[code].en(what));
  }

  /** The same sentence in the reader's language. */
  sentence(language: Language): string {
    return sentences[this.code][language](this.what);
  }
}

const faultOfCode: Readonly<Record<string, FaultCode>> = {
  EACCES: 'no-rights',
  EPERM: 'no-rights',
  EROFS: 'no-rights',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
};

/** What an error of Node about a file in `folder` comes to; undefined when it is something else. */
export function faultOfNode(error: unknown, folder: string): EmbeddedPostgresFault | undefined {
  const code = faultOfCode[errorCodeOf(error) ?? ''];
  return code && new EmbeddedPostgresFault(code, folder);
}
