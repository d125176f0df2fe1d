import type { EventStore } from '#event-store/event-store.js';
import type { CheckpointStore } from '#kernel/checkpoint.js';
import type { TopicSource } from '#kernel/message.js';
import type { Backlog } from '../backlog.js';
import { FirstBehind } from '../first-behind.js';
import { checkpointName } from './direct-messaging.js';

/** What a {@link DirectBacklog} looks at: the same as the consumers, in whichever process they are. */
export interface DirectBacklogOptions {
  readonly store: EventStore;
  readonly sources: readonly TopicSource[];
  readonly checkpoints: CheckpointStore;
}

/** Backlogs of direct messaging: the first message behind the checkpoint that the group's members share. */
export class DirectBacklog implements Backlog {
  private readonly firstBehind: FirstBehind;

  constructor(private readonly options: DirectBacklogOptions) {
    this.firstBehind = new FirstBehind(options.store);
  }

  async oldestUnhandled(group: string, topic: string): Promise<string | undefined> {
    const { sources, checkpoints } = this.options;
    const source = sources.find((one) => one.topic === topic);
    if (!source) throw new RangeError(`nobody publishes ${topic}`);
    const consumer = checkpointName(group, topic);
    return this.firstBehind.time(consumer, await checkpoints.find(consumer), source);
  }
}
