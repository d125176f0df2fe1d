import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCodeOf } from './error-code.js';
import { EmbeddedPostgresFault } from './faults.js';
import { identityOf } from './processes.js';

const holderShape = z.object({ pid: z.number().int().positive(), identity: z.string() });
type Holder = z.infer<typeof holderShape>;

/**
 * Takes the data directory for this process alone and gives back what releases it. A holder that no longer lives (also
 * when its number was given to another process) is put aside. Throws the fault `in-use`.
 */
export function lockDataDirectory(directory: string): () => void {
  const lock = join(directory, 'lock');
  const mine = `${lock}.${String(process.pid)}`;
  const holder: Holder = { pid: process.pid, identity: identityOf(process.pid) ?? '' };
  writeFileSync(mine, JSON.stringify(holder), { mode: 0o600 });
  try {
    for (let tries = 0; !take(mine, lock); tries += 1) {
      const found = readHolder(lock);
      if (tries === 10 || (found && isAlive(found))) {
        throw new EmbeddedPostgresFault('in-use', String(found?.pid ?? '?'));
      }
      putAside(lock, `${mine}.old`, found);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(lock, { force: true });
}

/** A link appears whole and for one process only. */
function take(mine: string, lock: string): boolean {
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(holder: Holder): boolean {
  return identityOf(holder.pid) === holder.identity;
}

/** Moves the dead holder's lock away; gives it back when it turns out to be somebody else's by now. */
function putAside(lock: string, aside: string, dead: Holder | undefined): void {
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved?.identity !== dead?.identity) take(aside, lock);
  rmSync(aside, { force: true });
}

function readHolder(path: string): Holder | undefined {
  try {
    return holderShape.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
