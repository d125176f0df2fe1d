import { chmod, copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '#platform/embedded-postgres/embedded-postgres.js';
import { EmbeddedPostgresFault } from '#platform/embedded-postgres/faults.js';
import { CliFault } from './fault.js';

/**
 * Within the data directory, so that it may be a mount of its own. While it is there nothing starts in that directory:
 * to a start it holds files that are not its own.
 */
const aside = 'restoring';
/** What a data directory is made of; with the cluster in it, it is one. */
const [password, cluster] = ['password', 'postgres'];

/**
 * Fills a data directory that is empty or holds a restore that was killed: in a folder aside, which `fill` gets the
 * server of, and taken over at the end, so that it is whole or nothing, however this process ends. The signal gives it up
 * and leaves neither files nor a server. Throws what `fill` throws, {@link CliFault}, `EmbeddedPostgresFault`.
 */
export async function fillDataDirectory<Filled>(
  dataDirectory: string,
  signal: AbortSignal,
  fill: (postgres: EmbeddedPostgres) => Promise<Filled>,
): Promise<Filled> {
  await assertFree(dataDirectory);
  const directory = join(dataDirectory, aside);
  await clearKilled(directory);
  try {
    await mkdir(dataDirectory, { recursive: true });
    // Run by root, PostgreSQL has a user of its own, who passes through.
    if (process.getuid?.() === 0) await chmod(dataDirectory, 0o711);
    const filled = await filledAside(directory, signal, fill);
    await takeOver(directory, dataDirectory);
    return filled;
  } catch (error) {
    // Where the folder is in use it belongs to another restore.
    if (!isInUse(error)) await rm(directory, { recursive: true, force: true });
    throw signal.aborted ? givenUp() : error;
  }
}

/** The password stays until the cluster has gone, so that what is aside can be started in until then. */
async function takeOver(directory: string, dataDirectory: string): Promise<void> {
  await copyFile(join(directory, password), join(dataDirectory, password));
  await rename(join(directory, cluster), join(dataDirectory, cluster));
  const folder = await open(dataDirectory);
  await folder.sync().finally(() => folder.close());
  await rm(directory, { recursive: true, force: true });
}

async function filledAside<Filled>(
  dataDirectory: string,
  signal: AbortSignal,
  fill: (postgres: EmbeddedPostgres) => Promise<Filled>,
): Promise<Filled> {
  const postgres = await startEmbeddedPostgres({ dataDirectory, signal });
  // What is being written fails for want of its database.
  const end = (): void => void postgres.stop();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    const filled = await fill(postgres);
    signal.throwIfAborted();
    return filled;
  } finally {
    signal.removeEventListener('abort', end);
    await postgres.stop();
  }
}

/** Its server may be running still; starting in the folder ends it, or is refused while another restore is at it. */
async function clearKilled(directory: string): Promise<void> {
  if ((await namesIn(directory)).length === 0) return;
  const left = await startEmbeddedPostgres({ dataDirectory: directory });
  await left.stop();
  await rm(directory, { recursive: true, force: true });
}

/** Throws {@link CliFault} unless the directory is empty, not there, or holds nothing but a restore that was killed. */
export async function assertFree(directory: string): Promise<void> {
  const names = await namesIn(directory);
  const killed = names.includes(aside) && !names.includes(cluster);
  if (names.length === 0 || (killed && names.every((name) => name === aside || name === password))) return;
  throw new CliFault('refused', {
    vi: `${directory} không trống: hãy chọn thư mục mới.`,
    en: `${directory} is not empty: choose a new folder.`,
  });
}

function isInUse(error: unknown): boolean {
  return error instanceof EmbeddedPostgresFault && error.code === 'in-use';
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
}

function givenUp(): CliFault {
  return new CliFault('refused', {
    vi: 'Đã ngừng khôi phục: không để lại gì; hãy chạy lại lệnh này.',
    en: 'The restore was given up and leaves nothing: run it again.',
  });
}
