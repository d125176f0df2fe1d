import { chmod, mkdir, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newKey } from './sealing.js';
import type { VaultKind } from './vault.js';

/** The master keys cannot be used as they are; the message says which file and what to do. */
export class MasterKeyProblem extends Error {
  override readonly name = 'MasterKeyProblem';
}

/** Every kind of person that the vault keeps apart. */
export const vaultKinds: readonly VaultKind[] = ['donors', 'staff', 'payees', 'children'];

/**
 * Reads the master keys of these kinds from `<directory>/<kind>.key` (32 bytes in base64, mode 0600) and makes what is
 * missing. The directory stands outside the data directory and outside its backups. Throws {@link MasterKeyProblem}
 * when a file is readable by others or is no key.
 */
export async function loadMasterKeys(
  directory: string,
  kinds: readonly VaultKind[],
): Promise<ReadonlyMap<VaultKind, Uint8Array>> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const keys = await Promise.all(
    kinds.map(async (kind) => [kind, await loadKey(join(directory, `${kind}.key`))] as const),
  );
  return new Map(keys);
}

async function loadKey(path: string): Promise<Uint8Array> {
  await createOnce(path);
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) throw new MasterKeyProblem(`${path} may be read by others; set its mode to 0600`);
  const key = Buffer.from(await readFile(path, 'ascii'), 'base64');
  if (key.length !== 32) throw new MasterKeyProblem(`${path} does not hold a key of 32 bytes in base64`);
  return key;
}

async function createOnce(path: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(`${Buffer.from(newKey()).toString('base64')}\n`);
    await file.sync();
    await file.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
