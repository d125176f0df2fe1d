import { loadKeyFile } from '#vault/key-file.js';

/**
 * The key that gateway and services know each other by, the same in every process with this folder of keys; made where it
 * is missing. Throws `KeyProblem`.
 */
export function loadContextKey(keysDirectory: string): Promise<Uint8Array> {
  return loadKeyFile(keysDirectory, 'context');
}
