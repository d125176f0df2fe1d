import { describe, it } from '@jest/globals';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { InMemoryLog } from '#event-store/in-memory/in-memory-log.js';
import { InMemoryCheckpointStore } from '#messaging/direct/in-memory-checkpoint-store.js';
import { systemClock } from '../clock.js';
import { walkCases } from './consumers.contract.js';
import { InMemoryHoldStore } from './in-memory-hold-store.js';

describe('a consumer over the in-memory store', () => {
  it.each(walkCases)(
    '$name',
    async ({ run }) => {
      const log = new InMemoryLog();
      const open = async () => new InMemoryEventStore(systemClock, log);
      const checkpoints = new InMemoryCheckpointStore();
      await run({ open, checkpoints, holds: new InMemoryHoldStore(systemClock) });
    },
    60_000,
  );
});
