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

/** `npm start` as somebody at a terminal has it, on a free port and a data directory of its own. */
export class Terminal {
  output = '';
  exit: number | null | undefined;
  private readonly child: ChildProcess;

  constructor(folder: string, environment: Readonly<Record<string, string>> = {}) {
    const env = {
      ...process.env,
      LC_ALL: 'C.UTF-8',
      PORT: '0',
      MANGNON_DATA_DIR: join(folder, 'data'),
      MANGNON_KEYS_DIR: join(folder, 'keys'),
      ...environment,
    };
    this.child = spawn(process.execPath, ['scripts/start.mjs'], { cwd: repository, env, detached: true });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (part: Buffer) => {
        this.output += part.toString('utf8');
      });
    }
    this.child.once('close', (code) => {
      this.exit = code;
    });
  }

  async address(): Promise<string> {
    const found = await eventually(
      () => {
        const address = /API pages: (http:\S+)\/docs/.exec(this.output)?.[1];
        if (address === undefined && this.exit === undefined) throw new Error(`not up: ${this.output}`);
        return address;
      },
      { withinMs: 60_000 },
    );
    if (found === undefined) throw new Error(`ended: ${this.output}`);
    return found;
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
