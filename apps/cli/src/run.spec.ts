import { describe, expect, it } from '@jest/globals';
import type { Environment } from './config.js';
import { runCli } from './run.js';

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

const commands = [
  [],
  ['export'],
  ['export', 'events'],
  ['replay'],
  ['status'],
  ['backup'],
  ['restore'],
  ['login'],
  ['logout'],
  ['access'],
  ['access', 'recover'],
  ['fund'],
  ['fund', 'open'],
  ['parked'],
  ['parked', 'list'],
  ['parked', 'replay'],
  ['held'],
  ['held', 'list'],
  ['held', 'release'],
  ['rebuild'],
];

describe('mangnon --help', () => {
  it.each(commands)('tells what %s %s does, in both languages, with an example', async (...words) => {
    const english = await cli([...words, '--help']);
    const vietnamese = await cli([...words, '--help', '--lang', 'vi']);
    expect([english.code, vietnamese.code]).toEqual([0, 0]);
    expect(english.out).toMatch(/^Usage: mangnon/);
    expect(vietnamese.out).toMatch(/^Cách dùng: mangnon/);
    expect(vietnamese.out).not.toMatch(/Options:|Commands:|Arguments:|default|choices/);
    if (!['export', 'access', 'fund', 'parked', 'held'].includes(words.join(' ')))
      expect(english.out).toContain('Examples:\n  mangnon');
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
