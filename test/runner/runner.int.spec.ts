import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const runner = join(repository, 'test/runner/runner.mjs');

interface Told {
  readonly success: boolean;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const planted = {
  'a.planted.mjs': `
    import { describe, expect, it, jest } from '@jest/globals';
    process.env.LEFT_BEHIND = 'here';
    jest.spyOn(Date, 'now').mockReturnValue(1);
    it('passes', () => expect(1).toBe(1));
    it('fails', () => expect(1).toBe(2));
    it('hangs', () => new Promise(() => undefined));
    it('drops a rejection', async () => {
      void Promise.reject(new Error('nobody waits for this'));
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    it.skip('is left out', () => undefined);
    describe.each([[1], [2]])('each %i', (given) => {
      it('is told apart', () => expect(given).toBeLessThan(2));
    });
  `,
  'b.planted.mjs': `
    import { expect, it } from '@jest/globals';
    it('finds nothing that another file left behind', () => {
      expect(process.env.LEFT_BEHIND).toBeUndefined();
      expect(Date.now()).toBeGreaterThan(1);
    });
  `,
  'c.planted.mjs': `throw new Error('not even read');`,
  'd.planted.mjs': `
    import { afterAll, it } from '@jest/globals';
    it('passes, and cannot be cleared away', () => undefined);
    afterAll(() => Promise.reject(new Error('still in use')));
  `,
};

describe('the runner of our specs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mangnon-runner-'));
  let told: Told;

  const run = (...flags: readonly string[]): Told => {
    const settings = { rootDir: folder, testMatch: ['**/*.planted.mjs'], runner, testTimeout: 500 };
    const jest = join(repository, 'node_modules/jest/bin/jest.js');
    const argv = ['--no-warnings', jest, '--config', JSON.stringify(settings), '--json', '-w', '1', ...flags];
    const { stdout } = spawnSync(process.execPath, argv, { cwd: folder, encoding: 'utf8' });
    return JSON.parse(stdout) as Told;
  };
  const fileOf = (name: string): Told['testResults'][number] => {
    const file = told.testResults.find((one) => one.name.endsWith(name));
    if (!file) throw new Error(`${name} was not run`);
    return file;
  };

  beforeAll(() => {
    for (const [name, text] of Object.entries(planted)) writeFileSync(join(folder, name), text);
    told = run();
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('tells how each test ended, also one that hangs or drops a rejection', () => {
    const tests = fileOf('a.planted.mjs').assertionResults;
    expect(tests.map(({ title, status }) => `${title}: ${status}`)).toEqual([
      'passes: passed',
      'fails: failed',
      'hangs: failed',
      'drops a rejection: failed',
      'is left out: pending',
      'is told apart: passed',
      'is told apart: failed',
    ]);
    expect(tests[2]?.failureMessages.join()).toContain('Exceeded timeout of 500 ms');
    expect(tests[3]?.failureMessages.join()).toContain('nobody waits for this');
  });

  it('fails a file that cannot be read, or not be cleared away', () => {
    expect(fileOf('c.planted.mjs').message).toContain('not even read');
    expect(fileOf('d.planted.mjs').message).toContain('still in use');
    expect(told.numRuntimeErrorTestSuites).toBe(2);
    expect(told.success).toBe(false);
  });

  it('hands nothing of one file on to the next', () => {
    expect(fileOf('b.planted.mjs').assertionResults.map(({ status }) => status)).toEqual(['passed']);
  });

  it('runs what was asked for by name alone', () => {
    const { testResults } = run('-t', '^finds nothing', 'b.planted', 'a.planted');
    const ran = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status !== 'pending');
    expect(ran.map(({ title }) => title)).toEqual(['finds nothing that another file left behind']);
  });
});
