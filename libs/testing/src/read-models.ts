import { DataSource } from 'typeorm';
import type { Checkpoint } from '#kernel/checkpoint.js';
import type { DomainEvent, NewEvent, RecordedEvent } from '#kernel/domain-event.js';
import type { Message, TopicSource } from '#kernel/message.js';
import type { EventStore, SubscribeOptions } from '#event-store/event-store.js';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import type { AnyProjection, Projection } from '#read-models/projection.js';
import { ReadModels } from '#read-models/read-models.js';
import type { TopicHistory } from '#read-models/topic-history.js';
import { appendNext, newEvent } from './events.js';
import { testDatabase } from './postgres.js';

/** Something counted in a jar. */
export type Counted = DomainEvent<'Counted', { readonly amount: string; readonly note?: string }>;

/** Row of {@link jars}: what a jar holds; large enough for no float. */
export type Jar = {
  readonly jar: string;
  readonly total: string;
  readonly counts: number;
  readonly note: string;
};

/** A row a stream `jar-<name>`; the amount `0` empties the jar, so that its row goes. */
export function jars(changes: Partial<Projection<Jar, RecordedEvent<Counted>>> = {}): Projection {
  const projection: Projection<Jar, RecordedEvent<Counted>> = {
    name: 'pantry.jars',
    version: 1,
    key: 'jar',
    columns: { jar: 'text', total: 'bigint', counts: 'integer', note: 'text' },
    streams: ['jar-'],
    keysOf: (event) => [event.stream],
    project: (row, { data }, jar) =>
      data.amount === '0'
        ? undefined
        : {
            jar,
            total: (BigInt(row?.total ?? '0') + BigInt(data.amount)).toString(),
            counts: (row?.counts ?? 0) + 1,
            note: data.note ?? '',
          },
    ...changes,
  };
  return projection;
}

/** Publishes every {@link Counted} of jars; the jar is subject and key. */
export const jarsTopic: TopicSource = {
  topic: 'test.jars.v1',
  streams: ['jar-'],
  translate: ({ stream, data }) => ({ type: 'Counted.v1', subject: stream, key: stream, data }),
};

/** The same rows as {@link jars}, from messages of {@link jarsTopic}. */
export function shelves(changes: Partial<Projection<Jar, Message>> = {}): Projection<Jar, Message> {
  return {
    name: 'pantry.shelves',
    version: 1,
    key: 'jar',
    columns: { jar: 'text', total: 'bigint', counts: 'integer', note: 'text' },
    topics: [jarsTopic.topic],
    keysOf: (message) => [message.subject],
    project: (row, message, jar) => {
      const data = message.data as Counted['data'];
      return {
        jar,
        total: (BigInt(row?.total ?? '0') + BigInt(data.amount)).toString(),
        counts: (row?.counts ?? 0) + 1,
        note: data.note ?? '',
      };
    },
    ...changes,
  };
}

/** Something counted, on its way into a store. */
export function aCount(amount: string, note?: string): NewEvent {
  return newEvent('Counted', { amount, ...(note === undefined ? {} : { note }) });
}

/** Appends at the stream's end, whatever it holds; gives the last event's position. */
export async function count(store: EventStore, stream: string, ...events: readonly NewEvent[]) {
  return (await appendNext(store, stream, ...events)).position;
}

/** Some of a store's readers, held back. */
export interface Hold {
  /** Resolves once a batch that one of them has read is being held. */
  readonly held: Promise<void>;
  /** Lets it and all later ones go. */
  readonly open: () => void;
}

/** Lets that many batches through to rebuilds of this store and holds back the next ones, already read. */
export function holdRebuilds(store: EventStore, batches = 0): Hold {
  return holdReaders(store, ({ consumer }) => consumer.startsWith('rebuild'), batches);
}

/** The same for subscriptions that `which` picks; it is asked once of each. */
export function holdReaders(
  store: EventStore,
  which: (options: SubscribeOptions) => boolean,
  batches = 0,
): Hold {
  const held = signal();
  const opened = signal();
  const subscribe = store.subscribe.bind(store);
  let free = batches;
  store.subscribe = async function* (options) {
    const isHeld = which(options);
    for await (const batch of subscribe(options)) {
      if (isHeld && (free -= 1) < 0) {
        held.resolve();
        await opened.promise;
      }
      if (!options.signal.aborted) yield batch;
    }
  };
  return { held: held.promise, open: opened.resolve };
}

function signal(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** A database as read models have it; `drop` closes it too. */
export interface ReadDatabase {
  readonly database: DataSource;
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** Makes a fresh one, read through at most so many connections. */
export async function readDatabase(poolSize = 10): Promise<ReadDatabase> {
  const fresh = await testDatabase();
  const { url } = fresh;
  const database = await new DataSource({ type: 'postgres', url, poolSize }).initialize();
  return {
    database,
    url,
    drop: async () => {
      await database.destroy();
      await fresh.drop();
    },
  };
}

/** The read models of the service `pantry`, over a store in memory and a database of their own. */
export class Pantry {
  store = new InMemoryEventStore({ now: () => new Date('2025-05-29T01:00:00Z') });
  readonly #running: ReadModels[] = [];

  readonly database: DataSource;
  readonly url: string;

  private constructor(
    private readonly home: ReadDatabase,
    private readonly breaking: (sound: DataSource) => DataSource,
  ) {
    ({ database: this.database, url: this.url } = home);
  }

  /** Opens it with nothing recorded and no table; each process has the database as `breaking` leaves it. */
  static async open(breaking = (sound: DataSource): DataSource => sound): Promise<Pantry> {
    return new Pantry(await readDatabase(), breaking);
  }

  /** Read models as one process runs them, not started yet. */
  models(
    projections: readonly AnyProjection[],
    sources: readonly TopicSource[] = [],
    topics?: TopicHistory,
  ): ReadModels {
    const { store } = this;
    const database = this.breaking(this.database);
    const elsewhere = topics ? { topics } : {};
    const models = new ReadModels({ store, database, lingerMs: 2, batchEventsMax: 10, ...elsewhere });
    models.register('pantry', projections);
    models.registerSources(sources);
    this.#running.push(models);
    return models;
  }

  /** The same, started. */
  async started(
    projections: readonly AnyProjection[],
    sources?: readonly TopicSource[],
  ): Promise<ReadModels> {
    const models = this.models(projections, sources);
    await models.start();
    return models;
  }

  /** All rows of a table, by jar. */
  rows(table = 'pantry.jars'): Promise<Jar[]> {
    return this.database.query<Jar[]>(`SELECT * FROM ${table} ORDER BY jar`);
  }

  /** Who starts from now on reads a store that was restored up to this event. */
  restored(upTo: Checkpoint | undefined): void {
    this.store = this.store.restored(upTo);
  }

  /** Stops every process; what they kept stays. */
  async stop(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((models) => models.stop()));
  }

  /** Stops every process and removes the database. */
  async close(): Promise<void> {
    await this.stop();
    await this.home.drop();
  }
}
