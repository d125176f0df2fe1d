import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Message } from '#kernel/message.js';
import { describeWithKafka, kafkaOfTests } from '#testing/kafka-suite.js';
import { KafkaRig } from '#testing/messaging-kafka.js';
import { eventually } from '#testing/eventually.js';
import { openKafka } from './kafka-client.js';
import { KafkaTopicHistory, type HistoryReading } from './kafka-topic-history.js';

describeWithKafka('a topic read from its first message', () => {
  let rig: KafkaRig;
  let reading: HistoryReading;
  const seen: Message[] = [];
  const running = new AbortController().signal;
  const take = async (messages: readonly Message[]): Promise<void> => {
    seen.push(...messages);
  };
  const numbersOf = (key: string): readonly unknown[] =>
    seen.filter((message) => message.key === key).map(({ data }) => (data as { number: number }).number);

  beforeEach(async () => {
    seen.length = 0;
    rig = await KafkaRig.open(kafkaOfTests());
    reading = await new KafkaTopicHistory(rig.config).open(rig.topic, 'readers');
  });
  afterEach(async () => {
    await reading.close();
    await rig.close();
  });

  async function sent(upTo: number): Promise<void> {
    await eventually(async () => expect((await rig.places.standing(rig.topic))?.position.number).toBe(upTo));
  }

  const both = (from: number, to: number) =>
    ['a', 'b'].flatMap((key) =>
      Array.from({ length: to - from + 1 }, (_, index) => ({ key, number: from + index })),
    );

  it('comes whole and in order by key, then what follows, and leaves no group behind', async () => {
    await reading.readOn(take, running);
    expect(seen).toEqual([]);
    rig.publisher();
    await rig.append(both(1, 20));
    await sent(40);
    await reading.readOn(take, running);
    const first = Array.from({ length: 20 }, (_, index) => index + 1);
    expect([numbersOf('a'), numbersOf('b')]).toEqual([first, first]);
    await rig.sender.send(rig.topic, [{ key: 'a', value: 'no event', timeMs: 1 }]);
    await rig.append(both(21, 22));
    await sent(44);
    await reading.readOn(take, running);
    expect(numbersOf('a')).toEqual([...first, 21, 22]);
    await reading.close();
    const admin = openKafka(rig.config).admin();
    await admin.connect();
    const { groups } = await admin.listGroups();
    await admin.disconnect();
    expect(groups.filter(({ groupId }) => groupId.includes(rig.topic.replace('mangnon.', '')))).toEqual([]);
  }, 30_000);

  it('is refused where its first messages are gone, and gives on what the reader fails with', async () => {
    rig.publisher();
    await rig.append(both(1, 5));
    await sent(10);
    await expect(reading.readOn(() => Promise.reject(new Error('no room')), running)).rejects.toThrow(
      'no room',
    );
    const admin = openKafka(rig.config).admin();
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(rig.topic);
    const partitions = offsets.flatMap(({ partition, high }) =>
      high === '0' ? [] : [{ partition, offset: '2' }],
    );
    await admin.deleteTopicRecords({ topic: rig.topic, partitions });
    await admin.disconnect();
    const anew = await new KafkaTopicHistory(rig.config).open(rig.topic, 'readers');
    await expect(anew.readOn(take, running)).rejects.toThrow(
      /does not hold what stood from its offset 0 up to 2/,
    );
    await anew.close();
  }, 30_000);
});
