import { CheckpointLost } from '#kernel/checkpoint.js';
import type { TopicDeclaration } from '#kernel/topic.js';
import { TopicCut } from '#kernel/topic-cut.js';

/** A topic is not at the brokers as it is registered; the message is one sentence for whoever starts the process. */
export class TopicMismatch extends Error {
  override readonly name = 'TopicMismatch';
}

/** Throws {@link TopicMismatch} where the brokers have the topic with so many partitions, or not at all. */
export function assertPartitions({ name, partitions }: TopicDeclaration, there: number | undefined): void {
  if (there === undefined)
    throw new TopicMismatch(
      `the topic ${name} does not exist, or this user may not see it; run: npx mangnon topics apply (or topics acls --apply)`,
    );
  if (there !== partitions)
    throw new TopicMismatch(
      `the topic ${name} has ${String(there)} partitions and not the ${String(partitions)} that it was made with: ` +
        'its keys lie elsewhere now, and older messages would be dropped as handled; open a new topic instead',
    );
}

/**
 * Whether a reader cannot go on: the topic is not what it was made as, or does not hold what its group goes on from, or
 * the store does not hold what it has answered.
 */
export function isFinal(cause: unknown): boolean {
  return [TopicMismatch, TopicCut, CheckpointLost].some((kind) => cause instanceof kind);
}
