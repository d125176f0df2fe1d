import { describe, expect, it } from '@jest/globals';
import type { Environment } from './config.js';
import { Interruption } from './interruption.js';
import { programOf } from './program.js';
import { runCli } from './run.js';
import { Terminal } from './terminal.js';

async function cli(argv: readonly string[], environment: Environment = {}) {
  let out = '';
  let err = '';
  const code = await runCli(argv, {
    streams: {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      isScreen: false,
    },
    environment,
    pour: () => Promise.reject(new Error('nothing to pour')),
    ask: () => Promise.resolve(undefined),
    readInput: () => Promise.resolve(''),
  });
  return { code, out, err };
}

/** Every command there is, as the words that call it; those of a group are called with one more word. */
const program = programOf({
  terminal: new Terminal({ out: () => undefined, err: () => undefined, isScreen: false }, 'en'),
  environment: {},
  interruption: new Interruption(),
  pour: () => Promise.resolve(),
  ask: () => Promise.resolve(undefined),
  readInput: () => Promise.resolve(''),
});
type Words = readonly string[];
const wordsOf = ({ commands: within }: typeof program, before: Words = []): readonly Words[] => [
  before,
  ...within.flatMap((one) => wordsOf(one, [...before, one.name()])),
];
const commands = wordsOf(program);
const isGroup = (words: Words): boolean =>
  words.length > 0 &&
  commands.some((other) => other.length > words.length && words.every((word, at) => other[at] === word));

describe('mangnon --help', () => {
  it.each(commands)('tells what %s %s does, in both languages, with an example', async (...words) => {
    const english = await cli([...words, '--help']);
    const vietnamese = await cli([...words, '--help', '--lang', 'vi']);
    expect([english.code, vietnamese.code]).toEqual([0, 0]);
    expect(english.out).toMatch(/^Usage: mangnon/);
    expect(vietnamese.out).toMatch(/^Cách dùng: mangnon/);
    expect(vietnamese.out).not.toMatch(/Options:|Commands:|Arguments:|default|choices/);
    if (!isGroup(words)) expect(english.out).toContain('Examples:\n  mangnon');
  });

  it('is asked of every command', () => {
    expect(commands.map((words) => words.join(' '))).toEqual(
      expect.arrayContaining([
        '',
        'replay',
        'export events',
        'import statement',
        'access recover',
        'rebuild',
      ]),
    );
  });

  it('documents every exit code', async () => {
    const { out } = await cli(['--help']);
    for (const code of [0, 1, 2, 3, 4, 70, 130])
      expect(out).toMatch(new RegExp(`^ {2}${String(code)} `, 'm'));
  });

  it('is what a bare call gets', async () => {
    expect(await cli([])).toEqual(await cli(['--help']));
  });

  it('follows the locale, and --lang before it', async () => {
    const locale = { LANG: 'vi_VN.UTF-8' };
    expect((await cli(['--help'], locale)).out).toContain('Cách dùng');
    expect((await cli(['--help', '--lang=en'], locale)).out).toContain('Usage');
    expect((await cli(['--help'], { ...locale, LC_ALL: 'en_US.UTF-8' })).out).toContain('Usage');
  });
});

describe('a wrong command line', () => {
  it.each([
    [['nope'], 'there is no such command'],
    [['replay', '--nope'], 'there is no such option'],
    [['rebuild'], 'an argument is missing'],
    [['replay', '--from'], 'an option lacks its value'],
    [['login', '--days', 'many'], 'a value is not valid'],
    [['fund', 'open', '--level', 'district'], 'a value is not valid'],
    [['backup', 'here', 'there'], 'there are too many arguments'],
    [['replay', '--only', 'nobody.knows'], 'There is no read model nobody.knows'],
  ])('%p is told in one sentence with exit code 2', async (argv, sentence) => {
    const { code, out, err } = await cli(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(sentence);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('is told in Vietnamese too', async () => {
    expect((await cli(['nope', '--lang', 'vi'])).err).toContain('không có lệnh này');
  });

  it('with a wrong address of the database is told so', async () => {
    const { code, err } = await cli(['status'], { MANGNON_DATABASE_URL: 'http://example.org' });
    expect(code).toBe(2);
    expect(err).toContain('MANGNON_DATABASE_URL');
  });
});
