import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../terminal.js';

describe('a process whose output nobody reads any more', () => {
  let folder: string;
  beforeEach(() => {
    build();
    folder = mkdtempSync(join(tmpdir(), 'mangnon-unread-'));
    chmodSync(folder, 0o711);
  }, 240_000);
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('still stops on Ctrl-C', async () => {
    const env = {
      ...{ ...process.env, PORT: '0', LC_ALL: 'C.UTF-8' },
      MANGNON_DATA_DIR: join(folder, 'data'),
      MANGNON_KEYS_DIR: join(folder, 'keys'),
    };
    const child = spawn(process.execPath, ['dist/apps/standalone/src/main.js'], { env, detached: true });
    const ended = new Promise((told) => child.once('exit', (code, signal) => told(code ?? signal)));
    await new Promise<void>((running) =>
      child.stdout.on('data', (part: Buffer) => {
        if (part.toString().includes('Ctrl-C')) running();
      }),
    );
    child.stdout.destroy();
    child.stderr.destroy();
    child.kill('SIGINT');
    const patience = setTimeout(() => child.kill('SIGKILL'), 50_000);
    expect(await ended).toBe(0);
    clearTimeout(patience);
  }, 120_000);
});
