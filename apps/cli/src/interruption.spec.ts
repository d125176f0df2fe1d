import { describe, expect, it } from '@jest/globals';
import { CliFault } from './fault.js';
import { byReader, bySignal, Interruption, unlessAborted } from './interruption.js';

const whole = { vi: 'Không để lại gì.', en: 'It leaves nothing.' };

describe('an interruption', () => {
  it('ends with what a shell tells of the signal, and of a reader who has enough with a success', async () => {
    for (const [reason, exit] of [
      [bySignal('SIGINT'), 130],
      [bySignal('SIGTERM'), 143],
      [bySignal('SIGHUP'), 129],
      [byReader(), 0],
    ] as const) {
      const interruption = new Interruption();
      interruption.interrupt(reason);
      expect((await interruption.over()).exit).toBe(exit);
    }
  });

  it('says something unless the reader has gone', () => {
    expect(bySignal('SIGINT').sentence?.en).toBe('Ended before it was done (SIGINT).');
    expect(byReader().sentence).toBeUndefined();
  });

  it('counts once, for the first reason', async () => {
    const interruption = new Interruption();
    interruption.interrupt(byReader());
    interruption.interrupt(bySignal('SIGINT'));
    expect((await interruption.over()).exit).toBe(0);
  });

  it('is over once what is under way has cleaned up, which may say what it leaves', async () => {
    const interruption = new Interruption();
    const done: string[] = [];
    const working = interruption.waitFor(async (signal) => {
      await unlessAborted(new Promise(() => undefined), signal).catch(() => undefined);
      await new Promise(setImmediate);
      done.push('cleaned up');
      throw new CliFault('refused', whole);
    });
    working.catch(() => undefined);
    const over = interruption.over().then((reason) => {
      done.push('over');
      return reason;
    });
    interruption.interrupt(bySignal('SIGINT'));
    expect(await over).toMatchObject({ exit: 130, sentence: whole });
    expect(done).toEqual(['cleaned up', 'over']);
  });

  it('gives work that is not interrupted its own outcome', async () => {
    const interruption = new Interruption();
    expect(await interruption.waitFor((signal) => unlessAborted(Promise.resolve(7), signal))).toBe(7);
    const failing = interruption.waitFor(() => Promise.reject(new Error('a fault')));
    await expect(failing).rejects.toThrow('a fault');
  });
});
