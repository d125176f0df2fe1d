import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Message } from '#kernel/message.js';
import type { Position } from '#kernel/position.js';
import { toCloudEvent } from '#messaging/cloud-event.js';
import { DeadLetterDesk } from '#messaging/kafka/dead-letter-desk.js';
import { keepDeadLetter } from '#messaging/kafka/dead-letters.js';
import { eventually } from '#testing/eventually.js';
import { describeWithKafka, kafkaOfTests } from '#testing/kafka-suite.js';
import { KafkaRig } from '#testing/messaging-kafka.js';
import { systemClock } from '../clock.js';
import { Delivery } from './delivery.js';
import { held } from './hold-store.contract.js';
import { InMemoryHoldStore } from './in-memory-hold-store.js';

describeWithKafka('a dead letter of a service that is started again', () => {
  let rig: KafkaRig;
  let desk: DeadLetterDesk;
  let holds: InMemoryHoldStore;
  let handled: string[];
  beforeEach(async () => {
    rig = await KafkaRig.open(kafkaOfTests());
    desk = new DeadLetterDesk(rig.config, rig.topics);
    holds = new InMemoryHoldStore(systemClock);
    handled = [];
  });
  afterEach(() => rig.close());

  const at = (number: number): Position => ({ incarnation: 1, number });
  const soon = (check: () => void | Promise<void>) => eventually(check, { withinMs: 10_000 });

  function message(number: number, previous?: number, key = 'a'): Message {
    const one = { ...held(number, key), topic: rig.topic };
    return previous === undefined ? one : { ...one, previous: at(previous) };
  }

  const send = (...messages: readonly Message[]): Promise<void> =>
    rig.sender.send(
      rig.topic,
      messages.map((one) => ({ key: one.key, value: toCloudEvent(one), timeMs: 1 })),
    );

  /** The service in another process over the same holds. */
  async function started(): Promise<{ readonly delivery: Delivery; readonly stop: () => Promise<void> }> {
    const delivery = new Delivery({
      ...{ topic: rig.topic, holds, alerts: { held: () => undefined, ignored: () => undefined } },
      handle: async (messages) => {
        handled.push(...messages.map(({ key, position }) => `${key} ${String(position.number)}`));
      },
    });
    const messaging = rig.messaging();
    const handle = (...given: Parameters<Delivery['deliver']>): Promise<void> => delivery.deliver(...given);
    await messaging.consume({ group: 'readers', topic: rig.topic, handle });
    return { delivery, stop: () => messaging.close() };
  }

  /** Messages 1 and 2 of a key are handled, 3 cannot be read, and others of its partition come behind; then it stops. */
  async function stoppedBehindALetter(): Promise<void> {
    const first = await started();
    await send(message(1), message(2, 1));
    await rig.sender.send(rig.topic, [{ key: 'a', value: '{', timeMs: 1 }]);
    // Nine keys, of which some lie in the partition of the first.
    const others = Array.from('bcdefghij', (key, index) => message(4 + index, undefined, key));
    await send(...others);
    await soon(() => expect(handled).toHaveLength(2 + others.length));
    await soon(async () => expect(await desk.open()).toHaveLength(1));
    await first.stop();
    handled = [];
  }

  /** The letter as a later release can read it, put before the service. */
  async function replay(): Promise<void> {
    const [letter] = await desk.open();
    const value = Buffer.from(toCloudEvent(message(3, 2)));
    await keepDeadLetter(rig.sender, 'readers', { ...letter!, value });
    expect(await desk.replay('readers')).toBe(1);
  }

  it('holds what comes later of its key until it was read again, and then goes through in front of that', async () => {
    await stoppedBehindALetter();
    const { delivery } = await started();
    await send(message(14, 3));
    await soon(async () => expect(await holds.keys()).toMatchObject([{ key: 'a', messages: 1 }]));
    expect(await delivery.release('a')).toMatchObject({ released: 0, failure: { name: 'GapFound' } });
    await replay();
    await soon(async () => expect(await holds.keys()).toMatchObject([{ messages: 2 }]));
    expect(await delivery.release('a')).toEqual({ released: 2, failure: undefined });
    expect(handled).toEqual(['a 3', 'a 14']);
  });

  it('holds nothing where it was read again before that came, in whichever process', async () => {
    await stoppedBehindALetter();
    const second = await started();
    await replay();
    await soon(() => expect(handled).toEqual(['a 3']));
    await second.stop();
    await started();
    await send(message(14, 3));
    await soon(() => expect(handled).toEqual(['a 3', 'a 14']));
    expect(await holds.keys()).toEqual([]);
  });
});
