import type { HandleCase } from './contract-boxes.contract.js';
import { commandCases } from './handle-commands.contract.js';
import { messageCases } from './handle-messages.contract.js';
import { outcomeCases } from './handle-outcomes.contract.js';
import { parkingCases } from './handle-parking.contract.js';
import { restoredCases } from './handle-restored.contract.js';

/** Everything that `handle` promises, on any engine of the event store. */
export const handleCases: readonly HandleCase[] = [
  ...commandCases,
  ...outcomeCases,
  ...messageCases,
  ...parkingCases,
  ...restoredCases,
];
