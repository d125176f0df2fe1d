import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { services } from '#apps/standalone/src/standalone.module.js';
import { openAdapters } from '#platform/adapters.js';
import { testDatabase, type TestTemplate } from '#testing/postgres.js';
import { vaultKinds } from '#vault/master-keys.js';
import { migrateVault } from '#vault/postgres/postgres-vault.js';

/** The vault's rooms, and nobody in them. */
export const emptyVault: TestTemplate = { fill: (url) => migrateVault(url, vaultKinds) };

/** Every schema and table of the default run as its first start leaves them, and nothing recorded. */
export const emptyBooks: TestTemplate = {
  async fill(databaseUrl) {
    const vault = await testDatabase(emptyVault);
    const keysDirectory = await mkdtemp(join(tmpdir(), 'mangnon-keys-'));
    const onTrouble = (): void => undefined;
    const engines = { databaseUrl, vaultUrl: vault.url, keysDirectory, onTrouble };
    try {
      const platform = await openAdapters(services, engines);
      try {
        await platform.readModels.start();
        await platform.readModels.settled(60_000);
      } finally {
        await platform.close();
      }
    } finally {
      await vault.drop();
      await rm(keysDirectory, { recursive: true });
    }
  },
};
