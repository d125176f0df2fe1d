import { describe, it } from '@jest/globals';
import { handleInMemory } from '#testing/handle-in-memory.js';
import { handleCases } from './handle.contract.js';

describe('handle over the in-memory store', () => {
  it.each(handleCases)('$name', ({ run }) => run(handleInMemory()));
});
