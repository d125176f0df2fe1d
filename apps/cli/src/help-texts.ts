import type { Bilingual } from './language.js';
import { optionTexts } from './option-texts.js';

/** What a command's help says. */
export interface HelpText {
  /** For the list of commands. */
  readonly summary: Bilingual;
  readonly about: Bilingual;
  readonly examples: Bilingual;
}

/** Command lines as the examples of a help. */
export const examplesOf = (...lines: readonly string[]): Bilingual => ({
  vi: ['Ví dụ:', ...lines.map((line) => `  ${line}`)].join('\n'),
  en: ['Examples:', ...lines.map((line) => `  ${line}`)].join('\n'),
});

const exitCodesTable = {
  vi: [
    'Mã thoát:',
    '  0   xong',
    '  1   không khớp: dựng lại khác bảng đang dùng, tệp hỏng, hoặc vi phạm quy tắc',
    '  2   gõ sai lệnh hoặc cấu hình',
    '  3   không kết nối được cơ sở dữ liệu hoặc máy chủ',
    '  4   bị từ chối: bởi máy chủ, hoặc vì đã có dữ liệu ở đó',
    '  70  lỗi của chương trình',
    '  130 đã dừng bằng Ctrl-C (129, 143: bằng SIGHUP, SIGTERM); không để lại gì đang chạy',
  ].join('\n'),
  en: [
    'Exit codes:',
    '  0   done',
    '  1   something differs: a replay from the live tables, a file from its digest, a log from a rule',
    '  2   wrong command line or configuration',
    '  3   the database or the server cannot be reached',
    '  4   refused: by the server, or because something is there already',
    '  70  a bug of ours',
    '  130 ended by Ctrl-C (129, 143: by SIGHUP, SIGTERM), with nothing left running',
  ].join('\n'),
};

/** Everything that `--help` says, in both languages. */
export const helpTexts = {
  titles: {
    'Usage:': { vi: 'Cách dùng:', en: 'Usage:' },
    'Options:': { vi: 'Tuỳ chọn:', en: 'Options:' },
    'Commands:': { vi: 'Lệnh:', en: 'Commands:' },
    'Arguments:': { vi: 'Tham số:', en: 'Arguments:' },
  } as Readonly<Record<string, Bilingual>>,
  byDefault: { vi: 'mặc định', en: 'default' },
  mangnon: {
    about: {
      vi: 'Măng Non: sổ sách của Quỹ Bảo trợ trẻ em, dựng lại và kiểm chứng được từ từng sự kiện.',
      en: 'Măng Non: the books of Child Protection Funds, replayed and proved from every event.',
    },
    examples: {
      vi: `${examplesOf('mangnon replay', 'mangnon export events --to su-kien.jsonl.gz', 'mangnon replay --from su-kien.jsonl.gz', 'mangnon backup ~/sao-luu/2025-05-29', 'mangnon login --server https://quy.example').vi}\n\n${exitCodesTable.vi}`,
      en: `${examplesOf('mangnon replay', 'mangnon export events --to events.jsonl.gz', 'mangnon replay --from events.jsonl.gz', 'mangnon backup ~/backups/2025-05-29', 'mangnon login --server https://fund.example').en}\n\n${exitCodesTable.en}`,
    },
  },
  export: { vi: 'Xuất dữ liệu ra tệp', en: 'Write data to files' },
  exportEvents: {
    summary: { vi: 'xuất mọi sự kiện ra tệp', en: 'write every event to a file' },
    about: {
      vi: 'Xuất mọi sự kiện, mỗi dòng một sự kiện JSON chuẩn tắc; dòng đầu là tiêu đề, dòng cuối là số lượng, vị trí cuối và mã SHA-256. Cùng một sổ luôn cho cùng một tệp. Không có dữ liệu cá nhân.',
      en: 'Write every event as a line of canonical JSON; the first line is a header, the last has the count, the last position and a SHA-256. The same log always gives the same bytes. No personal data is in it.',
    },
    examples: examplesOf('mangnon export events --to events.jsonl.gz', 'mangnon export events | head'),
  },
  exportHledger: {
    summary: { vi: 'xuất sổ của một quỹ cho hledger', en: 'write the books of a fund for hledger' },
    about: {
      vi: 'Xuất sổ của một quỹ thành sổ nhật ký của hledger, mỗi bút toán một giao dịch có số, ngày và mã; mục đích là thẻ, tài khoản theo hệ thống tài khoản của quỹ. Không có dữ liệu cá nhân.',
      en: 'Write the books of a fund as an hledger journal, a transaction an entry with its number, date and id; purposes are tags, accounts are those of the chart. No personal data is in it.',
    },
    examples: examplesOf(
      'mangnon export hledger --fund LS --to ls.journal',
      'mangnon export hledger --fund LS --as-of 2025-12-31 --from events.jsonl.gz | hledger -f - bal',
    ),
  },
  replay: {
    summary: {
      vi: 'dựng lại từ sự kiện và so với bảng đang dùng, hoặc kiểm một tệp',
      en: 'fold every event and compare with the live tables, or prove a file',
    },
    about: {
      vi: 'Dựng lại từ mọi sự kiện và so từng dòng với các bảng đang dùng, trong khi hệ thống vẫn chạy; hoặc kiểm một tệp đã xuất mà không cần cơ sở dữ liệu. Kiểm mọi quy tắc mà sổ phải giữ.',
      en: 'Fold every event and compare row by row with the live tables, while everything goes on; or hold an exported file against itself, with no database. Checks every rule that a log must keep.',
    },
    examples: examplesOf(
      'mangnon replay',
      'mangnon replay --only ledger.balances receipts.register',
      'mangnon replay --from events.jsonl.gz',
    ),
  },
  status: {
    summary: { vi: 'các bảng đọc và nơi nhận đang ở đâu', en: 'where read models and consumers stand' },
    about: {
      vi: 'Cho biết sự kiện cuối, từng bảng đọc và từng nơi nhận đang ở vị trí nào; khoản đóng góp chờ biên nhận lâu nhất, thông điệp đang chờ, và bên nhận chậm bao lâu. Với --server còn có thời gian ghi sự kiện và, qua Kafka, bên gửi và bên nhận chậm bao lâu. Mã thoát là 1 khi có thông điệp chờ (parked, held) hoặc có phần đã dừng.',
      en: 'Tell the last event and where every read model and consumer stands; the donation that waits longest for its receipt, messages that wait, and how far consumers are behind. With --server also how long appends take and, over Kafka, how far publishers and consumers are behind. Exits with 1 where messages wait (parked, held) or a part has stopped.',
    },
    examples: examplesOf('mangnon status', 'mangnon status --server'),
  },
  backup: {
    summary: { vi: 'sao lưu trong khi vẫn chạy', en: 'make a backup while everything goes on' },
    about: {
      vi: 'Sao lưu sự kiện và kho dữ liệu cá nhân (vẫn niêm phong) vào một thư mục mới trong khi hệ thống vẫn chạy, rồi tự kiểm bằng cách dựng lại. Thư mục khoá không nằm trong bản sao lưu.',
      en: 'Write the events and the vault (still sealed) into a new folder while everything goes on, then prove it by replaying it. The folder of keys is not in it.',
    },
    examples: examplesOf('mangnon backup ~/backups/2025-05-29'),
  },
  restore: {
    summary: { vi: 'khôi phục vào nơi trống', en: 'restore into an empty data directory, or empty engines' },
    about: {
      vi: 'Kiểm một bản sao lưu rồi khôi phục vào một thư mục dữ liệu trống, hoặc, khi có MANGNON_DATABASE_URL và không có --data-dir, vào các máy chủ trống của những dịch vụ chạy riêng. Sự kiện mới thuộc một đời mới, nên không số biên nhận nào bị cấp lại; các bảng đọc được dựng lại khi khởi động. Dữ liệu cá nhân đã xoá sau lúc sao lưu phải xoá lại.',
      en: 'Prove a backup and restore it into an empty data directory, or, where MANGNON_DATABASE_URL is set and no --data-dir is given, onto the empty engines of services that run apart. New events belong to a new incarnation, so that no receipt number is given again; read models are built at the next start. What was erased after the backup must be erased again.',
    },
    examples: examplesOf('mangnon restore ~/backups/2025-05-29 --data-dir .mangnon'),
  },
  login: {
    summary: { vi: 'đăng nhập máy chủ', en: 'log in to a server' },
    about: {
      vi: 'Đăng nhập máy chủ và giữ một mã truy cập có hạn trong ~/.config/mangnon (chỉ chủ tệp đọc được).',
      en: 'Log in to a server and keep a dated access token in ~/.config/mangnon (readable by you alone).',
    },
    examples: examplesOf(
      'mangnon login',
      'mangnon login --server https://fund.example --user lan --days 7',
      'mangnon login --user lan --password-stdin < password.txt',
    ),
  },
  logout: {
    summary: { vi: 'đăng xuất', en: 'log out' },
    about: { vi: 'Thu hồi mã truy cập và quên nó.', en: 'Revoke the access token and forget it.' },
    examples: examplesOf('mangnon logout'),
  },
  access: { vi: 'Quyền truy cập', en: 'Access' },
  accessRecover: {
    summary: {
      vi: 'tạo lối vào mới cho quản trị viên không còn vào được',
      en: 'make a new way in for an administrator who has none',
    },
    about: {
      vi: 'Tạo liên kết dùng một lần để một quản trị viên đặt lại mật khẩu, bỏ xác thực hai lớp cũ và mọi khoá đăng nhập; nếu đang bị tạm ngừng thì được hoạt động lại. Chỉ dành cho người giữ máy có thư mục dữ liệu và thư mục khoá; chạy được cả khi máy chủ đang tắt. Việc này được ghi lại.',
      en: 'Make a one-time link by which an administrator chooses a password; the second factor and every lock are forgotten, and whoever was suspended may act again. For whoever holds the machine with the data directory and the keys; works also while nothing runs. It is recorded.',
    },
    examples: examplesOf(
      'mangnon access recover lan',
      'mangnon access recover lan --keys-dir /etc/mangnon/keys',
    ),
  },
  fund: { vi: 'Quỹ', en: 'Funds' },
  fundOpen: {
    summary: { vi: 'mở một quỹ', en: 'open a fund' },
    about: {
      vi: 'Mở một quỹ. Chạy lại với cùng --key nhận lại câu trả lời cũ, không mở hai lần.',
      en: 'Open a fund. The same --key again gets the same answer and opens nothing twice.',
    },
    examples: examplesOf(
      'mangnon fund open --code LS --level province --name-vi "Quỹ Bảo trợ trẻ em tỉnh Lạng Sơn" \\',
      '  --name-en "Lang Son Child Protection Fund" --decision-number 1234/QĐ-UBND --decision-date 2019-03-01 \\',
      '  --issuer "UBND tỉnh Lạng Sơn" --opened-on 2024-01-01 --bank-account bank.0123456789 \\',
      '  --opening bank.0123456789=1500000000',
      'mangnon fund open --file fund.json',
    ),
  },
  import: { vi: 'Nhập dữ liệu từ tệp', en: 'Take data in from files' },
  importStatement: {
    summary: { vi: 'nhập sao kê ngân hàng', en: 'take in a bank statement' },
    about: {
      vi: 'Đọc một sao kê (CSV, CSV nén gzip hoặc XLSX), cho xem tổng số và mọi dòng mà số dư không khớp, rồi hỏi trước khi ghi. Mỗi dòng ghi có thành một khoản ủng hộ; tiền ra và tiền không rõ nguồn chờ người phân loại. Chạy lại hoặc nhập tệp trùng lặp chỉ thêm những dòng chưa có.',
      en: 'Read a statement (CSV, that gzipped, or XLSX), show what it adds up to and every line whose balance does not follow, and ask before anything is recorded. Each credit becomes a donation; money that went out and money that no row explains wait for somebody to say what it was. A second run, or a file that overlaps another, adds only what is new.',
    },
    examples: examplesOf(
      'mangnon import statement sao-ke-2024-09.csv.gz --fund LS --account bank.0123456789',
      'mangnon import statement statement.xlsx --fund LS --account 0123456789 --profile bank.json --yes',
    ),
  },
  importDiscard: {
    summary: { vi: 'bỏ một sao kê chưa xác nhận', en: 'discard a statement that nobody confirmed' },
    about: {
      vi: 'Bỏ một sao kê mà chưa ai xác nhận: chưa có gì được ghi, và tệp bị huỷ. Mã sao kê có trong bản tổng hợp, hoặc trong GET /v1/statements.',
      en: 'Discard a statement that nobody has confirmed: nothing of it is recorded, and its file is destroyed. The preview tells its id, and so does GET /v1/statements.',
    },
    examples: examplesOf('mangnon import discard 3f0c1d2e-5a6b-4c7d-8e9f-0a1b2c3d4e5f'),
  },
  parked: { vi: 'Thông điệp đang chờ vì xử lý lỗi', en: 'Messages that wait because their handling failed' },
  parkedList: {
    summary: { vi: 'liệt kê thông điệp đang chờ', en: 'list the messages that wait' },
    about: {
      vi: 'Liệt kê thông điệp đang chờ, cũ nhất trước.',
      en: 'List the messages that wait, the oldest first.',
    },
    examples: examplesOf('mangnon parked list'),
  },
  parkedReplay: {
    summary: { vi: 'xử lý lại thông điệp đang chờ', en: 'take messages that wait up again' },
    about: {
      vi: 'Xử lý lại thông điệp đang chờ của một luồng, theo thứ tự; in ra thông điệp nào vẫn lỗi, và lỗi gì.',
      en: 'Take the messages that wait in a stream up again, in order; prints which fail still, and on what.',
    },
    examples: examplesOf(
      'mangnon parked replay fund-<id>',
      'mangnon parked replay fund-<id> --subject <donation id>',
    ),
  },
  held: {
    vi: 'Khoá bị giữ lại vì luồng của nó không dùng được',
    en: 'Keys that are held because their stream could not be used',
  },
  heldList: {
    summary: { vi: 'liệt kê khoá bị giữ', en: 'list the keys that are held' },
    about: {
      vi: 'Liệt kê khoá bị giữ: từ lúc nào, dịch vụ, khoá, chủ đề, số thông điệp, lý do.',
      en: 'List the keys that are held: since when, service, key, topic, messages, reason.',
    },
    examples: examplesOf('mangnon held list'),
  },
  heldRelease: {
    summary: { vi: 'đưa thông điệp của một khoá lại để xử lý', en: 'feed the messages of a key back' },
    about: {
      vi: 'Đưa các thông điệp đang giữ của một khoá lại để xử lý, theo thứ tự.',
      en: 'Feed the held messages of a key back, in order.',
    },
    examples: examplesOf('mangnon held release ledger <fund id>'),
  },
  rebuild: {
    summary: { vi: 'dựng lại một bảng đọc', en: 'rebuild a read model' },
    about: {
      vi: 'Dựng lại một bảng đọc bên cạnh bảng đang dùng rồi tráo; bảng đang dùng vẫn phục vụ.',
      en: 'Rebuild a read model beside the live table and swap them; the live one is served meanwhile.',
    },
    examples: examplesOf('mangnon rebuild ledger.balances', 'mangnon rebuild ledger.balances --no-wait'),
  },
  options: optionTexts,
} as const;
