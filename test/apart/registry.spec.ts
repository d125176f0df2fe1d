import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { services } from '#apps/standalone/src/standalone.module.js';
import { foreignRoutes } from '#contracts/route-places.js';
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

describe('the places of routes', () => {
  const sections = readFileSync('docs/reference/routes.md', 'utf8').split(/^## /m);

  it.each(services.map(({ name }) => name).filter((name) => name !== 'gateway'))(
    'are those where %s answers',
    (name) => {
      const section = sections.find((text) => text.startsWith(`${name}\n`)) ?? '';
      const routes = [...section.matchAll(/^\| `[A-Z]+ (\S+)`/gm)].map(([, path = '']) =>
        path.replaceAll(/:([A-Za-z]+)/g, '{$1}'),
      );
      expect(routes).not.toEqual([]);
      expect(foreignRoutes([name], routes)).toEqual([]);
    },
  );
});
