import { CheckpointMoved, type Checkpoint, type CheckpointStore } from '#kernel/checkpoint.js';

/** Checkpoints for tests and the memory mode: every promise of the port but durability. */
export class InMemoryCheckpointStore implements CheckpointStore {
  private readonly checkpoints = new Map<string, Checkpoint>();

  async find(consumer: string): Promise<Checkpoint | undefined> {
    return this.checkpoints.get(consumer);
  }

  async move(consumer: string, expected: Checkpoint | undefined, next: Checkpoint): Promise<void> {
    const standing = this.checkpoints.get(consumer);
    if (standing?.cursor !== expected?.cursor || standing?.eventId !== expected?.eventId)
      throw new CheckpointMoved(consumer);
    this.checkpoints.set(consumer, next);
  }
}
