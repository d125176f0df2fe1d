import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('npm run engines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mangnon-path-'));
  beforeAll(() => symlinkSync(process.execPath, join(folder, 'node')));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function run(locale: string, ...flags: readonly string[]) {
    const env = { PATH: folder, LC_ALL: locale, HOME: folder };
    const ran = spawnSync(process.execPath, ['scripts/engines.mjs', ...flags], { env, encoding: 'utf8' });
    return { exit: ran.status, out: ran.stdout, err: ran.stderr };
  }

  it('says in one sentence what is missing on this machine', () => {
    const java = 'Kafka needs Java 17 or newer (the command java): install it, for example by';
    expect(run('C', '--no-postgres')).toEqual({
      ...{ exit: 1, out: '' },
      err: `${java} apt install openjdk-17-jre-headless.\n`,
    });
    expect(run('vi_VN.UTF-8').err).toMatch(/^Kafka cần Java 17 trở lên \(lệnh java\): .*\n$/);
  });

  it('takes no older Java', () => {
    writeFileSync(join(folder, 'java'), `#!/bin/sh\necho 'openjdk version "11.0.2"' >&2\n`, { mode: 0o755 });
    expect(run('C').err).toMatch(/^Kafka needs Java 17 or newer/);
    rmSync(join(folder, 'java'));
  });

  it('tells what it does, and refuses what it does not know', () => {
    expect(run('C', '--help')).toMatchObject({ exit: 0, err: '' });
    expect(run('C', '--help').out).toMatch(/^Usage: npm run engines -- \[--brokers N\]/);
    for (const flags of [['--brokers', '2'], ['--turbo']])
      expect(run('C', ...flags)).toMatchObject({ exit: 2, out: '', err: expect.stringMatching(/Usage:/) });
  });
});
