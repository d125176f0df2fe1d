import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { Workshop, type Said } from '../workshop.js';

const main = (word: string): string => `import { word } from './word.js';\n\nconsole.log('${word}', word);\n`;

describe('npm start', () => {
  const workshop = new Workshop(/^(apps|libs|test|docs|bin)$/);
  const start = (): Promise<Said> => workshop.run('scripts/start.mjs');

  beforeAll(() => {
    workshop.plant('apps/standalone/src/main.ts', main('running'));
    workshop.plant('apps/standalone/src/word.ts', "export const word = 'one';\n");
    workshop.plant('apps/standalone/src/mail/mail.html', '<p></p>');
    workshop.plant('libs/kernel/src/kernel.ts', 'export const kernel = 1;\n');
  });
  afterAll(() => workshop.close());

  it('builds what is missing, copies what lies beside the code, and runs it', async () => {
    const { code, output } = await start();
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/^Building …\nBuilt in .* s\.\nrunning one\n$/),
    ]);
    expect(existsSync(join(workshop.folder, 'dist/apps/standalone/src/mail/mail.html'))).toBe(true);
  });

  it('builds nothing when nothing changed, and decides so within 0.3 s', async () => {
    const times: number[] = [];
    for (let tries = 0; tries < 5; tries += 1) {
      const began = performance.now();
      expect((await start()).output).toBe('running one\n');
      const ended = performance.now();
      // What Node itself takes to start is not counted; neither is what else the machine is doing.
      await workshop.run('-e', '0');
      times.push(ended - began - (performance.now() - ended));
    }
    expect(Math.min(...times)).toBeLessThan(300);
  });

  it('builds again what is other than its source, also when the source is older than before', async () => {
    workshop.plant('apps/standalone/src/word.ts', "export const word = 'two';\n");
    utimesSync(join(workshop.folder, 'apps/standalone/src/word.ts'), 1_600_000_000, 1_600_000_000);
    expect((await start()).output).toContain('running two\n');
  });

  it('builds again what somebody removed from dist', async () => {
    workshop.clear('dist/apps/standalone/src/word.js');
    expect((await start()).output).toContain('running two\n');
  });

  it('builds once when started twice at once', async () => {
    workshop.plant('apps/standalone/src/word.ts', "export const word = 'three';\n");
    const outputs = (await Promise.all([start(), start()])).map(({ output }) => output);
    expect(outputs.map((output) => output.includes('running three\n'))).toEqual([true, true]);
    expect(outputs.filter((output) => output.includes('Building'))).toHaveLength(1);
  });

  it('says what is wrong with the code and does not run it', async () => {
    workshop.plant('apps/standalone/src/word.ts', "export const word: number = 'four';\n");
    const { code, output } = await start();
    expect([code, output]).toEqual([1, expect.stringMatching(/word\.ts.*TS2322[\s\S]*The build failed/)]);
    expect(output).not.toContain('running');
  });

  it('asks for the packages in one sentence when they are not installed', async () => {
    workshop.clear('node_modules');
    const { code, output } = await start();
    expect([code, output]).toEqual([1, 'The packages are not installed yet: run npm ci first.\n']);
  });

  it.each(['18.20.4', '20.18.3'])('asks for a newer Node than %s in one sentence', async (version) => {
    workshop.plant(
      'older.cjs',
      `Object.defineProperty(process, 'versions', { value: { node: '${version}' } });`,
    );
    const { code, output } = await workshop.run('--require', './older.cjs', 'scripts/start.mjs');
    expect([code, output]).toEqual([1, `Măng Non needs Node.js 20.19 or newer; this is ${version}.\n`]);
  });

  it('asks so in words that Node 12 can read', () => {
    for (const file of ['scripts/start.mjs', 'scripts/node-version.mjs', 'bin/mangnon.js'])
      expect(readFileSync(file, 'utf8')).not.toMatch(/^import |\bawait\b|\?\?|\?\.|from 'node:/m);
  });
});
