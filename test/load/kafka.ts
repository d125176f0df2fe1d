import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { donationsPublisher } from '#apps/donations/src/out/donations.publisher.js';
import { topics } from '#contracts/topics.js';
import { newId } from '#event-store/command-id.js';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store.js';
import type { Message } from '#kernel/message.js';
import { comparePositions } from '#kernel/position.js';
import { KafkaMessaging } from '#messaging/kafka/kafka-messaging.js';
import { KafkaPublishers } from '#messaging/kafka/kafka-publishers.js';
import { openKafka } from '#messaging/kafka/kafka-client.js';
import type { KafkaConfig } from '#messaging/kafka/kafka.config.js';
import { applyTopics } from '#messaging/kafka/topics.js';
import { PostgresPublisherPlaces } from '#messaging/postgres/postgres-publisher-places.js';
import { eventually } from '#testing/eventually.js';
import { startKafka, type KafkaCluster } from '#testing/kafka-cluster.js';
import type { Asked } from './asked.js';
import { Engine } from './engine.js';
import { aDonation } from './made-events.js';
import type { Case, Measure, Taken } from './measure.js';
import { ProcessWatch } from './processes.js';
import type { Figure } from './statistics.js';

const events = 50_000;
const keys = 64;

/** Events from PostgreSQL to a topic of a real Kafka by the adapter's publisher, and from there to one consumer that does nothing. */
export const kafka: Measure = {
  name: 'kafka',
  what: 'events published from PostgreSQL to one real broker, and read there (--events, 50,000, of 64 keys)',
  seconds: 0,
  runs: 3,
  async open(asked) {
    const engine = await Engine.start();
    const directory = mkdtempSync(join(tmpdir(), 'mangnon-bench-'));
    const close = async (): Promise<void> => {
      await engine.stop();
      rmSync(directory, { recursive: true, force: true });
    };
    return { cases: [caseOf(engine, directory, asked)], close };
  },
};

function caseOf(engine: Engine, directory: string, { events: count = events }: Asked): Case {
  return {
    name: `${String(count)} events of ${String(keys)} keys`,
    async run() {
      const log = await engine.log();
      const store = new PostgresEventStore({ url: log.url });
      const cluster = await startKafka({ directory: join(directory, newId()), brokers: 1 });
      try {
        await record(store, count);
        return await carried(cluster, engine, { log, store, count });
      } finally {
        await cluster.stop();
        await store.close();
        await log.close();
      }
    },
  };
}

interface Log {
  readonly log: Awaited<ReturnType<Engine['log']>>;
  readonly store: PostgresEventStore;
  readonly count: number;
}

/** One donation each, of one fund after the other. */
async function record(store: PostgresEventStore, count: number): Promise<void> {
  const funds = Array.from({ length: keys }, newId);
  let left = count;
  const caller = async (): Promise<void> => {
    for (let nth = (left -= 1); nth >= 0; nth = left -= 1) {
      const event = aDonation();
      const data = { ...event.data, fundId: funds[nth % keys] };
      await store.append(`donation-${newId()}`, [{ ...event, data }], 'no_stream');
    }
  };
  await Promise.all(Array.from({ length: 256 }, caller));
}

async function carried(cluster: KafkaCluster, engine: Engine, { log, store, count }: Log): Promise<Taken> {
  const config = { brokers: cluster.addresses, clientId: 'mangnon-bench' };
  await applyTopics(openKafka(config), topics);
  const places = await PostgresPublisherPlaces.open(log.database, 'bench');
  const watched = (): ProcessWatch =>
    new ProcessWatch([
      { name: 'adapter', pids: [process.pid] },
      { name: 'postgresql', pids: [engine.postgres.pid], withChildren: true },
      { name: 'kafka', pids: cluster.brokers.map(({ pid }) => pid) },
    ]);
  const sources = [donationsPublisher];
  const publishing = watched();
  const began = performance.now();
  const publishers = await KafkaPublishers.start({ config, topics, store, sources, places });
  await eventually(
    async () => {
      const standing = await places.standing(donationsPublisher.topic);
      if ((standing?.position.number ?? 0) < count) throw new Error('not everything is published yet');
    },
    { withinMs: 300_000, everyMs: 20 },
  ).finally(() => publishers.close());
  const publishedMs = performance.now() - began;
  const publishingUsed = publishing.end();
  const reading = watched();
  const read = await readAll(config, count);
  return {
    figures: [
      { name: 'published', unit: 'events/s', value: (count * 1_000) / publishedMs },
      { name: 'read', unit: 'messages/s', value: (count * 1_000) / read.ms },
      ...named('publishing', publishingUsed),
      ...named('reading', reading.end()),
    ],
    invariants: [{ rule: 'each event came once, in the order of its key', count, broken: read.broken }],
  };
}

function named(doing: string, figures: readonly Figure[]): readonly Figure[] {
  return figures.map((figure) => ({ ...figure, name: `${doing}: ${figure.name}` }));
}

/** From the first message to the last. */
async function readAll(
  config: KafkaConfig,
  count: number,
): Promise<{ readonly ms: number; readonly broken: readonly string[] }> {
  const messaging = new KafkaMessaging({ config, topics });
  const last = new Map<string, Message>();
  const broken: string[] = [];
  let [seen, began] = [0, 0];
  const take = (message: Message): void => {
    const before = last.get(message.key);
    if (before && comparePositions(before.position, message.position) >= 0) broken.push(message.id);
    last.set(message.key, message);
    seen += 1;
  };
  try {
    await new Promise<void>((done, failed) => {
      const handle = async (messages: readonly Message[]): Promise<void> => {
        began ||= performance.now();
        messages.forEach(take);
        if (seen >= count) done();
      };
      messaging.consume({ topic: donationsPublisher.topic, group: 'ledger', handle }).catch(failed);
    });
    return { ms: performance.now() - began, broken };
  } finally {
    await messaging.close();
  }
}
