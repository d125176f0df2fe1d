import type { TopicDeclaration } from '#kernel/topic.js';
import { deadLetterTopic } from './dead-letters.js';
import { groupIdOf } from './kafka-client.js';

/** Something that one user of Kafka may do. */
export interface AccessRule {
  /** Name by which a service signs in: its own. */
  readonly user: string;
  readonly operation: 'Read' | 'Write' | 'Describe' | 'Delete';
  readonly resource: 'Topic' | 'Group';
  /** `Prefixed`: everything whose name begins so. */
  readonly pattern: 'Literal' | 'Prefixed';
  readonly name: string;
}

/** The service that a group of readers belongs to: the group bears its name, and what of it reads behind a hyphen. */
export function serviceOf(group: string): string {
  return group.split('-', 1)[0] ?? group;
}

/** Every service that writes or reads a topic, sorted: each is a user of Kafka by its name. */
export function kafkaUsers(topics: readonly TopicDeclaration[]): readonly string[] {
  return [...new Set(topics.flatMap(({ owner, readers }) => [owner, ...readers.map(serviceOf)]))].sort();
}

/**
 * All that services may do at Kafka, each rule once, sorted; what no rule allows is forbidden. A service writes the topics
 * that it owns, and sees how far their readers have come; reads what it is registered for, in groups of its own; and
 * keeps what it cannot read in topics of dead letters of its own.
 */
export function accessRules(topics: readonly TopicDeclaration[]): readonly AccessRule[] {
  const rules = topics.flatMap(({ name, owner, readers }) => [
    topicRule(owner, 'Write', name),
    ...readers.flatMap((group) => [
      ...readerRules(name, group),
      ...(serviceOf(group) === owner ? [] : [groupRule(owner, 'Describe', groupIdOf(group, name))]),
    ]),
  ]);
  const byText = new Map(rules.map((rule) => [textOf(rule), rule]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule);
}

function readerRules(topic: string, group: string): readonly AccessRule[] {
  const user = serviceOf(group);
  const dead = deadLetterTopic(topic, group);
  // Tables are built anew in a group for each time, which is deleted afterwards.
  const atOnce = `${groupIdOf(user, topic)}.`;
  return [
    topicRule(user, 'Read', topic),
    groupRule(user, 'Read', groupIdOf(group, topic)),
    topicRule(user, 'Read', dead),
    topicRule(user, 'Write', dead),
    { ...groupRule(user, 'Read', atOnce), pattern: 'Prefixed' },
    { ...groupRule(user, 'Delete', atOnce), pattern: 'Prefixed' },
  ];
}

function topicRule(user: string, operation: AccessRule['operation'], name: string): AccessRule {
  return { user, operation, resource: 'Topic', pattern: 'Literal', name };
}

function groupRule(user: string, operation: AccessRule['operation'], name: string): AccessRule {
  return { user, operation, resource: 'Group', pattern: 'Literal', name };
}

/** One line, by which rules are sorted and compared. */
export function textOf({ user, resource, pattern, name, operation }: AccessRule): string {
  return [user, resource, pattern, name, operation].join('\t');
}
