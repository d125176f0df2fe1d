import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** What a program answered. */
export interface Said {
  readonly code: number | null;
  readonly output: string;
}

/** A copy of the repository in a folder of its own, to plant things in; packages are the repository's. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'mangnon-workshop-'));

  /** Without `left`, which matches names of files and folders at the top. */
  constructor(left: RegExp = /^docs$/) {
    const never = /^(node_modules|dist|coverage|\.git|\.mangnon.*)$/;
    for (const name of readdirSync(repository)) {
      if (never.test(name) || left.test(name)) continue;
      cpSync(join(repository, name), join(this.folder, name), { recursive: true });
    }
    symlinkSync(join(repository, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** Copies what the repository has built. */
  bringBuilt(): void {
    cpSync(join(repository, 'dist'), join(this.folder, 'dist'), {
      recursive: true,
      preserveTimestamps: true,
    });
  }

  /** Writes a file of the copy. */
  plant(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** Removes a file or folder of the copy. */
  clear(path: string): void {
    rmSync(join(this.folder, path), { recursive: true, force: true });
  }

  /** Runs a program of the packages, or a script of ours, in the copy. */
  async run(program: string, ...flags: readonly string[]): Promise<Said> {
    // Jest asks its workers' programs for colours where its own output has some.
    const env = {
      ...process.env,
      FORCE_COLOR: undefined,
      NO_COLOR: '1',
      LANG: 'C.UTF-8',
      LC_ALL: '',
      LC_MESSAGES: '',
    };
    const child = spawn(process.execPath, [program, ...flags], { cwd: this.folder, env });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => said.push(part));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, output: Buffer.concat(said).toString('utf8') };
  }

  /** Removes the copy. */
  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
