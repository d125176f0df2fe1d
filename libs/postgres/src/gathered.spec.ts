import { describe, expect, it } from '@jest/globals';
import { Gathered, type Gathering } from './gathered.js';

/** Answers words in capitals; which statements fail, and how, is up to the test. */
function capitals(
  options: Partial<Gathering<string, string>> = {},
  failure: (words: readonly string[]) => Error | undefined = () => undefined,
): {
  readonly asked: (words: readonly string[]) => Promise<readonly string[]>;
  readonly statements: (readonly string[])[];
} {
  const statements: (readonly string[])[] = [];
  const together = async (words: readonly string[]): Promise<readonly string[]> => {
    statements.push(words);
    await new Promise(setImmediate);
    const error = failure(words);
    if (error) throw error;
    return words.map((word) => word.toUpperCase());
  };
  const alone = async (word: string): Promise<string> => (await together([word]))[0] ?? '';
  const gathered = new Gathered({ together, alone, togetherMax: 64, ...options });
  const told = (word: string): Promise<string> =>
    gathered.ask(word).catch((error: unknown) => (error as Error).message);
  return { statements, asked: (words) => Promise.all(words.map(told)) };
}

describe('gathered asking', () => {
  it('shares a statement within one turn, each answered with its own', async () => {
    const { asked, statements } = capitals();
    expect(await asked(['c', 'a', 'b', 'a'])).toEqual(['C', 'A', 'B', 'A']);
    expect(await asked(['g'])).toEqual(['G']);
    expect(statements).toEqual([['c', 'a', 'b', 'a'], ['g']]);
  });

  it('goes in statements of at most so many', async () => {
    const { asked, statements } = capitals();
    const words = Array.from({ length: 130 }, (_, index) => `w${String(index)}`);
    expect(await asked(words)).toEqual(words.map((word) => word.toUpperCase()));
    expect(statements.map(({ length }) => length)).toEqual([64, 64, 2]);
  });

  it('waits while as many are under way as may be, and shares the next one', async () => {
    const { asked, statements } = capitals({ underWayMax: 1, togetherMax: 2 });
    expect(await asked(['a', 'b', 'c', 'd', 'e'])).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(statements).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('has at most one of a key in a statement, in the order asked', async () => {
    const { asked, statements } = capitals({ underWayMax: 1, keyOf: (word) => word[0] ?? '' });
    expect(await asked(['a1', 'a2', 'b1', 'a3'])).toEqual(['A1', 'A2', 'B1', 'A3']);
    expect(statements).toEqual([['a1', 'b1'], ['a2'], ['a3']]);
  });

  it('fails for that one alone which would have failed alone', async () => {
    const { asked } = capitals({}, (words) =>
      words.includes('b') ? new Error('b is unreadable') : undefined,
    );
    expect(await asked(['a', 'b', 'c'])).toEqual(['A', 'b is unreadable', 'C']);
  });

  it('fails together and at once where the connection is lost, and asks again for those who come later', async () => {
    let lost = true;
    const error = new Error('Connection terminated unexpectedly');
    const { asked, statements } = capitals({ underWayMax: 1 }, () => (lost ? error : undefined));
    expect(await asked(['a', 'b'])).toEqual([error.message, error.message]);
    expect(statements).toHaveLength(1);
    lost = false;
    expect(await asked(['a'])).toEqual(['A']);
  });
});
