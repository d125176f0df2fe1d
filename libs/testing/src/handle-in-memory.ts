import { boxesBy, type Handling, type HandleRig } from '#event-store/contract-boxes.contract.js';
import { handle } from '#event-store/handle.js';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { InMemoryLog } from '#event-store/in-memory/in-memory-log.js';
import { systemClock } from '#platform/clock.js';

/** What the contract of `handle` runs on, in memory and empty at first. */
export function handleInMemory(handling: Handling = handle): HandleRig {
  const log = new InMemoryLog();
  return {
    open: () => Promise.resolve(new InMemoryEventStore(systemClock, log)),
    restored: (store, upTo) => Promise.resolve((store as InMemoryEventStore).restored(upTo)),
    boxesOn: boxesBy(handling),
  };
}
