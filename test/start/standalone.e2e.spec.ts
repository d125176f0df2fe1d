import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { identityOf } from '#platform/embedded-postgres/processes.js';
import { eventually } from '#testing/eventually.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** `npm start` as somebody at a terminal has it, on a free port and a data directory of its own. */
class Terminal {
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

describe('npm start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mangnon-start-'));
  // PostgreSQL's own user passes through when this is root.
  chmodSync(folder, 0o711);
  const terminals: Terminal[] = [];
  const open = (environment?: Readonly<Record<string, string>>): Terminal => {
    const terminal = new Terminal(folder, environment);
    terminals.push(terminal);
    return terminal;
  };

  beforeAll(() => {
    const { status, stdout, stderr } = spawnSync('node', ['scripts/build.mjs'], {
      cwd: repository,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${stdout}${stderr}`);
  });
  afterEach(async () => {
    for (const terminal of terminals.splice(0)) {
      terminal.press('SIGINT');
      await terminal.ended();
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('runs from nothing, says where to go, and Ctrl-C stops all of it within seconds', async () => {
    const terminal = open();
    const address = await terminal.address();
    expect((await fetch(`${address}/health/ready`)).status).toBe(200);
    expect(terminal.output).toContain('Made a new data directory');
    const pid = Number(readFileSync(join(folder, 'data/postgres/postmaster.pid'), 'utf8').split('\n', 1)[0]);
    const began = performance.now();
    terminal.press('SIGINT');
    expect(await terminal.ended()).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(terminal.output).toContain('Stopped.');
    expect(identityOf(pid)).toBeUndefined();
    expect(existsSync(join(folder, 'data/lock'))).toBe(false);
  });

  it('comes up by itself after kill -9 and says what it found', async () => {
    const killed = open();
    await killed.address();
    killed.press('SIGKILL');
    await killed.ended();
    const next = open();
    await next.address();
    expect(next.output).toMatch(
      /killed and left its PostgreSQL \(process \d+\) behind: it was stopped properly/,
    );
  });

  it('refuses a data directory that another one uses, and lets that one go on', async () => {
    const first = open();
    const address = await first.address();
    const second = open();
    expect(await second.ended()).toBe(1);
    expect(second.output).toMatch(/^The data directory is in use by process \d+: .*\n$/);
    expect((await fetch(`${address}/health/live`)).status).toBe(200);
  });

  it('lets exactly one of two that start at once have the data directory', async () => {
    const both = [open(), open()];
    const first = await eventually(
      () => {
        const done = both.find(({ exit }) => exit !== undefined);
        if (!done) throw new Error('both are still starting');
        return done;
      },
      { withinMs: 60_000 },
    );
    expect(first.output).toContain('in use by process');
    await both.find((terminal) => terminal !== first)?.address();
  });

  it('refuses a port that is in use in one sentence', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = String(typeof address === 'object' ? address?.port : '');
    const terminal = open({ PORT: port, LC_ALL: 'vi_VN.UTF-8' });
    expect(await terminal.ended()).toBe(1);
    expect(terminal.output).toBe(
      `127.0.0.1:${port} đang được chương trình khác dùng: hãy dừng nó hoặc đặt PORT khác.\n`,
    );
    other.close();
  });

  it('refuses a data directory of another version in one sentence', async () => {
    const version = join(folder, 'data/postgres/PG_VERSION');
    const before = readFileSync(version, 'utf8');
    writeFileSync(version, '17\n');
    const terminal = open();
    expect(await terminal.ended()).toBe(1);
    expect(terminal.output).toMatch(/^The data directory was made by PostgreSQL 17: .*\n$/);
    writeFileSync(version, before);
  });

  it('prints every setting that is wrong and ends', async () => {
    const terminal = open({
      PORT: '70000',
      SMTP_URL: 'mail.example',
      MANGNON_KEYS_DIR: join(folder, 'data/keys'),
    });
    expect(await terminal.ended()).toBe(1);
    for (const name of ['PORT', 'SMTP_URL', 'MANGNON_KEYS_DIR'])
      expect(terminal.output).toContain(`  ${name} `);
  });

  it('stops and says so when PostgreSQL ends by itself', async () => {
    const terminal = open();
    await terminal.address();
    const pid = Number(readFileSync(join(folder, 'data/postgres/postmaster.pid'), 'utf8').split('\n', 1)[0]);
    process.kill(pid, 'SIGKILL');
    expect(await terminal.ended()).toBe(1);
    expect(terminal.output).toContain('PostgreSQL ended by itself');
    const next = open();
    await next.address();
    expect(next.output).toContain('recovered from its own log');
  });
});
