import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf } from '#platform/embedded-postgres/processes.js';
import { eventually } from '#testing/eventually.js';
import { build, Terminal } from '../terminal.js';

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

  /** The one that has the data directory; a test goes on with it where the one before has left it. */
  let running: Terminal;

  async function goOn(): Promise<void> {
    running = open();
    await running.address();
  }

  beforeAll(() => build());
  afterAll(async () => {
    for (const terminal of terminals) {
      terminal.press('SIGINT');
      await terminal.ended();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs from nothing, says where to go, and Ctrl-C stops all of it within seconds', async () => {
    const terminal = open();
    const address = await terminal.address();
    expect((await fetch(`${address}/health/ready`)).status).toBe(200);
    expect(terminal.output).toContain('Made a new data directory');
    await terminal.setupPath();
    const [docs, inbox, data, setUp] = [
      ` +API pages: ${address}/docs\n`,
      ` +Mailbox: ${address}/inbox\n`,
      ` +Data: ${join(folder, 'data')}\n`,
      ` +Make the first administrator: ${address}/setup\\?link=\\S+ \\(this link works once\\)\n`,
    ];
    expect(terminal.output).toMatch(new RegExp(docs + inbox + data + setUp));
    const pid = Number(readFileSync(join(folder, 'data/postgres/postmaster.pid'), 'utf8').split('\n', 1)[0]);
    const began = performance.now();
    terminal.press('SIGINT');
    expect(await terminal.ended()).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(terminal.output).toContain('Stopped.');
    expect(identityOf(pid)).toBeUndefined();
    expect(existsSync(join(folder, 'data/lock'))).toBe(false);
  });

  it('lets exactly one of two that start at once have the data directory, and that one go on', async () => {
    const both = [open(), open()];
    const refused = await eventually(
      () => {
        const done = both.find(({ exit }) => exit !== undefined);
        if (!done) throw new Error('both are still starting');
        return done;
      },
      { withinMs: 60_000 },
    );
    expect(refused.exit).toBe(1);
    expect(refused.output).toMatch(/^The data directory is in use by process \d+: .*\n$/);
    running = both.find((terminal) => terminal !== refused) ?? refused;
    await running.address();
  });

  it('keeps the data directory from a later one, too', async () => {
    const later = open();
    expect(await later.ended()).toBe(1);
    expect(later.output).toMatch(/^The data directory is in use by process \d+: .*\n$/);
    expect((await fetch(`${await running.address()}/health/live`)).status).toBe(200);
  });

  it('comes up by itself after kill -9 and says what it found', async () => {
    running.press('SIGKILL');
    await running.ended();
    await goOn();
    expect(running.output).toMatch(
      /killed and left its PostgreSQL \(process \d+\) behind: it was stopped properly/,
    );
  });

  it('stops and says so when PostgreSQL ends by itself', async () => {
    const pid = Number(readFileSync(join(folder, 'data/postgres/postmaster.pid'), 'utf8').split('\n', 1)[0]);
    process.kill(pid, 'SIGKILL');
    expect(await running.ended()).toBe(1);
    expect(running.output).toContain('PostgreSQL ended by itself');
    await goOn();
    expect(running.output).toContain('recovered from its own log');
    running.press('SIGINT');
    await running.ended();
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
});
