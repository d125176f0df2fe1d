import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newKey } from './sealing.js';

/** A key cannot be used as it is; the message says in one sentence which file and what to do. */
export class KeyProblem extends Error {
  override readonly name = 'KeyProblem';
}

const keyBytes = 32;

/**
 * The random key of 32 bytes kept in `<directory>/<name>.key` (base64, mode 0600), made where it is missing: the same
 * after every restart, and for every process that starts at the same moment. A folder that holds the key already may be
 * read-only. Throws {@link KeyProblem} when the file may be read by others, holds no such key, or cannot be made.
 */
export async function loadKeyFile(directory: string, name: string): Promise<Uint8Array> {
  const path = join(directory, `${name}.key`);
  const text = await loadSecretFile(path, () => `${Buffer.from(newKey()).toString('base64')}\n`);
  const key = Buffer.from(text, 'base64');
  if (key.length !== keyBytes)
    throw new KeyProblem(`${path} does not hold a key of ${String(keyBytes)} bytes in base64`);
  return key;
}

/** The text of a file that nobody else may read, made once as {@link createOnce} does where it is missing. Throws {@link KeyProblem}. */
export async function loadSecretFile(path: string, make: () => string): Promise<string> {
  if (!(await isThere(path))) await createOnce(path, make(), { file: 0o600, folder: 0o700 });
  const { mode, uid } = await stat(path);
  // One that is somebody else's is ours by its group: so Kubernetes mounts secrets.
  const open = mode & (uid === process.getuid?.() ? 0o077 : 0o037);
  if (open !== 0) throw new KeyProblem(`${path} may be read by others; set its mode to 0600`);
  return readFile(path, 'ascii');
}

/** Whether there is such a file. */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    },
  );
}

/** Modes of a file and of the folder that it is in. */
export interface Modes {
  readonly file: number;
  readonly folder: number;
}

/**
 * Makes the file, whole and by the first of those that make it at the same moment; it is on the disk when this resolves.
 * Throws {@link KeyProblem} where nothing may be written.
 */
export async function createOnce(path: string, text: string, modes: Modes): Promise<void> {
  try {
    await create(path, text, modes);
  } catch (cause) {
    // Who lacks a right to the folder is told that, by whoever started this.
    if (!['EROFS', 'EPERM'].includes(codeOf(cause) ?? '')) throw cause;
    throw new KeyProblem(`${path} is missing, and cannot be made here: put it there`, { cause });
  }
}

/** Written whole under another name first: a link appears whole, and only for the first. */
async function create(path: string, text: string, modes: Modes): Promise<void> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, modes.folder);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, text, { mode: modes.file, flush: true });
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
