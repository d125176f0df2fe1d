import type { Admin } from 'kafkajs';
import { standingAt, type Commit } from './offset-commits.js';
import type { StoreStanding } from './store-standing.js';

/** What a group has committed, as the brokers tell it. */
export class GroupCommits {
  constructor(
    private readonly admin: Pick<Admin, 'fetchOffsets'>,
    private readonly groupId: string,
    private readonly standing: StoreStanding | undefined,
  ) {}

  /** The first offset of a partition that the group has not handled; 0 without a commit. */
  async offsetOf(topic: string, partition: number): Promise<bigint> {
    const offset = BigInt((await this.find(topic, partition))?.offset ?? '0');
    return offset < 0n ? 0n : offset;
  }

  /** The commit, once it is sure that the store holds what was answered by then; throws `CheckpointLost` where it does not. */
  async standingOf(topic: string, partition: number): Promise<Commit | undefined> {
    const commit = await this.find(topic, partition);
    const noted = standingAt(commit);
    if (noted) await this.standing?.assertHolds(this.groupId, noted);
    return commit;
  }

  private async find(topic: string, partition: number): Promise<Commit | undefined> {
    const [found] = await this.admin.fetchOffsets({ groupId: this.groupId, topics: [topic] });
    return found?.partitions.find((one) => one.partition === partition);
  }
}
