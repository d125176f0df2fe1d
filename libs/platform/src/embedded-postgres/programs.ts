import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findImpassable, type ServerAccount } from './account.js';
import { binariesUnder, installedBinaries, type PostgresBinaries } from './binaries.js';

/** Programs that the server's account may run. */
export interface ReachablePrograms {
  readonly binaries: PostgresBinaries;
  /** PostgreSQL's version, such as `18.4`; a data directory belongs to the number before the point. */
  readonly version: string;
  /** Where they were copied to just now, if they were. */
  readonly copiedTo?: string;
}

/**
 * The installed programs; or, when the account may not enter the folder they lie in (a clone under root's home), a copy
 * of them in `folder`, made once a version. Throws the fault `no-binaries`.
 */
export function reachablePrograms(
  account: ServerAccount | undefined,
  folder: string,
  installed: PostgresBinaries = installedBinaries(),
): ReachablePrograms {
  const said = execFileSync(installed.postgres, ['--version'], { encoding: 'utf8', env: { LC_ALL: 'C' } });
  const version = /\d+\.\d+/.exec(said)?.[0] ?? said.trim();
  if (!account || !findImpassable(installed.root, account)) return { binaries: installed, version };
  const copy = join(folder, `postgres-${version}`);
  if (existsSync(copy)) return { binaries: binariesUnder(copy), version };
  const half = `${copy}.new`;
  rmSync(half, { recursive: true, force: true });
  cpSync(installed.root, half, { recursive: true, verbatimSymlinks: true });
  renameSync(half, copy);
  return { binaries: binariesUnder(copy), version, copiedTo: copy };
}
