import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
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
  workshop.plant('apps/ledger/src/sum.ts', sum);
  afterEach(() => workshop.plant('apps/ledger/src/sum.ts', sum));
  afterAll(() => workshop.close());

  it.each([
    ['types', 'a wrong type', sum.replace('return a + b', 'return String(a + b)')],
    ['code', 'a broken house rule', sum.replace('/** Their sum. */\n', '')],
    ['imports', 'an import that may not be', `import '#testing/planted.js';\n\n${sum}`],
    ['unused', 'an export that nobody uses', `${sum}\n/** Nobody asks. */\nexport const nobody = 1;\n`],
    ['format', 'another formatting', sum.replaceAll('  ', '    ')],
  ])('%s passes, and fails for %s', async (check, _what, text) => {
    expect((await workshop.run('scripts/lint.mjs', check)).output).toMatch(new RegExp(`^passed  ${check}`));
    workshop.plant('apps/ledger/src/sum.ts', text);
    const { code, output } = await workshop.run('scripts/lint.mjs', check);
    expect([code, output]).toEqual([1, expect.stringContaining(`FAILED  ${check}`)]);
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
