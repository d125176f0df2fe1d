import { examplesOf, type HelpText } from './help-texts.js';
import type { KafkaTrouble } from '#messaging/kafka-trouble.js';
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
  acls: {
    summary: { vi: 'quyền của từng dịch vụ trên Kafka', en: 'what each service may do at Kafka' },
    about: {
      vi: 'In ra quyền (ACL) của từng dịch vụ theo danh mục chủ đề: chỉ ghi chủ đề của mình, chỉ đọc chủ đề mình đăng ký, nhóm và thư chết của riêng mình. Với --apply thì đặt các quyền đó trên Kafka và bỏ mọi quyền thừa của những người dùng này; người chạy phải được phép sửa quyền.',
      en: 'Prints what each service may do (ACLs), from the registry of topics: write what it owns, read what it is registered for, its own groups and dead letters. With --apply it has Kafka allow just that, and takes away whatever else these users were allowed; whoever runs it must be allowed to alter the cluster.',
    },
    examples: examplesOf('mangnon topics acls', 'mangnon topics acls --apply'),
  },
  aclsApply: { vi: 'đặt các quyền đó trên Kafka', en: 'have Kafka allow just that' },
  users: {
    summary: { vi: 'lệnh tạo người dùng trên Kafka', en: 'the commands that make the users at Kafka' },
    about: {
      vi: 'In ra các lệnh của Kafka để đặt mật khẩu cho từng dịch vụ; mật khẩu nằm trong tệp <thư mục>/<dịch vụ> và không được in ra. Cần tệp admin.properties của người quản trị Kafka.',
      en: 'Prints the commands of Kafka’s own tools that give each service its password, which stands in the file <folder>/<service> and is not printed. They need the file admin.properties of whoever administers Kafka.',
    },
    examples: examplesOf('mangnon topics users --passwords .mangnon-secrets/kafka'),
  },
  passwords: { vi: 'thư mục chứa mật khẩu', en: 'folder of the passwords' },
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

/** What is the matter with Kafka, where it answers at all. */
export const troublesInVietnamese: Readonly<Record<Exclude<KafkaTrouble['kind'], 'silence'>, string>> = {
  certificate:
    'Kafka đưa ra chứng chỉ của một nơi cấp không được biết ở đây, hoặc cho tên khác: xem KAFKA_CA_FILE và KAFKA_BROKERS',
  'sign-in': 'Kafka không cho đăng nhập: xem KAFKA_SASL_USERNAME và KAFKA_SASL_PASSWORD_FILE',
  mechanism: 'Kafka không cho đăng nhập bằng cách này: xem KAFKA_SASL_MECHANISM',
  allowance: 'Kafka không cho phép người dùng này làm việc đó: hãy chạy với quyền quản trị Kafka',
  group: 'Kafka không cho biết ai giữ nhóm: người dùng này không được vào nhóm, hoặc máy chủ Kafka vắng mặt',
  wire: 'Kafka cắt kết nối ngay: có thể một bên dùng TLS và mật khẩu mà bên kia thì không (KAFKA_TLS, KAFKA_CA_FILE, KAFKA_SASL_USERNAME)',
};
