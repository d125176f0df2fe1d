import { examplesOf, type HelpText } from './help-texts.js';
import type { Bilingual } from './language.js';

/** What `--help` says of the commands that concern users of PostgreSQL, in both languages. */
export const rolesTexts = {
  roles: { vi: 'Người dùng PostgreSQL của từng dịch vụ', en: 'Users of PostgreSQL, one a service' },
  apply: {
    summary: {
      vi: 'nâng cấp phần dùng chung, tạo người dùng và cấp quyền',
      en: 'migrate what is shared, make the users and grant what they need',
    },
    about: {
      vi: 'Chạy một lần trước khi các dịch vụ khởi động và sau mỗi lần nâng cấp, với MANGNON_DATABASE_URL và MANGNON_VAULT_URL của mangnon_migrator hoặc của quản trị viên máy chủ. Mật khẩu lấy từ các tệp trong MANGNON_SECRETS_DIR, mỗi tệp mang tên một người dùng; đổi mật khẩu: đổi tệp rồi chạy lại.',
      en: 'Run once before the services start and after each upgrade, with MANGNON_DATABASE_URL and MANGNON_VAULT_URL of mangnon_migrator or of a superuser. Passwords come from files in MANGNON_SECRETS_DIR, each named after its user; to change a password, change the file and run it again.',
    },
    examples: examplesOf('mangnon roles apply'),
  },
  list: {
    summary: {
      vi: 'người dùng nào thiếu hoặc thừa quyền',
      en: 'which users have less or more than they should',
    },
    about: {
      vi: 'Mỗi người dùng một dòng: "ok", hoặc những việc còn thiếu (-) và những việc thừa (+); sau đó là vai trò lạ của máy chủ có quyền lẽ ra chỉ họ có. Mã thoát 1 nếu có ai thiếu hoặc thừa.',
      en: 'One line a user: "ok", or what it lacks (-) and what it can do beyond what it should (+); after them any other role of the server that can do what only they should. Exits with 1 where anybody has less or more.',
    },
    examples: examplesOf('mangnon roles list'),
  },
} as const satisfies Readonly<Record<string, HelpText | Bilingual>>;
