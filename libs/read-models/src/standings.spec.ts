import { describe, expect, it } from '@jest/globals';
import type { EventProjection } from './projection.js';
import { Standings, type ProjectionStatus } from './standings.js';

const at = (number: number) => ({ incarnation: 1, number });

/** Standings of one service, a projection for each status. */
function standingsOf(statuses: Readonly<Record<string, Partial<ProjectionStatus>>>): Standings {
  const standings = new Standings();
  for (const [name, status] of Object.entries(statuses)) {
    standings.add('orchard', { name, version: 1, streams: ['tree-'] } as unknown as EventProjection);
    standings.note(name, { state: 'live', ...status });
  }
  return standings;
}

describe('waiting for tables', () => {
  it('waits for all of a service, and fails at once where one is stopped', async () => {
    const standings = standingsOf({ trees: { position: at(2) }, apples: { position: at(1) } });
    const reached = standings.reached('orchard', at(2), 1_000);
    standings.note('apples', { position: at(2) });
    await reached;
    standings.note('trees', { state: 'stopped', reason: 'a bug' });
    await expect(standings.reached('orchard', at(2), 60_000)).rejects.toThrow('trees is stopped: a bug');
  });

  it('waits for no others where some are named, whether they lag or are stopped', async () => {
    const standings = standingsOf({ trees: { position: at(2) }, apples: {}, pears: { state: 'stopped' } });
    await standings.reached('orchard', at(2), 0, ['trees']);
    await expect(standings.reached('orchard', at(3), 0, ['trees'])).rejects.toMatchObject({
      name: 'NotReached',
    });
    await expect(standings.reached('orchard', at(2), 0, ['trees', 'apples'])).rejects.toThrow(
      'orchard at position 1.2: not within 0 ms',
    );
  });
});
