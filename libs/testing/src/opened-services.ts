import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runServices, type RunningServices, type RunOptions } from '#platform/run-services.js';
import type { Service } from '#platform/service.js';
import { testDatabase } from './postgres.js';

/** Services that listen on a free port, on real engines of their own. */
export interface OpenedServices extends RunningServices {
  readonly url: string;
}

/** Runs services as the default run does, on a fresh database and keys; `stop()` lets go of everything. */
export async function openServices(
  services: readonly Service[],
  options: Pick<RunOptions, 'story' | 'edgeGuards' | 'prepare' | 'postingLagMsMax'> = {},
): Promise<OpenedServices> {
  const database = await testDatabase();
  const vault = await testDatabase();
  const keysDirectory = await mkdtemp(join(tmpdir(), 'mangnon-keys-'));
  const clear = async (): Promise<void> => {
    await database.drop();
    await vault.drop();
    await rm(keysDirectory, { recursive: true });
  };
  const running = await runServices(services, {
    // Not everybody who would handle what is told need be among the services.
    postingLagMsMax: Infinity,
    ...options,
    databaseUrl: database.url,
    vaultUrl: vault.url,
    keysDirectory,
    host: '127.0.0.1',
    port: 0,
    onTrouble: () => undefined,
  }).catch(async (error: unknown) => {
    await clear();
    throw error;
  });
  return {
    ...running,
    url: `http://127.0.0.1:${String(running.port)}`,
    stop: async () => {
      await running.stop();
      await clear();
    },
  };
}
