import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CheckpointLost } from '#kernel/checkpoint.js';
import type { Backlog } from '#messaging/backlog.js';
import { SetClock } from '#testing/set-clock.js';
import { Admission } from './admission.js';

const posting = { group: 'ledger', topic: 'mangnon.donations.v1' };
const behind = { name: 'RequestFault', code: 'http/behind', parts: { headers: { 'Retry-After': '10' } } };

/** An admission at nine o'clock, of a follower that the test sets. */
function rig(lagMsMax = 60_000) {
  const clock = new SetClock('2025-03-10T09:00:00.000Z');
  const follower = {
    measured: 0,
    oldest: (): Promise<string | undefined> => Promise.resolve(undefined),
  };
  const backlog: Backlog = {
    oldestUnhandled: (group, topic) => {
      expect({ group, topic }).toEqual(posting);
      follower.measured += 1;
      return follower.oldest();
    },
  };
  const admission = new Admission({ backlog, clock, lagMsMax });
  return {
    clock,
    follower,
    asked: () => admission.assertKeepsUp(posting),
    room: () => admission.hasRoom(posting),
  };
}

const at = (time: string) => () => Promise.resolve(`2025-03-10T${time}.000Z`);

describe('admission', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('lets in while nothing waits, and while nothing has waited for longer than it may', async () => {
    const { follower, asked, clock } = rig();
    await asked();
    follower.oldest = at('09:00:00');
    jest.advanceTimersByTime(1_000);
    clock.advance(60_000);
    await asked();
    expect(follower.measured).toBe(2);
  });

  it('has room for what can wait while a quarter of that time has not passed', async () => {
    const { follower, room, clock } = rig();
    expect(await room()).toBe(true);
    follower.oldest = at('09:00:00');
    jest.advanceTimersByTime(1_000);
    clock.advance(15_000);
    expect(await room()).toBe(true);
    clock.advance(1);
    expect(await room()).toBe(false);
    expect(await rig(Infinity).room()).toBe(true);
  });

  it('keeps out, and says when to come again, once something has waited for longer', async () => {
    const { follower, asked, clock } = rig();
    follower.oldest = at('09:00:00');
    await asked();
    clock.advance(60_001);
    await expect(asked()).rejects.toMatchObject(behind);
  });

  it('lets in again once the follower has caught up', async () => {
    const { follower, asked, clock } = rig();
    follower.oldest = at('08:00:00');
    await expect(asked()).rejects.toMatchObject(behind);
    follower.oldest = at('09:04:30');
    clock.advance(300_000);
    await expect(asked()).rejects.toMatchObject(behind);
    jest.advanceTimersByTime(1_000);
    await asked();
  });

  it('measures once a second, however many ask', async () => {
    const { follower, asked } = rig();
    await Promise.all(Array.from({ length: 50 }, asked));
    jest.advanceTimersByTime(999);
    await Promise.all(Array.from({ length: 50 }, asked));
    expect(follower.measured).toBe(1);
    jest.advanceTimersByTime(1);
    await Promise.all(Array.from({ length: 50 }, asked));
    expect(follower.measured).toBe(2);
  });

  it('measures one at a time, however long it takes', async () => {
    const { follower, asked } = rig();
    let answer: (oldest: undefined) => void = () => undefined;
    follower.oldest = () => new Promise((resolve) => (answer = resolve));
    const first = asked();
    jest.advanceTimersByTime(5_000);
    const second = asked();
    answer(undefined);
    await Promise.all([first, second]);
    expect(follower.measured).toBe(1);
  });

  it('keeps out while the follower cannot go on at all', async () => {
    const { follower, asked } = rig();
    const checkpoint = { cursor: '1', position: { incarnation: 1, number: 1 }, eventId: 'e' };
    follower.oldest = () => Promise.reject(new CheckpointLost('ledger', checkpoint));
    await expect(asked()).rejects.toMatchObject(behind);
  });

  it('passes on that an engine is away, and measures anew for the next', async () => {
    const { follower, asked } = rig();
    const away = new Error('away');
    follower.oldest = () => Promise.reject(away);
    await expect(asked()).rejects.toBe(away);
    follower.oldest = () => Promise.resolve(undefined);
    await asked();
    expect(follower.measured).toBe(2);
  });

  it('measures nothing where there is no limit', async () => {
    const { follower, asked } = rig(Infinity);
    follower.oldest = at('01:00:00');
    await asked();
    expect(follower.measured).toBe(0);
  });
});
