import { describe, expect, it } from '@jest/globals';
import { readAsked } from './asked.js';

describe('what the bench is asked for', () => {
  it('is the default run with 64 clients where nothing else is said', () => {
    expect(readAsked(['donations'])).toMatchObject({ names: ['donations'], mode: 'standalone', clients: 64 });
  });

  it('may be each service as a process of its own', () => {
    expect(readAsked(['journey', '--mode', 'distributed']).mode).toBe('distributed');
  });

  it.each([
    [['--mode', 'clustered'], '--mode is standalone or distributed, not "clustered"'],
    [['--seconds', '0'], '--seconds is a whole number from 1 on, not "0"'],
  ])('is refused in a sentence: %p', (argv, sentence) => {
    expect(() => readAsked(argv)).toThrow(sentence);
  });
});
