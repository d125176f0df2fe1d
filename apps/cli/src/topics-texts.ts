import { examplesOf, type HelpText } from './help-texts.js';
import type { Bilingual } from './language.js';

/** What `--help` says of the commands that concern Kafka, in both languages. */
export const topicsTexts = {
  topics: { vi: 'Các chủ đề (topic) trên Kafka', en: 'Topics at Kafka' },
  apply: {
    summary: { vi: 'tạo những chủ đề còn thiếu', en: 'make the topics that are missing' },
    about: {
      vi: 'Tạo trên Kafka (KAFKA_BROKERS) những chủ đề còn thiếu trong danh mục, kể cả chủ đề chứa thư chết của từng nhóm. Không bao giờ đổi số phân vùng: nếu khác thì từ chối.',
      en: 'Makes at Kafka (KAFKA_BROKERS) what is missing of the registry, with the topics of dead letters of each group. Never changes a number of partitions: where it differs it is refused.',
    },
    examples: examplesOf('mangnon topics apply'),
  },
  list: {
    summary: { vi: 'liệt kê các chủ đề và tình trạng', en: 'list the topics and how they stand' },
    about: {
      vi: 'Liệt kê từng chủ đề trong danh mục: tên, số phân vùng trên Kafka / theo danh mục, dịch vụ ghi, các nhóm đọc. Mã thoát 1 nếu có chủ đề còn thiếu hoặc không đúng.',
      en: 'Lists every topic of the registry: name, partitions at Kafka / as registered, the service that writes it, the groups that read it. Exits with 1 where one is missing or other than registered.',
    },
    examples: examplesOf('mangnon topics list'),
  },
  dead: { vi: 'Những bản ghi Kafka không đọc được', en: 'Records of Kafka that could not be read' },
  deadList: {
    summary: { vi: 'liệt kê thư chết', en: 'list the dead letters' },
    about: {
      vi: 'Liệt kê những bản ghi mà một nhóm không đọc được và chưa được đưa lại: lúc, nhóm, chủ đề, phân vùng:vị trí, khoá, lý do. Không bao giờ in nội dung.',
      en: 'Lists the records that a group could not read and that were not put before it again: when, group, topic, partition:offset, key, reason. Never prints what is in them.',
    },
    examples: examplesOf('mangnon dead-letters list', 'mangnon dead-letters list --group ledger'),
  },
  deadReplay: {
    summary: { vi: 'đưa lại thư chết cho một nhóm', en: 'put the dead letters of a group before it again' },
    about: {
      vi: 'Đưa lại mọi thư chết của nhóm theo đúng thứ tự, sau khi đã cài bản đọc được chúng. Nếu quỹ đang bị giữ vì thiếu thông điệp đó, hãy dùng tiếp mangnon held release.',
      en: 'Puts every dead letter of the group before it again, in order, once a release runs that can read them. Where a fund is held because that message was missing, mangnon held release comes next.',
    },
    examples: examplesOf('mangnon dead-letters replay ledger'),
  },
  group: { vi: 'chỉ nhóm này, ví dụ ledger', en: 'this group alone, such as ledger' },
} as const satisfies Readonly<Record<string, HelpText | Bilingual>>;
