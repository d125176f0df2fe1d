import type { TopicDeclaration } from '#kernel/topic.js';
import { accessLines, applyAccess } from '#messaging/kafka/access-control.js';
import { accessRules, kafkaUsers } from '#messaging/kafka/access-rules.js';
import { DeadLetterDesk, type OpenDeadLetter } from '#messaging/kafka/dead-letter-desk.js';
import { openKafka } from '#messaging/kafka/kafka-client.js';
import { kafkaConfigOf, kafkaVariables, type KafkaConfig } from '#messaging/kafka/kafka.config.js';
import {
  applyTopics,
  findUsed,
  standingOf,
  type TopicsApplied,
  type TopicStanding,
} from '#messaging/kafka/topics.js';
import { ConfigRefused } from './config-refused.js';
import { givenIn } from './settings.js';

/**
 * How a process reaches Kafka, by the variables `KAFKA_*`, an empty one counting as absent; undefined where no brokers
 * are named. Throws {@link ConfigRefused}.
 */
export function kafkaOfEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): KafkaConfig | undefined {
  const given = givenIn(environment);
  const { success, data, error } = kafkaVariables.safeParse(given);
  if (success) return kafkaConfigOf(data);
  throw new ConfigRefused(error.issues.map(({ path, message }) => `${path.join('.')} ${message}`));
}

/** A line for each thing that a service may do at Kafka, sorted. */
export function accessOf(topics: readonly TopicDeclaration[]): readonly string[] {
  return accessLines(accessRules(topics));
}

/** Services that sign in at Kafka, each by its name, sorted. */
export function usersOf(topics: readonly TopicDeclaration[]): readonly string[] {
  return kafkaUsers(topics);
}

/** Topics and dead letters at the brokers, for who operates them. Rejects where no broker answers. */
export class TopicDesk {
  private readonly letters: DeadLetterDesk;

  constructor(
    private readonly config: KafkaConfig,
    private readonly topics: readonly TopicDeclaration[],
  ) {
    this.letters = new DeadLetterDesk(config, topics);
  }

  /** Makes what is missing; throws `TopicMismatch` where a topic has another number of partitions. */
  apply(): Promise<TopicsApplied> {
    return applyTopics(openKafka(this.config), this.topics);
  }

  /** Has the brokers allow every service its own, and nothing else; what is new is told as {@link accessOf} tells it. */
  async applyAccess(): Promise<{ readonly allowed: readonly string[]; readonly takenAway: number }> {
    const rules = accessRules(this.topics);
    const { allowed, takenAway } = await applyAccess(openKafka(this.config), usersOf(this.topics), rules);
    return { allowed: accessLines(allowed), takenAway };
  }

  /** Every topic of the registry, those of dead letters included, and what the brokers have of it. */
  list(): Promise<readonly TopicStanding[]> {
    return standingOf(openKafka(this.config), this.topics);
  }

  /** A topic that messages were sent to; undefined where none was. Throws `TopicMismatch` for one that is missing. */
  findUsed(): Promise<string | undefined> {
    return findUsed(openKafka(this.config), this.topics);
  }

  /** Dead letters that nobody has taken up, of all groups or of one. */
  deadLetters(group?: string): Promise<readonly OpenDeadLetter[]> {
    return this.letters.open(group);
  }

  /** Puts a group's dead letters before it again; tells how many. */
  replay(group: string): Promise<number> {
    return this.letters.replay(group);
  }
}
