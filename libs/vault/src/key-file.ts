import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newKey } from './sealing.js';

/** A key cannot be used as it is; the message says in one sentence which file and what to do. */
export class KeyProblem extends Error {
  override readonly name = 'KeyProblem';
}

const keyBytes = 32;

/**
 * The random key of 32 bytes kept in `<directory>/<name>.key` (base64, mode 0600), made where it is missing: the same
 * after every restart, and for every process that starts at the same moment. A folder that holds the key already may be
 * read-only. Throws {@link KeyProblem} when the file may be read by others or holds no such key.
 */
export async function loadKeyFile(directory: string, name: string): Promise<Uint8Array> {
  const path = join(directory, `${name}.key`);
  if (!(await isThere(path))) await createOnce(directory, path);
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) throw new KeyProblem(`${path} may be read by others; set its mode to 0600`);
  const key = Buffer.from(await readFile(path, 'ascii'), 'base64');
  if (key.length !== keyBytes)
    throw new KeyProblem(`${path} does not hold a key of ${String(keyBytes)} bytes in base64`);
  return key;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    },
  );
}

/** Written whole under another name first: a link appears whole, and only for the first of those that make it. */
async function createOnce(directory: string, path: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${Buffer.from(newKey()).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
  await keepNames(directory);
}

/** What is sealed with the key must not outlive its name in the folder, also through a power cut. */
async function keepNames(directory: string): Promise<void> {
  const handle = await open(directory);
  await handle.sync().finally(() => handle.close());
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
