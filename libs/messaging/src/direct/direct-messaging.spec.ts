import { describe, it } from '@jest/globals';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { systemClock } from '#platform/clock.js';
import { directEngine } from '#testing/messaging-direct.js';
import { messagingContract } from '../messaging.contract.js';
import { consumerCases } from './direct-consumers.contract.js';
import { InMemoryCheckpointStore } from './in-memory-checkpoint-store.js';

describe('direct messaging over the in-memory store', () => {
  messagingContract(async () =>
    directEngine({
      store: new InMemoryEventStore(systemClock),
      checkpoints: new InMemoryCheckpointStore(),
    }),
  );

  it.each(consumerCases)('$name', async ({ run }) => {
    const store = new InMemoryEventStore(systemClock);
    const restored = async (upTo: Parameters<typeof store.restored>[0]) => store.restored(upTo);
    await run({ store, checkpoints: new InMemoryCheckpointStore(), restored });
    await store.close();
  });
});
