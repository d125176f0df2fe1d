import { loadKeyFile } from './key-file.js';
import type { VaultKind } from './vault.js';

/** Every kind of record that the vault keeps apart. */
export const vaultKinds: readonly VaultKind[] = ['donors', 'staff', 'payees', 'children', 'books'];

/**
 * The master keys of these kinds, kept in `<directory>/<kind>.key` and made where they are missing. The directory stands
 * outside the data directory and outside its backups. Throws `KeyProblem`.
 */
export async function loadMasterKeys(
  directory: string,
  kinds: readonly VaultKind[],
): Promise<ReadonlyMap<VaultKind, Uint8Array>> {
  const keys = await Promise.all(
    kinds.map(async (kind) => [kind, await loadKeyFile(directory, kind)] as const),
  );
  return new Map(keys);
}
