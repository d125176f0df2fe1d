import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startKafka, type KafkaCluster } from '#testing/kafka-cluster.js';
import type { KafkaBroker } from '#testing/kafka-broker.js';
import { describeWithOwnKafka } from '#testing/kafka-suite.js';
import { eventually } from '#testing/eventually.js';
import { KafkaRig } from '#testing/messaging-kafka.js';
import { Recorder, rounds, upTo } from '#messaging/contract-consumer.contract.js';
import { openKafka } from '#messaging/kafka/kafka-client.js';

const keys = ['a', 'b', 'c', 'd'];
const timeoutMs = 90_000;

describeWithOwnKafka('messaging while brokers fail', () => {
  const directory = mkdtempSync(join(tmpdir(), 'mangnon-kafka-'));
  let cluster: KafkaCluster;
  beforeAll(async () => {
    cluster = await startKafka({ directory, brokers: 3 });
  }, 120_000);
  afterAll(async () => {
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  }, 60_000);

  /** Numbers on their way while something strikes: none is lost, each key's come in order, and the group catches up. */
  async function survives(strike: (rig: KafkaRig) => Promise<void>): Promise<void> {
    const rig = await KafkaRig.open({ brokers: cluster.addresses, clientId: 'outage' });
    try {
      const recorder = new Recorder();
      const messaging = rig.messaging({ sessionTimeoutMs: 3_000 });
      await messaging.consume({ group: 'readers', topic: rig.topic, handle: recorder.handle });
      rig.publisher();
      await rig.append(rounds(keys, 50));
      const struck = strike(rig);
      for (let from = 51; from <= 150; from += 25) await rig.append(rounds(keys, 25, from));
      await struck;
      await rig.append(rounds(keys, 10, 151));
      await eventually(
        () => {
          for (const key of keys) expect(recorder.numbers(key)).toEqual(upTo(160));
        },
        { withinMs: 40_000, everyMs: 100 },
      );
    } finally {
      await rig.close();
    }
  }

  async function leaderOf(rig: KafkaRig): Promise<KafkaBroker> {
    const admin = openKafka(rig.config).admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [rig.topic] });
    await admin.disconnect();
    const leader = topics[0]?.partitions[0]?.leader;
    return cluster.brokers.find(({ id }) => id === leader) ?? cluster.brokers[0]!;
  }

  it(
    'loses nothing when the leader of a partition is killed, and comes back',
    () =>
      survives(async (rig) => {
        const broker = await leaderOf(rig);
        await broker.kill();
        await cluster.start(broker);
      }),
    timeoutMs,
  );

  it(
    'loses nothing when the leader of a partition stands still for longer than any session, and wakes',
    () =>
      survives(async (rig) => {
        const broker = await leaderOf(rig);
        broker.freeze();
        const others = cluster.addresses.filter((address) => address !== broker.address);
        const admin = openKafka({ brokers: others, clientId: 'looking' }).admin();
        await eventually(
          async () => {
            await admin.connect();
            const { topics } = await admin.fetchTopicMetadata({ topics: [rig.topic] });
            expect(topics[0]?.partitions.map(({ leader }) => leader)).not.toContain(broker.id);
          },
          { withinMs: 30_000, everyMs: 200 },
        ).finally(async () => {
          await admin.disconnect();
          broker.wake();
        });
      }),
    timeoutMs,
  );

  it(
    'loses nothing when every broker is killed at once, and they start again',
    () =>
      survives(async () => {
        await Promise.all(cluster.brokers.map((broker) => broker.kill()));
        await Promise.all(cluster.brokers.map((broker) => cluster.start(broker)));
      }),
    timeoutMs,
  );
});
