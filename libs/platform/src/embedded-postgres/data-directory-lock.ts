import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { errorCodeOf } from './error-code.js';
import { EmbeddedPostgresFault, faultOfNode } from './faults.js';
import { identityOf } from './processes.js';

const holderShape = z.object({ pid: z.number(), identity: z.string(), leaving: z.boolean() });
type Holder = z.infer<typeof holderShape>;

/** How long a start waits for a holder that has said it is leaving. */
const leaveWithinMs = 30_000;

/** A data directory that belongs to this process alone. */
export interface DirectoryLock {
  /** Says that it will be free in a moment: the next process waits instead of being refused. */
  leave(): void;
  /** Frees it. */
  release(): void;
}

/**
 * Takes the data directory for this process. A holder that no longer lives (also when its number was given to another
 * process) is put aside; one that is stopping is waited for. Throws the fault `in-use`, or the signal's reason.
 */
export async function lockDataDirectory(directory: string, signal?: AbortSignal): Promise<DirectoryLock> {
  const lock = join(directory, 'lock');
  const mine = `${lock}.${String(process.pid)}`;
  const deadline = Date.now() + leaveWithinMs;
  const write = (leaving: boolean): void => {
    const holder: Holder = { pid: process.pid, identity: identityOf(process.pid) ?? '', leaving };
    writeFileSync(mine, JSON.stringify(holder), { mode: 0o600 });
  };
  write(false);
  try {
    while (!take(mine, lock)) {
      signal?.throwIfAborted();
      await makeRoom(lock, `${mine}.old`, deadline);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return {
    leave: () => {
      try {
        write(true);
        renameSync(mine, lock);
      } catch (error) {
        // On a full disk a next start is refused instead of waiting, and this one still stops properly.
        rmSync(mine, { force: true });
        if (faultOfNode(error, directory)?.code !== 'disk-full') throw error;
      }
    },
    release: () => rmSync(lock, { force: true }),
  };
}

/** A link appears whole, and for one process only. */
function take(mine: string, lock: string): boolean {
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function makeRoom(lock: string, aside: string, deadline: number): Promise<void> {
  const holder = readHolder(lock);
  if (!holder || identityOf(holder.pid) !== holder.identity) {
    putAside(lock, aside, holder);
  } else if (holder.leaving && Date.now() < deadline) {
    await delay(50);
  } else {
    throw new EmbeddedPostgresFault('in-use', String(holder.pid));
  }
}

/** Moves the dead holder's lock away; gives it back when it turns out to be somebody else's by now. */
function putAside(lock: string, aside: string, dead: Holder | undefined): void {
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  if (readHolder(aside)?.identity !== dead?.identity) take(aside, lock);
  rmSync(aside, { force: true });
}

function readHolder(path: string): Holder | undefined {
  try {
    return holderShape.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
