import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Message } from '#kernel/message.js';
import { Chain } from './chain.js';

const at = (number: number) => ({ incarnation: 1, number });

function message(number: number, type: string, previous: number | undefined, key = 'a'): Message {
  const base = { id: `e-${String(number)}`, topic: 't', type, subject: key, key, time: '', data: {} };
  const sent = { ...base, position: at(number), actor: 'service:t' as const, correlationId: 'c' };
  return previous === undefined ? sent : { ...sent, previous: at(previous) };
}

/** What comes of messages given as number, type and number of the previous one: number and previous of those handed over. */
function passed(...given: readonly (readonly [number, string, (number | undefined)?, string?])[]) {
  const chain = new Chain(new Set(['Wanted.v1']));
  return given.flatMap(([number, type, previous, key]) => {
    const one = chain.pass(message(number, type, previous, key));
    return one ? [[one.position.number, one.previous?.number]] : [];
  });
}

const [wanted, other] = ['Wanted.v1', 'Other.v1'] as const;

describe('the chain of the wanted types', () => {
  it('names the one before it among them, from the second that is handed over', () => {
    expect(passed([1, wanted], [2, other, 1], [3, wanted, 2], [4, wanted, 3])).toEqual([
      [1, undefined],
      [3, 1],
      [4, 3],
    ]);
  });

  it('keeps keys apart', () => {
    expect(passed([1, wanted], [2, wanted, undefined, 'b'], [3, wanted, 1], [4, wanted, 2, 'b'])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 1],
      [4, 2],
    ]);
  });

  it('begins in the middle without naming what it has not seen', () => {
    expect(passed([7, wanted, 6], [8, wanted, 7])).toEqual([
      [7, undefined],
      [8, 7],
    ]);
  });

  it('names a missing message, wherever it was missing, at the next one that is handed over', () => {
    expect(passed([1, wanted], [3, wanted, 2], [4, wanted, 3])).toEqual([
      [1, undefined],
      [3, 2],
      [4, 3],
    ]);
    expect(passed([1, wanted], [3, other, 2], [4, other, 3], [5, wanted, 4], [6, wanted, 5])).toEqual([
      [1, undefined],
      [5, 2],
      [6, 5],
    ]);
  });

  it('leaves a chain of all messages as it is, but for the first of each key', () => {
    const chain = new Chain();
    const handed = [
      message(7, other, 6),
      message(8, wanted, 7),
      message(9, other, 8),
      message(3, wanted, 2, 'b'),
    ];
    expect(handed.map((one) => chain.pass(one)?.previous?.number)).toEqual([undefined, 7, 8, undefined]);
    expect(chain.pass(message(11, other, 10))?.previous?.number).toBe(10);
  });

  it('takes what the group has read for read, whichever of its members it was: a second publisher makes no gap', () => {
    const chain = new Chain(undefined, at(50));
    const handed = [message(29, wanted, 28), message(30, wanted, 29), message(51, wanted, 50)];
    expect(handed.map((one) => chain.pass(one)?.previous?.number)).toEqual([undefined, 29, 30]);
    expect(chain.pass(message(31, wanted, 30))?.previous).toBeUndefined();
    expect(chain.pass(message(53, wanted, 52))?.previous?.number).toBe(52);
  });

  it('finds one that is missing before the first of a key, where it knows what the group has read', () => {
    const first = (previous: number, known?: number) =>
      new Chain(new Set([wanted]), known === undefined ? undefined : at(known)).pass(
        message(60, wanted, previous),
      );
    expect(first(51, 50)?.previous?.number).toBe(51);
    expect(first(50, 50)?.previous).toBeUndefined();
    expect(first(51)?.previous).toBeUndefined();
  });

  it('goes on in another process knowing behind which keys something could not be read, until a later message came', () => {
    const before = new Chain(undefined, at(2));
    before.unreadable('a', at(2));
    before.unreadable('a', at(4));
    before.pass(message(5, wanted, 4, 'b'));
    expect([...before.doubts]).toEqual([['a', { stood: at(2) }]]);
    const missed = new Chain(undefined, at(5), before.doubts);
    expect(missed.pass(message(6, wanted, 3))?.previous).toEqual(at(3));
    const whole = new Chain(undefined, at(5), before.doubts);
    expect(whole.pass(message(2, wanted, 1))?.previous).toBeUndefined();
    expect(whole.doubts.size).toBe(1);
    expect(whole.pass(message(6, wanted, 2))?.previous).toEqual(at(2));
    expect([missed, whole].map(({ doubts }) => doubts.size)).toEqual([0, 0]);
  });

  it('tells the next process which message was missing before one that nobody wanted, too', () => {
    const before = new Chain(new Set([wanted]), at(2));
    before.unreadable('a', at(2));
    expect(before.pass(message(4, other, 3))).toBeUndefined();
    expect(before.pass(message(5, other, 4))).toBeUndefined();
    expect([...before.doubts]).toEqual([['a', { stood: at(2), missing: at(3) }]]);
    const after = new Chain(new Set([wanted]), at(9), before.doubts);
    expect(after.pass(message(1, wanted, undefined))?.previous).toBeUndefined();
    expect(after.pass(message(6, wanted, 5))?.previous).toEqual(at(3));
    expect(after.doubts.size).toBe(0);
  });

  it('doubts no key of which it knows nothing, and one that it has seen where the group’s place is not known', () => {
    const chain = new Chain();
    chain.unreadable('a', undefined);
    expect(chain.doubts.size).toBe(0);
    chain.pass(message(7, wanted, 6));
    chain.unreadable('a', undefined);
    expect([...chain.doubts]).toEqual([['a', { stood: at(7) }]]);
  });

  it('takes a message that comes twice for no gap', () => {
    expect(passed([1, wanted], [2, wanted, 1], [1, wanted], [2, wanted, 1], [3, wanted, 2])).toEqual([
      [1, undefined],
      [2, 1],
      [1, undefined],
      [2, undefined],
      [3, 2],
    ]);
  });

  it('finds a message that was taken out of any run, and nothing else', () => {
    const run = fc.array(fc.boolean(), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(run, fc.nat(), (types, nth) => {
        const all = types.map((isWanted, index) => [index, isWanted ? wanted : other, index - 1] as const);
        const whole = all.map(([number, type, previous]): [number, string, (number | undefined)?] =>
          previous < 0 ? [number, type] : [number, type, previous],
        );
        const gone = 1 + (nth % (types.length - 1));
        const handed = passed(...whole.filter((_, index) => index !== gone));
        const gaps = handed.filter(([, previous], index) => {
          const before = handed[index - 1]?.[0];
          return previous !== undefined && previous !== before;
        });
        const isFollowed = handed.some(([number]) => number !== undefined && number > gone);
        const isSeen = whole.length > gone + 1 && isFollowed;
        expect(gaps.map(([, previous]) => previous)).toEqual(isSeen ? [gone] : []);
      }),
    );
  });
});
