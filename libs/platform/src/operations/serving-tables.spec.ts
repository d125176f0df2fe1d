import { describe, expect, it } from '@jest/globals';
import type { Position } from '#kernel/position.js';
import type { ProjectionStatus } from '#read-models/standings.js';
import { ServingTables } from './serving-tables.js';

const at = (number: number): Position => ({ incarnation: 1, number });

function table(name: string, standing: Partial<ProjectionStatus>): ProjectionStatus {
  return { service: 'pantry', name, version: 1, fedBy: 'streams', state: 'starting', ...standing };
}

/** What a process makes of these that began when the log stood at event 7, or at nothing. */
async function begun(
  statuses: readonly ProjectionStatus[],
  log: 'seven' | 'empty' = 'seven',
): Promise<ServingTables> {
  const head = log === 'empty' ? undefined : { cursor: '7', position: at(7), eventId: 'seven' };
  const tables = new ServingTables({ head: () => Promise.resolve(head) }, { status: () => statuses });
  await tables.onApplicationBootstrap();
  return tables;
}

describe('a read model', () => {
  it.each([
    ['that has not begun', { state: 'starting' }],
    ['that is built for the first time', { state: 'outdated', unbuilt: true }],
    ['that has read nothing yet of what is recorded', { state: 'catching-up' }],
    ['that lags behind what was recorded when the process began', { state: 'catching-up', position: at(6) }],
  ] as const)('%s has nothing whole to show', async (_case, standing) => {
    expect((await begun([table('jars', standing)])).behind()).toEqual(['jars']);
  });

  it.each([
    ['that is live', { state: 'live' }],
    ['whose next version is built beside it', { state: 'outdated' }],
    ['that came as far as the process found the log', { state: 'catching-up', position: at(7) }],
  ] as const)('%s serves', async (_case, standing) => {
    expect((await begun([table('jars', standing)])).behind()).toEqual([]);
  });

  it.each([
    ['new', { state: 'outdated', unbuilt: true }],
    ['to be folded', { state: 'catching-up' }],
  ] as const)('%s of an empty log is whole', async (_case, standing) => {
    expect((await begun([table('jars', standing)], 'empty')).behind()).toEqual([]);
  });

  it('serves on while it is swapped for a newer one and catches up', async () => {
    const statuses = [table('jars', { state: 'outdated' })];
    const tables = await begun(statuses);
    statuses[0] = table('jars', { state: 'catching-up' });
    expect(tables.behind()).toEqual([]);
  });

  it('that is stopped is told of as stopped', async () => {
    expect((await begun([table('jars', { state: 'stopped' })])).behind()).toEqual([]);
  });
});
