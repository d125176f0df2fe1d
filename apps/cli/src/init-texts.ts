import { examplesOf, type HelpText } from './help-texts.js';
import type { Bilingual } from './language.js';

/** What `--help` says of `mangnon init`, in both languages. */
export const initTexts = {
  init: {
    summary: { vi: 'tạo các bí mật cho một lần triển khai', en: 'make the secrets of a deployment' },
    about: {
      vi: 'Tạo thư mục bí mật cho docker compose hoặc Kubernetes: mật khẩu ngẫu nhiên cho từng người dùng của PostgreSQL, Kafka và KurrentDB, khoá của kho dữ liệu cá nhân, khoá ký của cổng vào, chứng chỉ TLS. Tệp đã có không bao giờ bị ghi đè: chạy lại chỉ tạo những gì còn thiếu. Không cần máy chủ nào đang chạy; npm start không cần đến thư mục này.',
      en: 'Make the folder of secrets for docker compose or Kubernetes: random passwords for each user of PostgreSQL, Kafka and KurrentDB, the keys of the vault, the key that the gateway signs with, TLS certificates. A file that is there is never written over: a second run makes only what is missing. Nothing needs to run; npm start does not need the folder.',
    },
    examples: examplesOf('mangnon init', 'mangnon init --to deploy/kubernetes/foundation/.mangnon-secrets'),
  },
  to: { vi: 'thư mục bí mật', en: 'folder of secrets' },
} as const satisfies Readonly<Record<string, HelpText | Bilingual>>;
