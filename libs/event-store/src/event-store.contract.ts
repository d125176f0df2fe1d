import { contract } from '#testing/contract.js';
import { appendCases } from './append.contract.js';
import { concurrencyCases } from './concurrency.contract.js';
import type { Engine, EventStoreCase } from './contract-engine.contract.js';
import { subscribeCases } from './subscribe.contract.js';

/** Everything that the port promises, each case on an empty store of its own. */
export const eventStoreCases: readonly EventStoreCase[] = [
  ...appendCases,
  ...subscribeCases,
  ...concurrencyCases,
];

/** Declares the whole contract for one engine; `open` gives an empty store each time. */
export function eventStoreContract(open: () => Promise<Engine>): void {
  contract('keeps the contract of the event store', eventStoreCases, open);
}
