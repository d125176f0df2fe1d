import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Which incarnations of the log were ever given stands beside the keys, an empty file each: outside the database, so
 * that restoring an older copy of the log does not forget them, and what may have been mailed under one is never given
 * again.
 */
const mark = /^incarnation-(\d{1,9})$/;

/** The highest incarnation that is kept beside the keys; undefined where none is. */
export async function findHighestGiven(keysDirectory: string): Promise<number | undefined> {
  const names = await readdir(keysDirectory).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const given = names.flatMap((name) => mark.exec(name)?.[1] ?? []).map((text) => Number.parseInt(text, 10));
  return given.length === 0 ? undefined : Math.max(...given);
}

/**
 * Keeps that an incarnation is in use. A folder that nobody may write keeps nothing, and a restore then asks for what it
 * cannot find.
 */
export async function keepGiven(keysDirectory: string, incarnation: number): Promise<void> {
  try {
    await claim(keysDirectory, incarnation);
  } catch (error) {
    if (!['EROFS', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) throw error;
  }
}

/**
 * Gives the lowest incarnation above `above` and above all that are kept, to this caller alone; it is kept when this
 * returns, whether it is used or not.
 */
export async function giveIncarnation(keysDirectory: string, above: number): Promise<number> {
  await mkdir(keysDirectory, { recursive: true, mode: 0o700 });
  for (;;) {
    const incarnation = Math.max(above, (await findHighestGiven(keysDirectory)) ?? 0) + 1;
    if (await claim(keysDirectory, incarnation)) return incarnation;
  }
}

/** False where it was kept before. */
async function claim(keysDirectory: string, incarnation: number): Promise<boolean> {
  const made = await open(join(keysDirectory, `incarnation-${String(incarnation)}`), 'wx', 0o600).catch(
    (error: unknown) => {
      if (codeOf(error) === 'EEXIST') return undefined;
      throw error;
    },
  );
  if (!made) return false;
  await made.close();
  const folder = await open(keysDirectory);
  await folder.sync().finally(() => folder.close());
  return true;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
