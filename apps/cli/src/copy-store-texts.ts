import { examplesOf, type HelpText } from './help-texts.js';
import type { Bilingual } from './language.js';

/** What `--help` says of `mangnon copy-store`, in both languages. */
export const copyStoreTexts = {
  copyStore: {
    summary: {
      vi: 'chuyển từ một máy sang các dịch vụ chạy riêng',
      en: 'move from one machine to services that run apart',
    },
    about: {
      vi: 'Chuyển mọi thứ của bản chạy một máy (đã dừng) sang nơi mà các biến của dịch vụ chạy riêng chỉ tới: sự kiện sang KurrentDB hoặc PostgreSQL khác, kho dữ liệu cá nhân, các bảng, và thông điệp lên Kafka. Từng sự kiện được đối chiếu; bị dừng giữa chừng thì chạy lại là đi tiếp. Từ chối khi còn nơi chưa xử lý hết hoặc nơi tới đã có thứ khác. Sổ cũ không nhận sự kiện nữa.',
      en: 'Moves all that the default run keeps, while it is stopped, to where the variables of services that run apart point: events to KurrentDB or another PostgreSQL, the vault, the tables, and every message onto Kafka. Each event is compared; broken off, it goes on when run again. Refused while a consumer lags, and where the target holds something else. The old store takes no events any more.',
    },
    examples: examplesOf(
      'mangnon copy-store --data-dir .mangnon',
      'MANGNON_EVENT_STORE=kurrentdb EVENTSTORE_URL=esdb://… mangnon copy-store',
      'mangnon copy-store --give-up',
    ),
  },
  dataDir: { vi: 'thư mục dữ liệu của bản chạy một máy', en: 'the data directory of the default run' },
  from: {
    vi: 'PostgreSQL đang giữ sự kiện, thay cho thư mục dữ liệu',
    en: 'the PostgreSQL that holds the events, instead of a data directory',
  },
  fromVault: { vi: 'PostgreSQL của kho dữ liệu cá nhân ở đó', en: 'the PostgreSQL of its vault' },
  giveUp: {
    vi: 'thôi chuyển, để sổ cũ lại nhận sự kiện; chỉ khi chưa chuyển xong',
    en: 'give up, so that the old store takes events again; only before it has come to its end',
  },
} as const satisfies Readonly<Record<string, HelpText | Bilingual>>;
