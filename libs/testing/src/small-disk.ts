import { describe, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inCi } from './run.config.js';

/** A disk of its own, mounted in a fresh folder, that is full when it holds so much. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** Of that size, such as `32m`; everybody may write on it. Throws with what `mount` says where nobody may mount. */
  static open(size: string): SmallDisk {
    const folder = mkdtempSync(join(tmpdir(), 'mangnon-disk-'));
    try {
      asRoot('mount', '-t', 'tmpfs', '-o', `size=${size},mode=1777`, 'tmpfs', folder);
    } catch (error) {
      rmdirSync(folder);
      throw error;
    }
    return new SmallDisk(folder);
  }

  resize(size: string): void {
    asRoot('mount', '-o', `remount,size=${size}`, this.folder);
  }

  /** Takes it away with all that is on it. */
  close(): void {
    asRoot('umount', this.folder);
    rmdirSync(this.folder);
  }
}

function asRoot(...words: readonly string[]): void {
  const line = process.getuid?.() === 0 ? words : ['sudo', '-n', ...words];
  const [program = '', ...flags] = line;
  const { status, stderr, error } = spawnSync(program, flags, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${line.join(' ')}: ${error?.message ?? stderr.trim()}`);
}

function mayMount(): boolean {
  try {
    SmallDisk.open('1m').close();
    return true;
  } catch {
    return false;
  }
}

/** Whether tests on a {@link SmallDisk} run: where nobody may mount they are skipped by name, but in CI they fail. */
const runs = inCi || mayMount();

/** `it` for a test on a {@link SmallDisk}. */
export const itOnSmallDisk = runs ? it : it.skip;
/** `describe` for tests on a {@link SmallDisk}. */
export const describeOnSmallDisk = runs ? describe : describe.skip;
