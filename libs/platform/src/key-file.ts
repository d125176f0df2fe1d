import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const keyBytes = 32;

/**
 * The random key of 32 bytes kept in `<directory>/<name>.key` (base64, mode 0600), made where it is missing; the same
 * after every restart. Throws when the file holds no such key.
 */
export async function loadKeyFile(directory: string, name: string): Promise<Uint8Array> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const path = join(directory, `${name}.key`);
  await createOnce(path);
  const key = Buffer.from(await readFile(path, 'ascii'), 'base64');
  if (key.length !== keyBytes)
    throw new Error(`${path} does not hold a key of ${String(keyBytes)} bytes in base64`);
  return key;
}

/** Written whole under another name first, so that two processes that start together read the same key. */
async function createOnce(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
}
