import { describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { help, readArguments } from './arguments.js';
import { DemoRefused } from './demo-refused.js';

describe('what stands behind npm run demo --', () => {
  it('may be nothing: two years, in a folder of the demo, and then an end', () => {
    expect(readArguments([])).toEqual({
      help: false,
      keep: false,
      statement: undefined,
      directory: resolve('.mangnon-demo'),
    });
  });

  it('may name a statement, a folder, and that it goes on', () => {
    expect(readArguments(['--statement', 'a.csv', '--dir=b', '--keep'])).toEqual({
      help: false,
      keep: true,
      statement: resolve('a.csv'),
      directory: resolve('b'),
    });
  });

  it('may ask for the help, which names all of it', () => {
    for (const flag of ['-h', '--help']) expect(readArguments([flag]).help).toBe(true);
    for (const name of ['--keep', '--statement', '--dir', '--help']) expect(help).toContain(` -- ${name}`);
  });

  it.each([
    [['--kepe'], "Unknown option '--kepe': see npm run demo -- --help."],
    [['--statement'], "Option '--statement <value>' argument missing: see npm run demo -- --help."],
    [['--keep=yes'], "Option '--keep' does not take an argument: see npm run demo -- --help."],
    [['a.csv'], "Unexpected argument 'a.csv': see npm run demo -- --help."],
    [['--statement='], 'A file or folder without a name was given: see npm run demo -- --help.'],
    [['--dir', ''], 'A file or folder without a name was given: see npm run demo -- --help.'],
  ])('is refused in one sentence where it is %p', (given, sentence) => {
    expect(() => readArguments(given)).toThrow(new DemoRefused(sentence));
  });
});
