import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describeWithKafka, kafkaOfTests } from '#testing/kafka-suite.js';
import { KafkaRig } from '#testing/messaging-kafka.js';
import { SetClock } from '#testing/set-clock.js';
import { numberOf, Recorder, soon } from '../contract-consumer.contract.js';
import { BacklogUnknown } from '../backlog.js';
import { KafkaBacklog } from './kafka-backlog.js';

const minute = (number: number): string => `2025-03-10T09:0${String(number)}:00.000Z`;

describeWithKafka('what a group has not handled yet on Kafka', () => {
  let rig: KafkaRig;
  let backlog: KafkaBacklog;
  const clock = new SetClock(minute(0));
  beforeEach(async () => {
    rig = await KafkaRig.open(kafkaOfTests(), clock);
    const { config, topics, store, source, places } = rig;
    backlog = new KafkaBacklog({ config, topics, unsent: { store, places, sources: [source] } });
  });
  afterEach(async () => {
    await backlog.close();
    await rig.close();
  });

  const oldest = (group = 'readers') => backlog.oldestUnhandled(group, rig.topic);

  async function recordAt(key: string, number: number): Promise<void> {
    clock.set(minute(number));
    await rig.append([{ key, number }]);
  }

  it('is nothing on an empty topic, and then begins with what is not even sent', async () => {
    expect(await oldest()).toBeUndefined();
    await recordAt('a', 1);
    await recordAt('b', 2);
    expect(await oldest()).toBe(minute(1));
    expect(await backlog.oldestUnsent(rig.topic)).toBe(minute(1));
  });

  it('is not a question of sending once everything is sent', async () => {
    await recordAt('a', 1);
    const publisher = rig.publisher();
    await soon(async () => expect(await backlog.oldestUnsent(rig.topic)).toBeUndefined());
    await soon(async () => expect(await oldest()).toBe(minute(1)));
    await publisher.stop();
    await recordAt('a', 2);
    expect(await backlog.oldestUnsent(rig.topic)).toBe(minute(2));
  });

  it('begins with the oldest message that no process of the group has handled, in whatever partition', async () => {
    const recorder = new Recorder();
    recorder.refuse = (message) => numberOf(message) === 3;
    const messaging = rig.messaging();
    await messaging.consume({ group: 'readers', topic: rig.topic, handle: recorder.handle });
    const publisher = rig.publisher();
    await recordAt('a', 1);
    await recordAt('b', 2);
    await soon(async () => {
      expect(recorder.handled).toHaveLength(2);
      expect(await oldest()).toBeUndefined();
    });
    for (const key of ['c', 'a', 'b', 'd', 'e']) await recordAt(key, key === 'c' ? 3 : 4);
    await soon(async () => {
      expect(recorder.handled).toHaveLength(6);
      expect(await oldest()).toBe(minute(3));
    });
    await messaging.close();
    expect(await oldest()).toBe(minute(3));
    expect(await oldest('one')).toBe(minute(1));
    await publisher.stop();
    await recordAt('a', 5);
    expect(await oldest()).toBe(minute(3));
  });

  it('cannot be told of a topic that is not registered', async () => {
    await expect(backlog.oldestUnhandled('readers', 'nobody.knows')).rejects.toThrow(RangeError);
  });
});

describe('what a group has not handled yet, with brokers that do not tell', () => {
  it('is unknown within two seconds where they take the question and are silent', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => void sockets.add(socket.on('error', () => undefined).resume()));
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    const { port } = silent.address() as AddressInfo;
    const config = { brokers: [`127.0.0.1:${String(port)}`], clientId: 'mangnon-tests' };
    const topic = {
      name: 'mangnon.t.v1',
      partitions: 1,
      retentionMs: 'for ever',
      compaction: false,
    } as const;
    const backlog = new KafkaBacklog({ config, topics: [{ ...topic, owner: 'o', readers: ['readers'] }] });
    const began = performance.now();
    for (const one of await Promise.allSettled(
      [1, 2].map(() => backlog.oldestUnhandled('readers', topic.name)),
    ))
      expect(one).toMatchObject({ status: 'rejected', reason: expect.any(BacklogUnknown) });
    expect(performance.now() - began).toBeLessThan(3_000);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
    await backlog.close();
  });
});
