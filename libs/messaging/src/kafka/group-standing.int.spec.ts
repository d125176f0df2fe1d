import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { EventStore } from '#event-store/event-store.js';
import { CheckpointLost } from '#kernel/checkpoint.js';
import type { Message } from '#kernel/message.js';
import type { Position } from '#kernel/position.js';
import { TopicCut } from '#kernel/topic-cut.js';
import { describeWithKafka, kafkaOfTests } from '#testing/kafka-suite.js';
import { KafkaRig } from '#testing/messaging-kafka.js';
import { appendNumbers } from '#testing/messaging-direct.js';
import { PassingEventStore } from '#testing/passing-event-store.js';
import { toCloudEvent } from '../cloud-event.js';
import { numberOf, soon } from '../contract-consumer.contract.js';
import { BatchingSender } from './batching-sender.js';
import { placeAtEnd } from './group-places.js';
import { groupIdOf, openKafka } from './kafka-client.js';
import { applyTopics } from './topics.js';
import type { KafkaMessagingOptions } from './kafka-messaging.js';
import { TopicMismatch } from './topic-mismatch.js';

interface Handed {
  readonly number: number;
  readonly previous: number | undefined;
  /** Where the group stood, as whoever handles it is told. */
  readonly passed: number | undefined;
}

describeWithKafka('where a group stands, for a member that takes a partition over', () => {
  let rig: KafkaRig;
  beforeEach(async () => {
    rig = await KafkaRig.open(kafkaOfTests());
  });
  afterEach(() => rig.close());

  const at = (number: number): Position => ({ incarnation: 1, number });

  function numbered(number: number): Message {
    const about = { topic: rig.topic, type: 'Numbered.v1', subject: 'a', key: 'a', position: at(number) };
    const from = { actor: 'service:numbers', correlationId: 'c', time: '2025-03-10T09:00:00.000Z' } as const;
    const previous = number > 1 ? { previous: at(number - 1) } : {};
    return { id: `e-${String(number)}`, ...about, ...from, ...previous, data: { number } };
  }

  const send = (...numbers: readonly number[]): Promise<void> =>
    sendAll(numbers.map(numbered).map(toCloudEvent));
  const sendAll = (values: readonly string[]): Promise<void> =>
    rig.sender.send(
      rig.topic,
      values.map((value) => ({ key: 'a', value, timeMs: 1 })),
    );

  /** A member of the group, and what it was handed. */
  async function joined(
    options: Partial<KafkaMessagingOptions> = {},
    onStopped: (cause: unknown) => void = () => undefined,
  ): Promise<{ readonly handed: Handed[]; readonly close: () => Promise<void> }> {
    const handed: Handed[] = [];
    const messaging = rig.messaging(options);
    const handle = async (messages: readonly Message[], passed?: Position): Promise<void> => {
      for (const message of messages)
        handed.push({
          number: numberOf(message),
          previous: message.previous?.number,
          passed: passed?.number,
        });
    };
    await messaging.consume({ group: 'readers', topic: rig.topic, handle, onStopped });
    return { handed, close: () => messaging.close() };
  }

  async function readBefore(...numbers: readonly number[]): Promise<void> {
    await send(...numbers);
    const member = await joined();
    await soon(() => expect(member.handed).toHaveLength(numbers.length));
    await member.close();
  }

  it('is told with the messages, so that those of a second publisher make no gap', async () => {
    await readBefore(1, 2, 3, 4, 5);
    await send(1, 2, 3, 6, 4, 5, 6, 7);
    const { handed } = await joined();
    await soon(() => expect(handed.map(({ number }) => number)).toEqual([1, 2, 3, 6, 4, 5, 6, 7]));
    expect(handed.map(({ passed }) => passed)).toEqual(handed.map(() => 5));
    expect(handed[3]).toEqual({ number: 6, previous: 3, passed: 5 });
  });

  it('shows what is missing before the first message of a key, such as one that could not be read', async () => {
    await readBefore(1, 2);
    await sendAll(['{', toCloudEvent(numbered(4))]);
    const { handed } = await joined();
    await soon(() => expect(handed).toEqual([{ number: 4, previous: 3, passed: 2 }]));
  });

  it('is known where the group was placed at the end of its topic', async () => {
    await send(1, 2);
    await placeAtEnd(rig.config, [{ group: 'readers', topic: rig.topic }], at(2));
    await send(4);
    const { handed } = await joined();
    await soon(() => expect(handed).toEqual([{ number: 4, previous: 3, passed: 2 }]));
  });

  it('is not known where whoever committed noted nothing: the first of a key is then taken as it comes', async () => {
    await readBefore(1, 2);
    const admin = openKafka(rig.config).admin();
    await admin.connect();
    const groupId = groupIdOf('readers', rig.topic);
    const [found] = await admin.fetchOffsets({ groupId, topics: [rig.topic] });
    const partitions = found?.partitions.filter(({ offset }) => offset !== '-1') ?? [];
    expect(partitions.map(({ metadata }) => metadata)).toEqual(['1.2']);
    await admin.setOffsets({
      ...{ groupId, topic: rig.topic },
      partitions: partitions.map(({ partition, offset }) => ({ partition, offset })),
    });
    await admin.disconnect();
    await send(4);
    const { handed } = await joined();
    await soon(() => expect(handed).toEqual([{ number: 4, previous: undefined, passed: undefined }]));
  });

  /** The topic as somebody makes it again under the same name, with nothing in it. */
  async function madeAgain(): Promise<void> {
    const kafka = openKafka(rig.config);
    const admin = kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [rig.topic] });
    await soon(async () => {
      await applyTopics(kafka, rig.topics);
    });
    await admin.disconnect();
  }

  /** A member that looks at its topic often, what it has handled, how often it has committed and why it stopped. */
  async function watching(store?: EventStore) {
    const stops: unknown[] = [];
    const onStopped = (cause: unknown): void => void stops.push(cause);
    const commits: string[] = [];
    const committing = async (consumer: string, commit: () => Promise<void>): Promise<void> => {
      await commit();
      commits.push(consumer);
    };
    const options = { stallMs: 500, committing, ...(store && { store }) };
    const { handed, close } = await joined(options, onStopped);
    return { handed, stops, commits, close };
  }

  it('is forgotten with a topic that is made again: then what came before the first of a key is missing', async () => {
    await readBefore(1, 2, 3);
    await madeAgain();
    await send(4, 5);
    const { handed } = await joined();
    await soon(() => expect(handed).toHaveLength(2));
    expect(handed[0]).toEqual({ number: 4, previous: 3, passed: 0 });
  });

  it('is lost where the topic does not hold it: whoever joins stops, says so and takes nothing, each time', async () => {
    await readBefore(1, 2, 3);
    const admin = openKafka(rig.config).admin();
    await admin.connect();
    const groupId = groupIdOf('readers', rig.topic);
    const partitions = [0, 1, 2].map((partition) => ({ partition, offset: '99' }));
    await admin.setOffsets({ groupId, topic: rig.topic, partitions });
    await admin.disconnect();
    for (let round = 0; round < 2; round += 1) {
      const { handed, stops } = await watching();
      await soon(() => expect(stops).toEqual([expect.any(TopicCut)]));
      expect(String(stops[0])).toContain(`${rig.topic}: partition `);
      expect(handed).toEqual([]);
    }
  });

  it('is lost, too, where the topic is made again while it reads: it stops, or joins anew and misses what it saw', async () => {
    const { handed, stops } = await watching();
    await send(1, 2, 3);
    await soon(() => expect(handed).toHaveLength(3));
    await madeAgain();
    await send(4, 5);
    const missed = { number: 4, previous: 3, passed: 0 };
    await soon(() => expect([...stops, ...handed.slice(3, 4)]).not.toEqual([]));
    expect([...stops, ...handed.slice(3, 4)]).toEqual([stops.length > 0 ? expect.any(TopicCut) : missed]);
  });

  it('is of no use where the store was restored from before what it answered: whoever joins stops and takes nothing', async () => {
    await rig.append([{ key: 'x', number: 1 }], 'answers-');
    const backup = await rig.store.head();
    await rig.append([{ key: 'x', number: 2 }], 'answers-');
    await send(1, 2);
    const before = await watching(rig.store);
    await soon(() => expect(before.handed).toHaveLength(2));
    await before.close();
    await rig.append([{ key: 'x', number: 3 }], 'answers-');
    await send(3);
    const later = await watching(rig.store);
    await soon(() => expect(later.handed.map(({ number }) => number)).toEqual([3]));
    await later.close();
    const restored = rig.store.restored(backup);
    await send(4);
    for (const grown of [0, 1, 2, 3]) {
      if (grown > 0)
        await appendNumbers(restored, new Map(), `others-${String(grown)}-`, [{ key: 'x', number: 1 }]);
      const { handed, stops, close } = await watching(restored);
      await soon(() => expect(stops).toEqual([expect.any(CheckpointLost)]));
      expect(handed).toEqual([]);
      await close();
    }
    await restored.close();
  });

  it('is of no use either where that happens while it reads', async () => {
    await rig.append([{ key: 'x', number: 1 }], 'answers-');
    const restored = rig.store.restored();
    let store = rig.store;
    const changing = new PassingEventStore(rig.store);
    changing.head = () => store.head();
    const { stops, commits } = await watching(changing);
    await send(1);
    // The commit is what says that the store had answered.
    await soon(() => expect(commits).toHaveLength(1));
    store = restored;
    await soon(() => expect(stops).toEqual([expect.any(CheckpointLost)]));
    await restored.close();
  });

  it('is lost where partitions are added: whoever reads or writes stops by itself, and nothing lies elsewhere', async () => {
    const stops: unknown[] = [];
    const messaging = rig.messaging({ stallMs: 500 });
    const handle = async (): Promise<void> => undefined;
    const onStopped = (cause: unknown): void => void stops.push(cause);
    await messaging.consume({ group: 'readers', topic: rig.topic, handle, onStopped });
    const admin = openKafka(rig.config).admin();
    await admin.connect();
    await admin.createPartitions({ topicPartitions: [{ topic: rig.topic, count: 5 }] });
    await soon(() => expect(stops).toEqual([expect.any(TopicMismatch)]));
    const sender = new BatchingSender(openKafka(rig.config), rig.topics);
    rig.publisher({ sender, onStopped });
    await rig.append(['a', 'b', 'c', 'd', 'e'].map((key) => ({ key, number: 1 })));
    await soon(() => expect(stops).toEqual([expect.any(TopicMismatch), expect.any(TopicMismatch)]));
    const ends = await admin.fetchTopicOffsets(rig.topic);
    await admin.disconnect();
    await sender.close();
    expect(ends.map(({ high }) => high)).toEqual(ends.map(() => '0'));
  });
});
