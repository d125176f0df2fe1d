import { describe, expect, it } from '@jest/globals';
import { eventually, Hopeless } from './eventually.js';

describe('eventually', () => {
  it('gives back the first answer that does not throw', async () => {
    let asked = 0;
    const third = (): number => {
      asked += 1;
      if (asked < 3) throw new Error('not yet');
      return asked;
    };
    expect(await eventually(third, { everyMs: 1 })).toBe(3);
  });

  it('gives up at its deadline and tells the last failure', async () => {
    const never = (): Promise<never> => Promise.reject(new Error('the entry is missing'));
    await expect(eventually(never, { withinMs: 5, everyMs: 1 })).rejects.toThrow(
      /within 5 ms.*entry is missing/,
    );
  });

  it('does not wait for what waiting cannot mend', async () => {
    let asked = 0;
    const hopeless = (): never => {
      asked += 1;
      throw new Hopeless('two receipts of one number');
    };
    await expect(eventually(hopeless)).rejects.toThrow('two receipts of one number');
    expect(asked).toBe(1);
  });
});
