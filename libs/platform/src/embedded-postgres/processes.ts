import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const bootIdFile = '/proc/sys/kernel/random/boot_id';

/**
 * What tells a process from a later one with the same number: its start, and the machine's. Undefined when there is no
 * such process, or when it has ended and only waits to be collected.
 */
export function identityOf(pid: number): string | undefined {
  if (!existsSync(bootIdFile)) return askPs(pid, 'lstart=');
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The program's name stands in brackets and may hold spaces; what follows is numbered from the third field on.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : `${readFileSync(bootIdFile, 'utf8').trim()} ${fields[19] ?? ''}`;
  } catch {
    return undefined;
  }
}

/** The command line of a process with a space between its parts, or undefined when there is no such process. */
export function commandLineOf(pid: number): string | undefined {
  if (!existsSync(bootIdFile)) return askPs(pid, 'args=');
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8')
      .replaceAll('\0', ' ')
      .trim();
  } catch {
    return undefined;
  }
}

function askPs(pid: number, column: string): string | undefined {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { stdio: 'pipe', encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
