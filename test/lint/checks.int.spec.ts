import { afterAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Workshop } from '../workshop.js';

describe('lint', () => {
  // A small repository of the same rules: the sources themselves are linted as a whole by `npm run lint`.
  const workshop = new Workshop(
    /^(apps|libs|test|bin|deploy|docs|scripts|jest\.config\.mjs|package-lock\.json)$/,
  );
  for (const script of ['scripts/lint.mjs', 'scripts/complete-lockfile.mjs']) {
    workshop.plant(script, readFileSync(script, 'utf8'));
  }
  const devDependencies = { '@eslint/js': '10', eslint: '10', 'typescript-eslint': '8' };
  const manifest = { name: 'small', private: true, type: 'module', devDependencies };
  workshop.plant('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  for (const folder of ['libs', 'test']) workshop.plant(`${folder}/.gitkeep`, '');
  workshop.plant(
    'apps/ledger/src/main.ts',
    "import { sum } from './sum.js';\n\nprocess.stdout.write(String(sum(1, 2)));\n",
  );
  const sum = '/** Their sum. */\nexport function sum(a: number, b: number): number {\n  return a + b;\n}\n';
  afterAll(() => workshop.close());

  // That they pass where nothing is planted is what `npm run lint` itself shows of the sources.
  it('finds a wrong type, a broken house rule, a forbidden import, an unused export, another formatting', async () => {
    const wrong = sum.replace('/** Their sum. */\n', '').replace('return a + b', '  return String(a + b)');
    const unused = '\n/** Nobody asks. */\nexport const nobody = 1;\n';
    workshop.plant('apps/ledger/src/sum.ts', `import '#testing/planted.js';\n\n${wrong}${unused}`);
    const { code, output } = await workshop.run('scripts/lint.mjs');
    const findings = {
      types: /sum\.ts\(\d+,\d+\): error TS2322/,
      code: /house\/doc-on-exports/,
      imports: /error \S+: apps\/ledger\/src\/sum\.ts → #testing\/planted\.js/,
      unused: /nobody .*apps\/ledger\/src\/sum\.ts/,
      format: /\[warn\] apps\/ledger\/src\/sum\.ts/,
    };
    const said = output.split(/^(?=passed {2}|FAILED {2})/m);
    for (const [check, finding] of Object.entries(findings)) {
      const ofCheck = said.find((part) => part.startsWith(`FAILED  ${check} `));
      expect(ofCheck).toMatch(finding);
    }
    expect(code).toBe(1);
  });

  it('lockfile passes, and fails for a lockfile that npm ci refuses on another machine', async () => {
    const lockOf = (packages: object): string => JSON.stringify({ packages });
    const parent = { '': { optionalDependencies: { 'engine-darwin-arm64': '1.2.3' } } };
    const whole = { ...parent, 'node_modules/engine-darwin-arm64': { version: '1.2.3' } };
    workshop.plant('package-lock.json', lockOf(whole));
    expect((await workshop.run('scripts/lint.mjs', 'lockfile')).output).toMatch(/^passed {2}lockfile/);
    workshop.plant('package-lock.json', lockOf(parent));
    const { code, output } = await workshop.run('scripts/lint.mjs', 'lockfile');
    expect([code, output]).toEqual([1, expect.stringContaining('engine-darwin-arm64@1.2.3')]);
  });
});
