import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { EmbeddedPostgresFault } from './faults.js';

/** The user that PostgreSQL runs as when we are root; it refuses to run as root itself. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account for the server: undefined for an ordinary user (it runs as ourselves), the system user `postgres` for
 * root, made when it is missing. Throws the fault `no-account`.
 */
export function serverAccount(): ServerAccount | undefined {
  if (userInfo().uid !== 0) return undefined;
  const known = findAccount();
  if (known) return known;
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'pipe' });
  } catch (error) {
    throw new EmbeddedPostgresFault('no-account', firstLine(error));
  }
  const made = findAccount();
  if (!made) throw new EmbeddedPostgresFault('no-account', 'useradd');
  return made;
}

function findAccount(): ServerAccount | undefined {
  const ask = (flag: string): number =>
    Number.parseInt(execFileSync('id', [flag, 'postgres'], { stdio: 'pipe', encoding: 'utf8' }), 10);
  try {
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    return undefined;
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? '';
}

/** The outermost folder on the way to `path` that the account may not enter, or undefined when it may enter all. */
export function findImpassable(path: string, account: ServerAccount): string | undefined {
  const folders: string[] = [];
  for (let at = resolve(path); ; at = dirname(at)) {
    folders.unshift(at);
    if (at === dirname(at)) break;
  }
  return folders.find((folder) => !mayEnter(folder, account));
}

function mayEnter(folder: string, account: ServerAccount): boolean {
  const { mode, uid, gid } = statSync(folder);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
