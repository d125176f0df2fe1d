import { describe, it } from '@jest/globals';
import { systemClock } from '#platform/clock.js';
import { boxesOn } from './contract-boxes.contract.js';
import { handleCases } from './handle.contract.js';
import { InMemoryEventStore } from './in-memory/in-memory-event-store.js';
import { InMemoryLog } from './in-memory/in-memory-log.js';

function processesOfOneStore(): () => Promise<InMemoryEventStore> {
  const log = new InMemoryLog();
  return () => Promise.resolve(new InMemoryEventStore(systemClock, log));
}

describe('handle over the in-memory store', () => {
  it.each(handleCases)('$name', ({ run }) => run({ open: processesOfOneStore(), boxesOn }));
});
