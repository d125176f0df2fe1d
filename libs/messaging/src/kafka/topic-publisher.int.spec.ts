import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Message } from '#kernel/message.js';
import { comparePositions } from '#kernel/position.js';
import { describeWithKafka, kafkaOfTests } from '#testing/kafka-suite.js';
import { KafkaRig } from '#testing/messaging-kafka.js';
import { numberOf, rounds, soon, upTo } from '../contract-consumer.contract.js';
import { TranslationFailed } from '../translation.js';
import { BatchingSender } from './batching-sender.js';
import { openKafka } from './kafka-client.js';

describeWithKafka('a publisher', () => {
  let rig: KafkaRig;
  const seen: Message[] = [];
  beforeEach(async () => {
    rig = await KafkaRig.open(kafkaOfTests());
    seen.splice(0);
  });
  afterEach(() => rig.close());

  async function read(): Promise<void> {
    const handle = async (messages: readonly Message[]): Promise<void> => void seen.push(...messages);
    await rig.messaging().consume({ group: 'readers', topic: rig.topic, handle });
  }

  const numbers = (key: string): number[] => seen.filter((message) => message.key === key).map(numberOf);

  it('goes on where it stood, and names the message before it of each key also right after a restart', async () => {
    await read();
    const first = rig.publisher();
    await rig.append(rounds(['a', 'b'], 3));
    await soon(() => expect(seen).toHaveLength(6));
    await first.stop();
    await rig.append([...rounds(['a'], 2, 4), { key: 'c', number: 1 }]);
    rig.publisher();
    await soon(() => expect(numbers('a')).toEqual(upTo(5)));
    await rig.append([{ key: 'b', number: 4 }]);
    await soon(() => expect(seen).toHaveLength(10));
    for (const key of ['a', 'b', 'c']) {
      const chain = seen.filter((message) => message.key === key);
      expect(chain.map(({ previous }) => previous)).toEqual([
        undefined,
        ...chain.slice(0, -1).map(({ position }) => position),
      ]);
    }
  });

  it('only doubles where two publish at once, each key in order, and then one of them is silent', async () => {
    await read();
    const senders = [rig.sender, new BatchingSender(openKafka(rig.config))];
    const sends = [0, 0];
    const counted = senders.map((sender, index) =>
      Object.assign(Object.create(sender) as BatchingSender, {
        send: (...given: Parameters<BatchingSender['send']>) => {
          sends[index] = (sends[index] ?? 0) + 1;
          return sender.send(...given);
        },
      }),
    );
    await rig.append(rounds(['a', 'b', 'c'], 20));
    const publishers = counted.map((sender) => rig.publisher({ sender, standbyMs: 60_000 }));
    for (let from = 21; from <= 60; from += 10) await rig.append(rounds(['a', 'b', 'c'], 10, from));
    const firsts = (key: string): number[] => [...new Set(numbers(key))];
    await soon(() => {
      for (const key of ['a', 'b', 'c']) expect(firsts(key)).toEqual(upTo(60));
    });
    const before = [...sends];
    await rig.append(rounds(['a'], 5, 61));
    await soon(() => expect(firsts('a')).toEqual(upTo(65)));
    expect(sends.filter((count, index) => count > (before[index] ?? 0))).toHaveLength(1);
    const missing = seen.filter(({ key, previous }) => {
      const chain = seen.filter((message) => message.key === key);
      return previous && !chain.some(({ position }) => comparePositions(position, previous) === 0);
    });
    expect(missing).toEqual([]);
    await Promise.all(publishers.map((publisher) => publisher.stop()));
    await senders[1]?.close();
  });

  it('stops at an event that cannot be translated, once everything before it is sent and written down', async () => {
    await read();
    const stops: unknown[] = [];
    const source = {
      ...rig.source,
      translate(event: RecordedEvent) {
        if ((event.data as { readonly number: number }).number === 5) throw new Error('a bug');
        return rig.source.translate(event);
      },
    };
    await rig.append(rounds(['a'], 8));
    rig.publisher({ source, onStopped: (cause) => stops.push(cause) });
    await soon(() => expect(stops).toEqual([expect.any(TranslationFailed)]));
    await soon(() => expect(numbers('a')).toEqual(upTo(4)));
    expect((await rig.places.find(rig.topic))?.checkpoint.position.number).toBe(4);
    rig.publisher();
    await soon(() => expect(numbers('a')).toEqual(upTo(8)));
  });

  it('writes down only what was sent: a send that fails is made again', async () => {
    await read();
    let failures = 3;
    const troubles: unknown[] = [];
    const sender = Object.assign(Object.create(rig.sender) as BatchingSender, {
      send: async (...given: Parameters<BatchingSender['send']>) => {
        failures -= 1;
        // The first and the third time the brokers have it, and nobody hears of it.
        if (failures !== 1) await rig.sender.send(...given);
        if (failures >= 0) throw new Error('the connection is gone');
      },
    });
    await rig.append(rounds(['a'], 3));
    rig.publisher({ sender, onTrouble: (_where, cause) => troubles.push(cause) });
    await soon(() => expect(numbers('a')).toEqual([...upTo(3), ...upTo(3), ...upTo(3)]));
    expect(troubles).toHaveLength(3);
  });
});
