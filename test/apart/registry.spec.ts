import { describe, expect, it } from '@jest/globals';
import { services } from '#apps/standalone/src/standalone.module.js';
import { topics } from '#contracts/topics.js';

const sorted = (names: readonly string[]): string[] => [...names].sort();

describe('the registry of topics', () => {
  it('names every topic that a service publishes, under that service', () => {
    const published = services.flatMap(({ name, publishers }) =>
      publishers.map(({ topic }) => `${topic} by ${name}`),
    );
    expect(sorted(topics.map(({ name, owner }) => `${name} by ${owner}`))).toEqual(sorted(published));
  });

  it.each(services.map((service) => ({ ...service })))(
    'lets $name read what it subscribes to, and nothing else',
    (service) => {
      // What draws receipts reads in a group of its own.
      const read = topics.filter(({ readers }) => readers.includes(service.name)).map(({ name }) => name);
      expect(sorted(read)).toEqual(sorted(Object.keys(service.knows ?? {})));
    },
  );
});
