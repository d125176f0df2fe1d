import type { Snapshot, SnapshotStore } from '../snapshots.js';

/** Snapshots as JSON text in memory, as a database would give them back. */
export class InMemorySnapshotStore implements SnapshotStore {
  private readonly texts = new Map<string, string>();

  async find(stream: string): Promise<Snapshot | undefined> {
    const text = this.texts.get(stream);
    return text === undefined ? undefined : (JSON.parse(text) as Snapshot);
  }

  async keep(snapshot: Snapshot): Promise<void> {
    this.texts.set(snapshot.stream, JSON.stringify(snapshot));
  }
}
