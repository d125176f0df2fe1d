import { InMemorySnapshotStore } from '#event-store/in-memory/in-memory-snapshots.js';
import type { SnapshotStore } from '#event-store/snapshots.js';
import { changed } from './changed.js';

function broken(breaking: (sound: SnapshotStore) => Partial<SnapshotStore>): () => SnapshotStore {
  return () => {
    const sound = new InMemorySnapshotStore();
    return changed<SnapshotStore>(sound, breaking(sound));
  };
}

/** Snapshot stores with one fault each, by the fault; the contract must fail on every one. */
export const brokenSnapshotStores = {
  'forgets what the inbox remembers': broken((sound) => ({
    find: async (stream) => {
      const found = await sound.find(stream);
      return found && { ...found, inbox: { watermarks: {}, commands: {}, parked: {} } };
    },
  })),
  'keeps the first snapshot for ever': broken((sound) => ({
    keep: async (snapshot) => {
      if (!(await sound.find(snapshot.stream))) await sound.keep(snapshot);
    },
  })),
} as const satisfies Record<string, () => SnapshotStore>;
