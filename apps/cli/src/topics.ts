import { join, resolve } from 'node:path';
import { topics } from '#contracts/topics.js';
import { ConfigRefused } from '#platform/config-refused.js';
import { kafkaTrouble, type KafkaTrouble } from '#messaging/kafka-trouble.js';
import { accessOf, kafkaOfEnvironment, TopicDesk, usersOf } from '#platform/topic-desk.js';
import type { Context } from './context.js';
import { CliFault } from './fault.js';
import { troublesInVietnamese } from './topics-texts.js';

const groups: readonly string[] = [...new Set(topics.flatMap(({ readers }) => readers))].sort();

/** `mangnon topics apply`: makes what is missing; throws `CliFault` where a topic has another number of partitions. */
export async function applyTopics(context: Context): Promise<void> {
  const { created } = await asked(context, (desk) => desk.apply());
  for (const name of created) context.terminal.print(name);
  const count = created.length;
  context.terminal.tell({
    vi: count === 0 ? 'Mọi chủ đề đã có sẵn.' : `Đã tạo ${count} chủ đề.`,
    en: count === 0 ? 'Every topic is there already.' : `Made ${count} topics.`,
  });
}

/** `mangnon topics list`: throws `CliFault` where one is missing or other than registered. */
export async function listTopics(context: Context): Promise<void> {
  const all = await asked(context, (desk) => desk.list());
  for (const { topic, atBrokers } of all) {
    const { name, partitions, owner, readers } = topic;
    const stands = atBrokers === undefined ? 'missing' : `${String(atBrokers)}/${String(partitions)}`;
    context.terminal.print([name, stands, owner, readers.join(',') || '–'].join('\t'));
  }
  const wrong = all.filter(({ topic, atBrokers }) => topic.partitions !== atBrokers).length;
  if (wrong > 0)
    throw new CliFault('differs', {
      vi: `${wrong} chủ đề còn thiếu hoặc không đúng số phân vùng: mangnon topics apply tạo những chủ đề còn thiếu.`,
      en: `${wrong} topics are missing or have another number of partitions: mangnon topics apply makes those that are missing.`,
    });
}

/** `mangnon topics acls`: prints what each service may do; with `apply` has the brokers hold it to that. */
export async function topicAccess(
  context: Context,
  { apply = false }: { readonly apply?: boolean },
): Promise<void> {
  if (!apply) {
    for (const line of accessOf(topics)) context.terminal.print(line);
    return;
  }
  const { allowed, takenAway } = await asked(context, (desk) => desk.applyAccess());
  for (const line of allowed) context.terminal.print(line);
  context.terminal.tell({
    vi: `Đã thêm ${allowed.length} quyền, bỏ ${takenAway} quyền thừa.`,
    en: `Allowed ${allowed.length} things, and took ${takenAway} away that were allowed beyond them.`,
  });
}

/**
 * `mangnon topics users`: prints the commands of Kafka's own tools that give each service its password, which stands in a
 * file of the folder; no password is printed, nor seen among a machine's processes.
 */
export function topicUsers({ terminal }: Context, { passwords }: { readonly passwords: string }): void {
  const folder = resolve(passwords);
  for (const user of usersOf(topics)) {
    const file = `'${join(folder, user).replaceAll("'", `'\\''`)}'`;
    terminal.print(
      `printf 'SCRAM-SHA-512=password=%s\\n' "$(cat ${file})" | kafka-configs.sh --bootstrap-server "$KAFKA_BROKERS" ` +
        `--command-config admin.properties --alter --entity-type users --entity-name ${user} --add-config-file /dev/stdin`,
    );
  }
}

/** `mangnon dead-letters list`. */
export async function listDeadLetters(context: Context, group?: string): Promise<void> {
  assertGroup(group);
  const letters = await asked(context, (desk) => desk.deadLetters(group));
  if (letters.length === 0)
    context.terminal.tell({ vi: 'Không có thư chết nào.', en: 'There is no dead letter.' });
  for (const letter of letters)
    context.terminal.print(
      [letter.keptAt, letter.group, letter.topic, letter.at, letter.key ?? '–', letter.reason].join('\t'),
    );
}

/** `mangnon dead-letters replay`. */
export async function replayDeadLetters(context: Context, group: string): Promise<void> {
  assertGroup(group);
  const count = await asked(context, (desk) => desk.replay(group));
  context.terminal.tell({
    vi: `${count} thư chết được đưa lại cho ${group}; thư nào vẫn không đọc được sẽ lại nằm trong danh sách.`,
    en: `${count} dead letters are put before ${group} again; what it still cannot read is in the list again.`,
  });
}

function assertGroup(group: string | undefined): void {
  if (group === undefined || groups.includes(group)) return;
  throw new CliFault('usage', {
    vi: `Không có nhóm "${group}"; các nhóm: ${groups.join(', ')}.`,
    en: `There is no group "${group}"; the groups: ${groups.join(', ')}.`,
  });
}

async function asked<Answer>(context: Context, ask: (desk: TopicDesk) => Promise<Answer>): Promise<Answer> {
  const desk = deskOf(context);
  try {
    return await ask(desk);
  } catch (cause) {
    throw faultOf(cause);
  }
}

function deskOf({ environment }: Context): TopicDesk {
  try {
    const config = kafkaOfEnvironment(environment);
    if (config) return new TopicDesk(config, topics);
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error;
    throw new CliFault('usage', { vi: error.message, en: error.message }, { cause: error });
  }
  throw new CliFault('usage', {
    vi: 'Hãy đặt KAFKA_BROKERS, ví dụ KAFKA_BROKERS=kafka-1:9092,kafka-2:9092.',
    en: 'Set KAFKA_BROKERS, such as KAFKA_BROKERS=kafka-1:9092,kafka-2:9092.',
  });
}

function faultOf(cause: unknown): unknown {
  const { name = '', message = '' } = Object(cause) as { readonly name?: string; readonly message?: string };
  if (name === 'TopicMismatch') return new CliFault('refused', { vi: message, en: message }, { cause });
  const trouble = kafkaTrouble(cause);
  if (!trouble) return cause;
  const { kind, sentence: en } = trouble;
  const vi = kind === 'silence' ? `Kafka không trả lời: ${message}` : troublesInVietnamese[kind];
  return new CliFault(refusing.has(kind) ? 'refused' : 'unreachable', { vi, en }, { cause });
}

const refusing: ReadonlySet<KafkaTrouble['kind']> = new Set(['sign-in', 'mechanism', 'allowance']);
