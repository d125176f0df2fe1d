import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '#testing/eventually.js';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** Builds what `npm start` runs, where something changed; throws with what the build said. */
export function build(): void {
  const options = { cwd: repository, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync('node', ['scripts/build.mjs'], options);
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
}

/** What is typed into a terminal, and by whom. */
export interface Typed {
  readonly command: string;
  readonly flags: readonly string[];
  /** Whoever runs the test when absent. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
}

const npmStart: Typed = { command: process.execPath, flags: ['scripts/start.mjs'] };

/** A terminal with a program of ours: `npm start` on a free port and a data directory of its own, if nothing else is typed. */
export class Terminal {
  output = '';
  exit: number | null | undefined;
  private readonly child: ChildProcess;

  constructor(folder: string, environment: Readonly<Record<string, string>> = {}, typed: Typed = npmStart) {
    const env = {
      ...process.env,
      LC_ALL: 'C.UTF-8',
      PORT: '0',
      MANGNON_DATA_DIR: join(folder, 'data'),
      MANGNON_KEYS_DIR: join(folder, 'keys'),
      ...environment,
    };
    const { command, flags, account } = typed;
    this.child = spawn(command, flags, { cwd: repository, env, detached: true, ...account });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (part: Buffer) => {
        this.output += part.toString('utf8');
      });
    }
    this.child.once('close', (code) => {
      this.exit = code;
    });
  }

  /** Process number of the program; throws where it could not be started. */
  get pid(): number {
    const { pid } = this.child;
    if (pid === undefined) throw new Error('the program could not be started');
    return pid;
  }

  /** Where the API is, once it is up. */
  async address(): Promise<string> {
    const [, address = ''] = await this.said(/API pages: (http:\S+)\/docs/);
    return address;
  }

  /** The path and query of the page that makes the first administrator, once its line is printed to the end. */
  async setupPath(): Promise<string> {
    const [, path = ''] = await this.said(/http:\/\/[^/\s]+(\/setup\?link=\S+)\s/);
    return path;
  }

  /** Waits until the program has printed this; throws when it ends without. */
  async said(words: RegExp, withinMs = 60_000): Promise<RegExpExecArray> {
    const found = await eventually(
      () => {
        const match = words.exec(this.output);
        if (!match && this.exit === undefined) throw new Error(`not yet: ${this.output}`);
        return match;
      },
      { withinMs },
    );
    if (!found) throw new Error(`ended: ${this.output}`);
    return found;
  }

  /** Types into the program. */
  type(text: string): void {
    this.child.stdin?.write(text);
  }

  /** Ctrl-C goes to every process of the terminal's group. */
  press(signal: NodeJS.Signals): void {
    if (this.child.pid !== undefined && this.exit === undefined) process.kill(-this.child.pid, signal);
  }

  async ended(): Promise<number | null> {
    return eventually(
      () => {
        if (this.exit === undefined) throw new Error(`still running: ${this.output}`);
        return this.exit;
      },
      { withinMs: 60_000 },
    );
  }
}
