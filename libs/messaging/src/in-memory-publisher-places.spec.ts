import { describe, it } from '@jest/globals';
import { InMemoryPublisherPlaces } from './in-memory-publisher-places.js';
import { placeCases } from './publisher-places.contract.js';

describe('places of publishers in memory', () => {
  it.each(placeCases)('$name', async ({ run }) => {
    await run(new InMemoryPublisherPlaces());
  });
});
