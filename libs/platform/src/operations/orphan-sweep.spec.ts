import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import type { ReadModels } from '#read-models/read-models.js';
import { aCount } from '#testing/read-models.js';
import { InMemoryVault } from '#vault/in-memory/in-memory-vault.js';
import { OrphanSweep } from './orphan-sweep.js';

const names =
  (...ids: readonly string[]) =>
  async (asked: readonly string[]) =>
    Promise.resolve(new Set(asked.filter((id) => ids.includes(id))));
const reading = { actor: 'system:spec', purpose: 'spec' } as const;

describe('orphans in the vault', () => {
  let vault: InMemoryVault;
  let store: InMemoryEventStore;
  let sweep: OrphanSweep;
  let waited: string[];
  let lags = false;

  beforeEach(async () => {
    [waited, lags, vault] = [[], false, new InMemoryVault()];
    store = new InMemoryEventStore({ now: () => new Date('2025-05-29T01:00:00Z') });
    const waitFor = async (service: string): Promise<void> => {
      waited.push(service);
      return lags ? Promise.reject(new Error('NotReached')) : Promise.resolve();
    };
    sweep = new OrphanSweep(vault, store, { waitFor } as unknown as ReadModels);
    for (const recordId of ['of donations', 'of receipts', 'orphan'])
      await vault.room('donors').put({ recordId, subjectId: 's' }, { text: 'x' });
    await store.append('jar-1', [aCount('1')], 'no_stream');
  });
  const left = async () => {
    const ids = ['of donations', 'of receipts', 'orphan'];
    return [...(await vault.room('donors').findMany(ids, reading)).keys()];
  };

  it('are deleted; what any service names stays', async () => {
    sweep.register('donors', 'donations', names('of donations'));
    sweep.register('donors', 'receipts', names('of receipts'));
    expect(await sweep.sweep(-1)).toBe(1);
    expect(await left()).toEqual(['of donations', 'of receipts']);
    expect(waited).toEqual(['donations', 'receipts']);
  });

  it('stay while one of those who name records does not run here', async () => {
    sweep.register('donors', 'donations', names('of donations'));
    expect(await sweep.sweep(-1)).toBe(0);
    expect(await left()).toHaveLength(3);
  });

  it('stay while tables lag behind what is recorded', async () => {
    sweep.register('donors', 'donations', names('of donations'));
    sweep.register('donors', 'receipts', names('of receipts'));
    lags = true;
    await expect(sweep.sweep(-1)).rejects.toThrow('NotReached');
    expect(await left()).toHaveLength(3);
  });

  it('stay for a day, and not longer', async () => {
    sweep.register('donors', 'donations', names());
    sweep.register('donors', 'receipts', names());
    const [putAt, day] = [Date.now(), 86_400_000];
    const now = jest.spyOn(Date, 'now').mockReturnValue(putAt + day - 60_000);
    expect(await sweep.sweep()).toBe(0);
    expect(await left()).toHaveLength(3);
    now.mockReturnValue(putAt + day + 1);
    expect(await sweep.sweep()).toBe(3);
    now.mockRestore();
  });
});
