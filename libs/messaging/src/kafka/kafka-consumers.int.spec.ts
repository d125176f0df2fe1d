import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import { describeWithKafka, kafkaOfTests } from '#testing/kafka-suite.js';
import { KafkaRig } from '#testing/messaging-kafka.js';
import { Hopeless } from '#testing/eventually.js';
import { numberOf, Recorder, rounds, soon, upTo } from '../contract-consumer.contract.js';
import { groupIdOf, openKafka } from './kafka-client.js';
import type { KafkaMessaging } from './kafka-messaging.js';

describeWithKafka('a member of a group', () => {
  let rig: KafkaRig;
  beforeEach(async () => {
    rig = await KafkaRig.open(kafkaOfTests());
  });
  afterEach(() => rig.close());

  const keys = ['a', 'b', 'c', 'd', 'e', 'f'];

  async function join(messaging: KafkaMessaging, recorder: Recorder, types?: ReadonlySet<string>) {
    const { handle } = recorder;
    return messaging.consume({ group: 'readers', topic: rig.topic, handle, ...(types && { types }) });
  }

  async function committed(): Promise<number> {
    const admin = openKafka(rig.config).admin();
    await admin.connect();
    const [found] = await admin.fetchOffsets({
      groupId: groupIdOf('readers', rig.topic),
      topics: [rig.topic],
    });
    await admin.disconnect();
    return (found?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  }

  it('reads no further than its window ahead of a key that fails, lives on, and goes on once it does not', async () => {
    const recorder = new Recorder();
    const seen = new Set<number>();
    recorder.refuse = ({ key }) => key === 'a';
    const messaging = rig.messaging({ windowMessagesMax: 20, sessionTimeoutMs: 1_500 });
    await messaging.consume({
      ...{ group: 'readers', topic: rig.topic, batchMessagesMax: 5 },
      async handle(messages) {
        for (const message of messages) if (message.key === 'a') seen.add(numberOf(message));
        await recorder.handle(messages);
      },
    });
    rig.publisher();
    const until = performance.now() + 3_000;
    await rig.append(rounds(keys, 100));
    // Longer than its session: a member that only waits must not be taken for dead.
    await soon(() => expect(performance.now()).toBeGreaterThan(until));
    expect(Math.max(...seen)).toBeLessThanOrEqual(20);
    recorder.refuse = () => false;
    await soon(() => {
      for (const key of keys) expect(recorder.numbers(key)).toEqual(upTo(100));
    });
    expect(recorder.handled).toHaveLength(600);
  });

  it('hands over the wanted types alone, and counts the others as handled', async () => {
    const recorder = new Recorder();
    const source = {
      ...rig.source,
      translate(event: Parameters<typeof rig.source.translate>[0]) {
        const translated = rig.source.translate(event);
        const { number } = event.data as { readonly number: number };
        return translated && (number % 3 === 0 ? { ...translated, type: 'Third.v1' } : translated);
      },
    };
    await join(rig.messaging(), recorder, new Set(['Third.v1']));
    rig.publisher({ source });
    await rig.append(rounds(['a', 'b'], 10));
    await soon(async () => {
      expect(recorder.numbers('a')).toEqual([3, 6, 9]);
      expect(await committed()).toBe(20);
    });
    const chain = recorder.handled.filter(({ key }) => key === 'a');
    expect(chain.map(({ previous }) => previous)).toEqual([
      undefined,
      chain[0]?.position,
      chain[1]?.position,
    ]);
  });

  it('shares the keys with one that joins under load and gives them back when it leaves, losing nothing', async () => {
    const recorders = [new Recorder(), new Recorder()];
    const [first, second] = [rig.messaging(), rig.messaging()];
    await join(first, recorders[0]!);
    rig.publisher();
    await rig.append(rounds(keys, 50));
    const [joined] = await Promise.all([join(second, recorders[1]!), rig.append(rounds(keys, 50, 51))]);
    await rig.append(rounds(keys, 50, 101));
    await soon(() => expect(recorders[1]!.handled.length).toBeGreaterThan(0));
    await Promise.all([joined.stop(), rig.append(rounds(keys, 50, 151))]);
    const numbersOf = (key: string): Set<number> => new Set(recorders.flatMap((one) => one.numbers(key)));
    await soon(() => {
      for (const key of keys) expect([...numbersOf(key)].sort((a, b) => a - b)).toEqual(upTo(200));
    });
    await soon(async () => expect(await committed()).toBe(1_200));
    for (const recorder of recorders)
      for (const key of keys) {
        const numbers = recorder.numbers(key);
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      }
  });

  it('joins anew where it holds a partition that is not fetched, and tells of it', async () => {
    const troubles: string[] = [];
    const recorder = new Recorder();
    const onTrouble = (_who: string, cause: unknown): void => void troubles.push((cause as Error).name);
    const messaging = rig.messaging({ stallMs: 600, onTrouble });
    let isDeaf = true;
    const inner = Reflect.get(messaging, 'kafka') as Kafka;
    Reflect.set(
      messaging,
      'kafka',
      deaf(inner, () => isDeaf),
    );
    await join(messaging, recorder);
    rig.publisher();
    await rig.append(rounds(['a'], 3));
    await soon(() => expect(troubles).toContain('ConsumerStalled'));
    expect(recorder.handled).toEqual([]);
    isDeaf = false;
    await soon(() => expect(recorder.numbers('a')).toEqual(upTo(3)));
  });

  it('is not taken for stalled while its handling is slow or fails', async () => {
    const troubles: string[] = [];
    const recorder = new Recorder();
    recorder.refuse = () => recorder.failures < 40;
    const onTrouble = (_who: string, cause: unknown): void => void troubles.push((cause as Error).name);
    const messaging = rig.messaging({ stallMs: 800, firstPauseMs: 1, windowMessagesMax: 2, onTrouble });
    await join(messaging, recorder);
    rig.publisher();
    await rig.append(rounds(['a'], 10));
    await soon(() => {
      if (troubles.includes('ConsumerStalled')) throw new Hopeless(troubles.join());
      expect(recorder.failures).toBeGreaterThanOrEqual(11);
    });
    recorder.refuse = () => false;
    await soon(() => expect(recorder.numbers('a')).toEqual(upTo(10)));
    expect(troubles).not.toContain('ConsumerStalled');
  });
});

/** A client whose consumers get nothing of what they fetch while it is deaf, and fetch it again and again. */
function deaf(inner: Kafka, isDeaf: () => boolean): Kafka {
  return Object.assign(Object.create(inner) as Kafka, {
    consumer(...given: Parameters<Kafka['consumer']>) {
      const consumer = inner.consumer(...given);
      const run = consumer.run.bind(consumer);
      consumer.run = (config = {}) =>
        run({
          ...config,
          eachBatch: async (payload: EachBatchPayload) => {
            if (!isDeaf()) await config.eachBatch?.(payload);
          },
        });
      return consumer;
    },
  });
}
