import { describe, expect, it } from '@jest/globals';
import { StoreBusy } from '#event-store/event-store.js';
import { KeyUnusable, NewerEvent, StoreUnavailable } from '#event-store/handle-errors.js';
import { CheckpointMoved } from '#kernel/checkpoint.js';
import type { Message } from '#kernel/message.js';
import { systemClock } from '../clock.js';
import { Delivery, type DeliveryOptions } from './delivery.js';
import { held as message } from './hold-store.contract.js';
import { InMemoryHoldStore } from './in-memory-hold-store.js';

const topic = 'mangnon.test.v1';

/** A delivery whose handler fails as the test says. */
function delivering(types?: ReadonlySet<string>) {
  const holds = new InMemoryHoldStore(systemClock);
  const handled: string[] = [];
  const alerts: string[] = [];
  const rig = { failWith: (_message: Message): Error | undefined => undefined };
  const options: DeliveryOptions = {
    topic,
    holds,
    ...(types ? { types } : {}),
    alerts: {
      held: (key, reason) => alerts.push(`${key} held, ${reason}`),
      ignored: (type) => alerts.push(`${type} ignored`),
    },
    handle: async (messages) => {
      const failure = messages.map((one) => rig.failWith(one)).find((error) => error !== undefined);
      await Promise.resolve();
      if (failure) throw failure;
      handled.push(...messages.map(({ key, position }) => `${key}/${position.number}`));
    },
  };
  /** Another process over the same holds. */
  const again = (): Delivery => new Delivery(options);
  const waiting = async (key = 'fund-1') =>
    (await holds.next(topic, key, 99)).map(({ position }) => position.number);
  return { rig, delivery: again(), again, holds, handled, alerts, waiting };
}

function failingAt(number: number, error: Error): (one: Message) => Error | undefined {
  return ({ position }) => (position.number === number ? error : undefined);
}

function batch(from: number, to: number, key?: string): readonly Message[] {
  return Array.from({ length: to - from + 1 }, (_, index) => message(from + index, key));
}

describe('a delivery', () => {
  it.each([
    new StoreBusy(50),
    new StoreUnavailable('fund-1', new Error('down')),
    new NewerEvent('of a type that this release does not know'),
    new CheckpointMoved('x'),
    Object.assign(new Error('down'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('deadlock detected'), { code: '40P01' }),
    new Error('query failed', { cause: Object.assign(new Error('gone'), { code: '57P01' }) }),
    Object.assign(new Error('query failed'), {
      driverError: new Error('Connection terminated unexpectedly'),
    }),
  ])('lets the messages come again when what failed may pass: %s', async (error) => {
    const { rig, delivery, holds, handled } = delivering();
    rig.failWith = failingAt(2, error);
    await expect(delivery.deliver(batch(1, 3))).rejects.toBe(error);
    rig.failWith = () => undefined;
    await delivery.deliver(batch(1, 3));
    expect(handled).toEqual(['fund-1/1', 'fund-1/2', 'fund-1/3']);
    expect(await holds.keys()).toEqual([]);
  });

  it('handles what stands before a bad message and holds its key from there, with an alert', async () => {
    const { rig, delivery, handled, alerts, waiting } = delivering();
    rig.failWith = failingAt(3, new Error('no field "name" in 4711'));
    await delivery.deliver(batch(1, 5));
    expect(handled).toEqual(['fund-1/1', 'fund-1/2']);
    expect(await waiting()).toEqual([3, 4, 5]);
    expect(alerts).toEqual(['fund-1 held, Error: no field … in …']);
  });

  it('holds all messages of a key whose stream takes no more, though the cause below could pass', async () => {
    const { rig, delivery, waiting } = delivering();
    const cause = Object.assign(new Error('x'), { code: 'ECONNRESET' });
    rig.failWith = failingAt(3, new KeyUnusable('fund-1', 'cannot be folded', cause));
    await delivery.deliver(batch(1, 3));
    expect(await waiting()).toEqual([1, 2, 3]);
  });

  it('keeps later messages of a held key behind it, while other keys go on', async () => {
    const { rig, delivery, handled, waiting, alerts } = delivering();
    rig.failWith = failingAt(1, new Error('bug'));
    await delivery.deliver(batch(1, 1));
    rig.failWith = () => undefined;
    await delivery.deliver(batch(2, 3));
    await delivery.deliver(batch(4, 4, 'fund-2'));
    expect(handled).toEqual(['fund-2/4']);
    expect(await waiting()).toEqual([1, 2, 3]);
    expect(alerts).toHaveLength(1);
  });

  it('feeds held messages back in order, those that arrive meanwhile too, and then goes on by itself', async () => {
    const { rig, delivery, handled, holds } = delivering();
    rig.failWith = failingAt(1, new Error('bug'));
    await delivery.deliver(batch(1, 60));
    rig.failWith = () => undefined;
    const releasing = delivery.release('fund-1');
    const arriving = async () => {
      for (const one of batch(61, 120)) await delivery.deliver([one]);
    };
    await Promise.all([releasing, arriving()]);
    expect(handled).toEqual(batch(1, 120).map(({ position }) => `fund-1/${position.number}`));
    expect(await holds.keys()).toEqual([]);
  });

  it('keeps a key held from what still fails when it is released', async () => {
    const { rig, delivery, handled, waiting } = delivering();
    rig.failWith = failingAt(1, new Error('bug'));
    await delivery.deliver(batch(1, 4));
    const failure = new Error('another bug');
    rig.failWith = failingAt(3, failure);
    expect(await delivery.release('fund-1')).toEqual({ released: 2, failure });
    expect(handled).toEqual(['fund-1/1', 'fund-1/2']);
    expect(await waiting()).toEqual([3, 4]);
  });

  it('gives up a release where an engine is away, and goes on from there at the next', async () => {
    const { rig, delivery, handled, holds } = delivering();
    rig.failWith = failingAt(1, new Error('bug'));
    await delivery.deliver(batch(1, 4));
    const away = new StoreUnavailable('fund-1', new Error('down'));
    rig.failWith = failingAt(3, away);
    await expect(delivery.release('fund-1')).rejects.toBe(away);
    rig.failWith = () => undefined;
    expect(await delivery.release('fund-1')).toEqual({ released: 2, failure: undefined });
    expect(handled).toHaveLength(4);
    expect(await holds.keys()).toEqual([]);
  });

  it('releases once when two operators ask at once', async () => {
    const { rig, delivery, handled } = delivering();
    rig.failWith = failingAt(1, new Error('bug'));
    await delivery.deliver(batch(1, 9));
    rig.failWith = () => undefined;
    await Promise.all([delivery.release('fund-1'), delivery.release('fund-1')]);
    expect(handled).toHaveLength(9);
  });

  it('stops a key where a message names one before it that never came', async () => {
    const { delivery, handled, alerts, waiting } = delivering();
    await delivery.deliver(batch(1, 2));
    const gap = [message(3), { ...message(9), previous: message(7).position }, message(10)];
    await delivery.deliver(gap);
    expect(handled).toEqual(['fund-1/1', 'fund-1/2', 'fund-1/3']);
    expect(await waiting()).toEqual([9, 10]);
    expect(alerts).toEqual(['fund-1 held, GapFound: a message before it is missing']);
  });

  it('releases nothing behind a message that is missing until it has come, whatever passed through another process', async () => {
    const { delivery, again, handled, holds } = delivering();
    const nine = { ...message(9), previous: message(7).position };
    await delivery.deliver(batch(1, 2));
    await delivery.deliver([nine, message(10)]);
    const gap = { released: 0, failure: expect.objectContaining({ name: 'GapFound' }) };
    expect(await delivery.release('fund-1')).toEqual(gap);
    expect(await again().release('fund-1')).toEqual(gap);
    await again().deliver([{ ...message(7), previous: message(2).position }, nine, message(10)]);
    expect(await again().release('fund-1')).toEqual({ released: 3, failure: undefined });
    expect(handled).toEqual([1, 2, 7, 9, 10].map((number) => `fund-1/${number}`));
    expect(await holds.keys()).toEqual([]);
  });

  it('misses no dead letter that was read again, in whichever process, so that nobody has to release what comes next', async () => {
    const { delivery, again, handled, holds } = delivering();
    await delivery.deliver(batch(1, 2));
    await again().deliver([{ ...message(3), previous: message(2).position }], undefined, true);
    const four = { ...message(4), previous: message(3).position };
    await delivery.deliver([four]);
    await again().deliver([{ ...message(5), previous: message(4).position }], message(4).position);
    expect(handled).toEqual([1, 2, 3, 4, 5].map((number) => `fund-1/${number}`));
    expect(await holds.keys()).toEqual([]);
    await again().deliver([{ ...message(9), previous: message(7).position }], message(5).position);
    expect(await holds.keys()).toHaveLength(1);
  });

  it('releases what was held for a dead letter that turned out to be of a type that it does not want', async () => {
    const { delivery, again, handled, holds } = delivering();
    await delivery.deliver(batch(1, 2));
    await delivery.deliver([{ ...message(4), previous: message(3).position }]);
    expect(await holds.keys()).toHaveLength(1);
    await again().passOver(message(3));
    expect(await delivery.release('fund-1')).toEqual({ released: 1, failure: undefined });
    expect(handled).toEqual([1, 2, 4].map((number) => `fund-1/${number}`));
  });

  it('releases what was held for a dead letter that another process handled at that moment', async () => {
    const { delivery, again, handled, holds } = delivering();
    await delivery.deliver(batch(1, 2));
    await delivery.deliver([{ ...message(4), previous: message(3).position }]);
    expect(await holds.keys()).toHaveLength(1);
    await holds.noteReadAgain(topic, 'fund-1', [message(3)]);
    expect(await again().release('fund-1')).toEqual({ released: 1, failure: undefined });
    expect(handled).toEqual([1, 2, 4].map((number) => `fund-1/${number}`));
  });

  it('takes what its group has behind it for handled, and holds a first message before which more is missing', async () => {
    const { delivery, again, handled, waiting } = delivering();
    const two = message(2).position;
    await delivery.deliver([{ ...message(3), previous: two }], two);
    expect(handled).toEqual(['fund-1/3']);
    await again().deliver([{ ...message(9), previous: message(7).position }], message(3).position);
    expect(await waiting()).toEqual([9]);
    const gap = { released: 0, failure: expect.objectContaining({ name: 'GapFound' }) };
    expect(await again().release('fund-1')).toEqual(gap);
    await again().deliver([{ ...message(7), previous: message(3).position }]);
    expect(await again().release('fund-1')).toEqual({ released: 2, failure: undefined });
    expect(handled).toEqual([3, 7, 9].map((number) => `fund-1/${number}`));
  });

  it('finds a gap among what was diverted behind a held message, and one before a message that came again', async () => {
    const { rig, delivery, handled, waiting } = delivering();
    rig.failWith = failingAt(1, new Error('bug'));
    await delivery.deliver(batch(1, 1));
    await delivery.deliver([{ ...message(2), previous: message(1).position }]);
    await delivery.deliver([{ ...message(9), previous: message(7).position }, message(1)]);
    rig.failWith = () => undefined;
    expect(await delivery.release('fund-1')).toMatchObject({ released: 2, failure: { name: 'GapFound' } });
    expect(handled).toEqual(['fund-1/1', 'fund-1/2']);
    expect(await waiting()).toEqual([9]);
  });

  it('takes a repeat, and the first message that it ever sees of a key, for no gap', async () => {
    const { delivery, alerts } = delivering();
    const linked = batch(5, 9).map((one) => ({
      ...one,
      previous: message(one.position.number - 1).position,
    }));
    await delivery.deliver(linked);
    await delivery.deliver(linked.slice(2));
    await delivery.deliver([{ ...message(10), previous: message(9).position }]);
    expect(alerts).toEqual([]);
  });

  it('passes over types that the service does not know, and counts them', async () => {
    const { delivery, handled, alerts } = delivering(new Set(['Tested.v1']));
    await delivery.deliver([message(1), { ...message(2), type: 'Unheard.v7' }, message(3)]);
    await delivery.deliver([{ ...message(4), type: 'Unheard.v7' }]);
    expect(handled).toEqual(['fund-1/1', 'fund-1/3']);
    expect(alerts).toEqual(['Unheard.v7 ignored', 'Unheard.v7 ignored']);
  });
});
