import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { noted, several } from '../contract-engine.contract.js';
import { encodeAppend, type EncodedAppend } from '../encoding.js';
import { StoreBusy, WrongExpectedVersion } from '../event-store.js';
import type { Outcome } from './append-call.js';
import { AppendQueue, defaultLimits, type AppendQueueLimits } from './append-queue.js';

interface Call {
  readonly appends: readonly EncodedAppend[];
  readonly streams: readonly string[];
  answer(outcomes?: readonly Outcome[]): Promise<void>;
  fail(error: Error): Promise<void>;
}

const done: Outcome = { revision: 0, position: { incarnation: 1, number: 1 }, recordedAt: '' };
const turn = (): Promise<void> => jest.advanceTimersByTimeAsync(0);

describe('the queue of appends', () => {
  let calls: Call[];

  beforeEach(() => {
    jest.useFakeTimers();
    calls = [];
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function queue(limits: Partial<AppendQueueLimits> = {}): AppendQueue {
    const call = (appends: readonly EncodedAppend[]): Promise<readonly Outcome[]> =>
      new Promise((resolve, reject) => {
        calls.push({
          appends,
          streams: appends.map(({ stream }) => stream),
          answer: (outcomes = appends.map(() => done)) => {
            resolve(outcomes);
            return turn();
          },
          fail: (error) => {
            reject(error);
            return turn();
          },
        });
      });
    return new AppendQueue(call, { ...defaultLimits, ...limits });
  }
  const append = (stream: string, events = several(1)): EncodedAppend =>
    encodeAppend(stream, events, 'no_stream');

  it('gathers what comes while one call is under way into the next', async () => {
    const appending = queue();
    const answers = [appending.submit(append('a')), appending.submit(append('b'))];
    await turn();
    for (const stream of ['c', 'd', 'e']) answers.push(appending.submit(append(stream)));
    await turn();
    expect(calls.map(({ streams }) => streams)).toEqual([['a', 'b']]);
    await calls[0]?.answer();
    expect(calls[1]?.streams).toEqual(['c', 'd', 'e']);
    await calls[1]?.answer();
    expect(await Promise.all(answers)).toHaveLength(5);
    expect(calls).toHaveLength(2);
  });

  it('sends one append of a stream in a call, in their order, and lets other streams take their turns', async () => {
    const appending = queue({ callItemsMax: 2 });
    const events = several(3).map((event) => [event]);
    const answers = events.map((event) => appending.submit(append('a', event)));
    for (const stream of ['b', 'c', 'd']) answers.push(appending.submit(append(stream)));
    await turn();
    for (const index of [0, 1, 2, 3]) await calls[index]?.answer();
    await Promise.all(answers);
    expect(calls.map(({ streams }) => streams)).toEqual([['a', 'b'], ['c', 'd'], ['a'], ['a']]);
    const sent = calls.flatMap(({ appends }) => appends.filter(({ stream }) => stream === 'a'));
    expect(sent.map((each) => each.events[0]?.id)).toEqual(events.map(([event]) => event?.id));
  });

  it('keeps a call within its bounds of events and bytes, but sends what alone exceeds them', async () => {
    const appending = queue({ callEventsMax: 5, callBytesMax: 100 });
    const answers = [
      appending.submit(append('a', several(3))),
      appending.submit(append('b', several(3))),
      appending.submit(append('c', [noted({ text: 'x'.repeat(200) })])),
    ];
    await turn();
    for (const index of [0, 1, 2]) await calls[index]?.answer();
    await Promise.all(answers);
    expect(calls.map(({ streams }) => streams)).toEqual([['a'], ['b'], ['c']]);
  });

  it('keeps two appends that share an id out of one call', async () => {
    const appending = queue();
    const event = noted();
    const answers = [
      appending.submit(append('a', [event])),
      appending.submit(append('b', [event])),
      appending.submit(append('c')),
    ];
    await turn();
    for (const index of [0, 1]) await calls[index]?.answer();
    await Promise.all(answers);
    expect(calls.map(({ streams }) => streams)).toEqual([['a', 'c'], ['b']]);
  });

  it('gives each its own outcome, and all of a failed call its failure', async () => {
    const appending = queue();
    const refused = appending.submit(append('a')).catch((error: unknown) => error);
    const accepted = appending.submit(append('b'));
    await turn();
    await calls[0]?.answer([new WrongExpectedVersion('a', 'no_stream', 4), done]);
    expect(await refused).toMatchObject({ name: 'WrongExpectedVersion', actual: 4 });
    expect(await accepted).toEqual(done);
    const lost = ['a', 'b'].map((stream) =>
      appending.submit(append(stream)).catch((error: unknown) => error),
    );
    await turn();
    await calls[1]?.fail(new Error('unknown'));
    expect(await Promise.all(lost)).toMatchObject([{ message: 'unknown' }, { message: 'unknown' }]);
    const next = appending.submit(append('a'));
    await turn();
    await calls[2]?.answer();
    expect(await next).toEqual(done);
  });

  it('is busy for what has waited too long, and never sends it', async () => {
    const appending = queue({ waitMsMax: 1_000 });
    const sent = appending.submit(append('a'));
    await turn();
    const early = appending.submit(append('a')).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(700);
    const late = appending.submit(append('a'));
    await jest.advanceTimersByTimeAsync(500);
    expect(await early).toMatchObject({ name: 'StoreBusy', retryAfterMs: 1_000 });
    await calls[0]?.answer();
    await calls[1]?.answer();
    expect(await Promise.all([sent, late])).toEqual([done, done]);
    expect(calls.map(({ streams }) => streams)).toEqual([['a'], ['a']]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is busy at once when too many bytes wait', async () => {
    const appending = queue({ waitingBytesMax: 100 });
    const large = append('a', [noted({ text: 'x'.repeat(80) })]);
    const waiting = appending.submit(large);
    await expect(appending.submit(large)).rejects.toThrow(StoreBusy);
    await turn();
    const next = appending.submit(large);
    await calls[0]?.answer();
    await calls[1]?.answer();
    expect(await Promise.all([waiting, next])).toEqual([done, done]);
  });

  it('is drained when everything that waits has been answered', async () => {
    const appending = queue();
    const answers = [appending.submit(append('a')), appending.submit(append('a'))];
    let drained = false;
    const draining = appending.drained().then(() => {
      drained = true;
    });
    await turn();
    await calls[0]?.answer();
    expect(drained).toBe(false);
    await calls[1]?.answer();
    await Promise.all(answers);
    await turn();
    await draining;
    expect(drained).toBe(true);
  });
});
