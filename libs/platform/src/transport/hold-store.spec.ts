import { describe, it } from '@jest/globals';
import { systemClock } from '../clock.js';
import { holdStoreCases } from './hold-store.contract.js';
import { InMemoryHoldStore } from './in-memory-hold-store.js';

describe('the hold store in memory', () => {
  it.each(holdStoreCases)('$name', ({ run }) => run(new InMemoryHoldStore(systemClock)));
});
