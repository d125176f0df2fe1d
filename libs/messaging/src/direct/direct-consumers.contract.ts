import type { ConsumerCase } from './contract-numbers.contract.js';
import { readingCases } from './reading.contract.js';
import { standingCases } from './standing.contract.js';

/** Everything that direct messaging promises beyond the port's contract, on any store. */
export const consumerCases: readonly ConsumerCase[] = [...standingCases, ...readingCases];
