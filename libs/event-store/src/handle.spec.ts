import { describe, it } from '@jest/globals';
import { systemClock } from '#platform/clock.js';
import { messageCases } from './handle-messages.contract.js';
import { commandCases } from './handle.contract.js';
import { InMemoryEventStore } from './in-memory/in-memory-event-store.js';
import { InMemoryLog } from './in-memory/in-memory-log.js';
import { parkingCases } from './parking.contract.js';

function processesOfOneStore(): () => Promise<InMemoryEventStore> {
  const log = new InMemoryLog();
  return () => Promise.resolve(new InMemoryEventStore(systemClock, log));
}

describe('handle over the in-memory store', () => {
  it.each(commandCases)('$name', ({ run }) => run(processesOfOneStore()));
  it.each(messageCases)('$name', ({ run }) => run(processesOfOneStore()));
  it.each(parkingCases)('$name', ({ run }) => run(processesOfOneStore()));
});
