import { describe, expect, it } from '@jest/globals';
import { vaultContract } from '../vault.contract.js';
import { InMemoryVault } from './in-memory-vault.js';

describe('the vault in memory', () => {
  for (const promise of vaultContract) {
    it(promise.name, async () => {
      await promise.run(new InMemoryVault().room('donors'));
    });
  }

  it('shows specs what was read', async () => {
    const room = new InMemoryVault().room('donors');
    await room.put({ recordId: 'r', subjectId: 's' }, { name: 'x' });
    await room.find('r', { actor: 'staff:1', purpose: 'receipt rendered' });
    expect(room.log).toEqual([{ actor: 'staff:1', purpose: 'receipt rendered', recordId: 'r' }]);
  });
});
