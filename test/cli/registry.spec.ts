import { describe, expect, it } from '@jest/globals';
import { replayedServices } from '#apps/cli/src/registry.js';
import { services } from '#apps/standalone/src/standalone.module.js';

const told = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort();

describe('what a replay knows', () => {
  const keeping = services.filter(({ projections, streams }) => projections.length > 0 || streams.length > 0);

  it('is every service that keeps read models or writes streams', () => {
    expect(told(replayedServices)).toEqual(told(keeping));
  });

  it.each(told(keeping))('is all that %s reads, writes and publishes', (name) => {
    const service = services.find((one) => one.name === name)!;
    const replayed = replayedServices.find((one) => one.name === name)!;
    expect(new Set(replayed.projections)).toEqual(new Set(service.projections));
    expect([...replayed.streams].sort()).toEqual([...service.streams].sort());
    expect(new Set(replayed.publishers)).toEqual(new Set(service.publishers));
    expect(replayed.rooms).toEqual(service.rooms);
  });
});
