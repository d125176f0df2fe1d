import { describe, expect, it } from '@jest/globals';
import { CheckpointLost, type Checkpoint } from '#kernel/checkpoint.js';
import { StoreStanding } from './store-standing.js';

const end = (number: number): Checkpoint => ({
  position: { incarnation: 1, number },
  eventId: `e-${String(number)}`,
  cursor: String(number),
});

/** A store whose answers come when they are given. */
function asked() {
  const answers: ((head: Checkpoint | Error | undefined) => void)[] = [];
  const head = (): Promise<Checkpoint | undefined> =>
    new Promise((resolve, reject) => {
      answers.push((told) => (told instanceof Error ? reject(told) : resolve(told)));
    });
  const subscribe = (): never => {
    throw new Error('nobody reads here');
  };
  return { standing: new StoreStanding({ head, subscribe }), answers };
}

describe('where the store stands', () => {
  it('is asked anew each time, and an answer that comes late is no store that was restored', async () => {
    const { standing, answers } = asked();
    const told = [standing.now('a'), standing.now('b')];
    answers[1]?.(end(12));
    expect(await told[1]).toEqual(end(12));
    answers[0]?.(end(10));
    expect(await told[0]).toEqual(end(10));
  });

  it('is what was seen last while the store cannot be reached', async () => {
    const { standing, answers } = asked();
    const first = standing.now('a');
    answers[0]?.(end(3));
    await first;
    const second = standing.now('a');
    answers[1]?.(new Error('away'));
    expect(await second).toEqual(end(3));
  });

  it.each([
    ['earlier', end(2)],
    ['nothing', undefined],
  ])('is lost where it ends %s than was seen', async (_what, now) => {
    const { standing, answers } = asked();
    const first = standing.now('a');
    answers[0]?.(end(3));
    await first;
    const second = standing.now('a');
    answers[1]?.(now);
    await expect(second).rejects.toThrow(CheckpointLost);
  });
});
