import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '#testing/eventually.js';
import { build } from '../terminal.js';
import { Workshop } from '../workshop.js';

describe('npx nest start standalone --watch', () => {
  const workshop = new Workshop(/^(docs|test)$/);
  let output = '';
  let nest: ChildProcess;

  const said = async (line: RegExp): Promise<void> =>
    eventually(() => expect(output).toMatch(line), { withinMs: 120_000, everyMs: 100 });

  beforeAll(() => {
    // As on most days, something is built already, so that only what has changed is compiled.
    build();
    workshop.bringBuilt();
    // PostgreSQL's own user passes through when this is root.
    chmodSync(workshop.folder, 0o711);
    const flags = ['node_modules/@nestjs/cli/bin/nest.js', 'start', 'standalone', '--watch'];
    const env = {
      ...process.env,
      LC_ALL: 'C.UTF-8',
      PORT: '0',
      MANGNON_DATA_DIR: join(workshop.folder, 'data'),
      MANGNON_KEYS_DIR: join(workshop.folder, 'keys'),
    };
    nest = spawn(process.execPath, flags, { cwd: workshop.folder, env, detached: true });
    for (const stream of [nest.stdout, nest.stderr]) {
      stream?.on('data', (part: Buffer) => {
        output += part.toString('utf8');
      });
    }
  });
  afterAll(async () => {
    const data = join(workshop.folder, 'data');
    // Ctrl-C goes to every process of the terminal's group.
    if (nest.pid !== undefined) process.kill(-nest.pid, 'SIGINT');
    await eventually(() => expect(nest.exitCode ?? nest.signalCode).not.toBeNull(), { withinMs: 60_000 });
    expect(existsSync(join(data, 'lock'))).toBe(false);
    workshop.close();
  }, 90_000);

  it('compiles and runs all of it, and shows a changed file live on the same data', async () => {
    await said(/Made a new data directory[\s\S]*Măng Non is running\. /);
    const file = 'apps/standalone/src/sentences.ts';
    const before = readFileSync(join(workshop.folder, file), 'utf8');
    workshop.plant(file, before.replace('Măng Non is running.', 'Măng Non is running anew.'));
    await said(/Stopped\.[\s\S]*Măng Non is running anew\. /);
    expect(output).not.toContain('in use by');
    const address = /anew[\s\S]*API pages: (http:\S+)\/docs/.exec(output)?.[1] ?? '';
    expect((await fetch(`${address}/health/ready`)).status).toBe(200);
  }, 240_000);
});
