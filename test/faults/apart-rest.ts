import { services } from '#apps/standalone/src/standalone.module.js';
import { topics } from '#contracts/topics.js';
import type { Checkpoint } from '#kernel/checkpoint.js';
import { KafkaBacklog } from '#messaging/kafka/kafka-backlog.js';
import type { KafkaConfig } from '#messaging/kafka/kafka.config.js';
import { DeadLetterDesk } from '#messaging/kafka/dead-letter-desk.js';
import { PostgresPublisherPlaces } from '#messaging/postgres/postgres-publisher-places.js';
import type { PublisherPlaces } from '#messaging/publisher-places.js';
import { openEventLog, type EventLog } from '#platform/archive/event-log.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { openKafka } from '#messaging/kafka/kafka-client.js';
import { createPool, type Database } from '#postgres/pool.js';
import { eventually } from '#testing/eventually.js';
import type { Invariant } from './invariants.js';
import { eventsAfter } from './events-after.js';

/** Looks whether services that run apart have anything left to do; one looker a set of engines. */
export class Rest {
  readonly #backlog: KafkaBacklog;
  readonly #events: RecordedEvent[] = [];

  private constructor(
    private readonly kafka: KafkaConfig,
    private readonly log: EventLog,
    private readonly pool: Database,
    places: PublisherPlaces,
  ) {
    const sources = services.flatMap(({ publishers }) => publishers);
    this.#backlog = new KafkaBacklog({
      config: kafka,
      topics,
      unsent: { store: log.store, sources, places },
    });
  }

  static async open(kafka: KafkaConfig, databaseUrl: string): Promise<Rest> {
    const log = openEventLog(databaseUrl);
    const pool = createPool(databaseUrl, { name: 'faults', connectionsMax: 2 });
    const owners = new Map<string, PublisherPlaces>();
    for (const { name, owner } of topics) owners.set(name, await PostgresPublisherPlaces.open(pool, owner));
    const standing = async (topic: string): Promise<Checkpoint | undefined> =>
      owners.get(topic)?.standing(topic);
    return new Rest(kafka, log, pool, { standing } as PublisherPlaces);
  }

  /** Everything that is recorded now. */
  async events(): Promise<readonly RecordedEvent[]> {
    this.#events.push(...(await eventsAfter(this.log.store, this.#events.at(-1))));
    return [...this.#events];
  }

  /** Forgets what was read, since the store has gone back. */
  forget(): void {
    this.#events.splice(0);
  }

  /** Throws the first lag there is: what waits to be sent, or to be handled by a group. */
  async assertNoLag(): Promise<void> {
    for (const { topic, group } of ways) {
      const since = await this.#backlog.oldestUnhandled(group, topic);
      if (since !== undefined) throw new Error(`${group} is behind on ${topic} since ${since}`);
    }
  }

  /** What must hold of the brokers and of what waits beside them, once everything has come to its end. */
  async invariants(): Promise<readonly Invariant[]> {
    return [await this.#lag(), await this.#deadLetters(), await this.#waiting()];
  }

  async query<Row extends object>(
    statement: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    return (await this.pool.query<Row>(statement, [...values])).rows;
  }

  async close(): Promise<void> {
    await this.#backlog.close();
    await this.log.close();
    await this.pool.end();
  }

  async #lag(): Promise<Invariant> {
    const behind = ways.map(async ({ topic, group }) => {
      const since = await eventually(() => this.#backlog.oldestUnhandled(group, topic), toldMs);
      return since === undefined ? [] : [`${group} on ${topic} since ${since}`];
    });
    const broken = (await Promise.all(behind)).flat();
    return {
      rule: 'Lag: every group has handled all that its topics hold',
      count: await this.messages(),
      broken,
    };
  }

  /** Messages in all topics. */
  async messages(): Promise<number> {
    const admin = openKafka(this.kafka).admin();
    await admin.connect();
    try {
      const ends = await Promise.all(topics.map(({ name }) => admin.fetchTopicOffsets(name)));
      return ends.flat().reduce((sum, { high }) => sum + Number.parseInt(high, 10), 0);
    } finally {
      await admin.disconnect();
    }
  }

  async #deadLetters(): Promise<Invariant> {
    const open = await new DeadLetterDesk(this.kafka, topics).open();
    const broken = open.map(({ topic, group, at, reason }) => `${group} on ${topic} ${at}: ${reason}`);
    return { rule: 'Dead letters: none is open', count: ways.length, broken };
  }

  async #waiting(): Promise<Invariant> {
    const held = await Promise.all(
      holders.map((name) =>
        this.query<{ topic: string; key: string }>(`SELECT topic, key FROM ${name}.held_keys`),
      ),
    );
    const parked = (await this.events()).reduce(
      (count, { type }) => count + (type === 'MessageParked' ? 1 : 0),
      0,
    );
    const again = this.#events.filter(({ type }) => type === 'MessageReplayed').length;
    const broken = held.flat().map(({ topic, key }) => `${key} of ${topic} is held`);
    if (parked !== again) broken.push(`${String(parked)} parked, ${String(again)} taken up`);
    return { rule: 'Waiting: no key is held and no message is parked', count: holders.length, broken };
  }
}

/** Brokers of a busy machine may take their time to tell. */
const toldMs = { withinMs: 30_000, everyMs: 100 };

/** Every group and the topics that it reads. */
const ways = topics.flatMap(({ name: topic, readers }) => readers.map((group) => ({ topic, group })));

/** Services that may hold keys. */
const holders = services.map(({ name }) => name).filter((name) => ways.some(({ group }) => group === name));
