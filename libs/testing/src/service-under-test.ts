import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import { newId } from '#event-store/command-id.js';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { InMemorySnapshotStore } from '#event-store/in-memory/in-memory-snapshots.js';
import type { Cause, RecordedEvent } from '#kernel/domain-event.js';
import { messageOf } from '#kernel/message-of.js';
import type { Message, TopicSource } from '#kernel/message.js';
import type { Caller } from '#kernel/roles.js';
import { DirectBacklog } from '#messaging/direct/direct-backlog.js';
import { DirectMessaging } from '#messaging/direct/direct-messaging.js';
import { InMemoryCheckpointStore } from '#messaging/direct/in-memory-checkpoint-store.js';
import { httpAdapter } from '#platform/http/adapter.js';
import { configureHttp } from '#platform/http/configure-http.js';
import { keysWithin } from '#platform/keys/key-pairs.js';
import { OperationsModule } from '#platform/operations/operations.module.js';
import { PlatformModule, type Platform } from '#platform/platform.module.js';
import type { Service } from '#platform/service.js';
import { Lags } from '#platform/transport/lags.js';
import { Admission } from '#platform/transport/admission.js';
import { migrate } from '#postgres/migrate.js';
import { createPool } from '#postgres/pool.js';
import { ReadModels } from '#read-models/read-models.js';
import { InMemoryVault } from '#vault/in-memory/in-memory-vault.js';
import { appendNext, newEvent, wholeStream } from './events.js';
import { readDatabase } from './read-models.js';
import { SetClock } from './set-clock.js';
import { signedAs, type OwnGateway } from './signed-as.js';

const key = new Uint8Array(32).fill(9);

/** What outlives a stop of the service. */
export interface World {
  readonly store: InMemoryEventStore;
  readonly vault: InMemoryVault;
  readonly clock: SetClock;
}

/** A world in which nothing has happened yet, at this instant. */
export function newWorld(at: string): World {
  const clock = new SetClock(at);
  return { store: new InMemoryEventStore(clock), vault: new InMemoryVault(), clock };
}

/** Another service: what a test appends to such streams goes out on the topic as it stands, its type the contract's. */
export function echo(topic: string, prefix: string): TopicSource {
  const translate = ({ type, data }: RecordedEvent) => {
    const { fundId, donationId, source } = data as {
      readonly fundId: string;
      readonly donationId?: string;
      readonly source?: { readonly donationId: string };
    };
    return { type, subject: donationId ?? source?.donationId ?? fundId, key: fundId, data };
  };
  return { topic, streams: [prefix], translate };
}

/** Another service that one listens to: what it publishes, and who takes it in. */
export interface Other {
  readonly source: TopicSource;
  readonly subscription: Type<{ on(messages: readonly Message[]): Promise<void> }>;
}

/** A service to be tested, and those that it listens to. */
export interface UnderTest {
  readonly service: Service;
  readonly others: readonly Other[];
}

/** What an HTTP request answered. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly bytes: Buffer;
  readonly text: string;
  // Specs look into answers of any shape.
  readonly json: Record<string, never>;
}

/** How a request is sent. */
export interface Sending {
  readonly as: Caller;
  readonly body?: unknown;
  /** A file as the body, with its media type. */
  readonly file?: { readonly type: string; readonly bytes: Uint8Array };
  /** Idempotency-Key; a fresh one when absent. */
  readonly key?: string;
  /** English when absent. */
  readonly language?: string;
}

/** What a running service under test is made of. */
export interface Running {
  readonly world: World;
  readonly service: Service;
  readonly app: NestFastifyApplication;
  readonly readModels: ReadModels;
  readonly readDatabase: DataSource;
  readonly keys: OwnGateway;
  readonly stop: () => Promise<void>;
}

/** One service over real HTTP, with store and vault in memory and its tables on PostgreSQL. */
export class ServiceUnderTest {
  readonly world: World;
  readonly app: NestFastifyApplication;
  readonly readModels: ReadModels;

  constructor(private readonly running: Running) {
    ({ world: this.world, app: this.app, readModels: this.readModels } = running);
  }

  /** Sends a request of a person; a GET carries no Idempotency-Key. */
  protected async request(method: string, path: string, sending: Sending): Promise<Answer> {
    const { as, body, file, key: idempotencyKey = newId(), language = 'en' } = sending;
    const answer = await fetch(`${await this.app.getUrl()}${path}`, {
      method,
      headers: {
        ...(await signedAs(as, this.running.keys, this.world.clock.now())),
        'accept-language': language,
        ...(method === 'GET' ? {} : { 'idempotency-key': idempotencyKey }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(file && { 'content-type': file.type }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(file && { body: new Uint8Array(file.bytes) }),
    });
    return answerOf(answer);
  }

  /** Every event of the stream. */
  events(stream: string): Promise<readonly RecordedEvent[]> {
    return wholeStream(this.world.store, stream);
  }

  /** All rows of a read model, by key. */
  rows(table: string): Promise<readonly object[]> {
    return this.running.readDatabase.query<object[]>(`SELECT * FROM ${table} ORDER BY 1`);
  }

  /** Waits until the service's own tables have taken in all that is recorded by now. */
  async caughtUp(): Promise<void> {
    const head = await this.world.store.head();
    if (head) await this.readModels.waitFor(this.running.service.name, head.position, 10_000);
  }

  /** Stops the process; the world stays. */
  close(): Promise<void> {
    return this.running.stop();
  }

  /** What another service says: recorded in its stream, told on its topic. */
  protected record(stream: string, type: string, data: object, cause?: Cause): Promise<RecordedEvent> {
    return appendNext(this.world.store, stream, newEvent(type, data, cause && { cause }));
  }

  /** All that another service has ever said in a stream comes again, at once. */
  protected async retell({ source, subscription }: Other, stream: string): Promise<void> {
    const messages = (await this.events(stream)).flatMap((event) => messageOf(source, event) ?? []);
    await this.app.get(subscription).on(messages);
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.toString();
  const type = response.headers.get('content-type') ?? '';
  const json = type.includes('json') && text !== '' ? (JSON.parse(text) as never) : ({} as never);
  return { status: response.status, type, bytes, text, json };
}

/** Starts a service in a world; `stop` lets go of everything but the world. */
export async function startService({ service, others }: UnderTest, world: World): Promise<Running> {
  const { store } = world;
  const tables = await readDatabase();
  const database = createPool(tables.url, { name: `${service.name} under test` });
  await migrate(database, service.name, service.migrations ?? []);
  const readModels = new ReadModels({ store, database: tables.database, lingerMs: 0 });
  const sources = [...service.publishers, ...others.map(({ source }) => source)];
  readModels.register(service.name, service.projections);
  readModels.registerSources(sources);
  await readModels.start();
  const checkpoints = new InMemoryCheckpointStore();
  const messaging = new DirectMessaging({ store, sources, checkpoints });
  // Nobody is there who would handle what the service tells.
  const waiting = { backlog: new DirectBacklog({ store, sources, checkpoints }), lagMsMax: Infinity };
  const admission = new Admission({ ...waiting, clock: world.clock });
  const storeTime = (): Promise<Date> => Promise.resolve(world.clock.now());
  const carrier = { backlog: waiting.backlog, oldestUnsent: () => Promise.resolve(undefined) };
  const lags = new Lags({ carrier, clock: world.clock, published: [] });
  const tellers = { readModels, messaging, lags, admission, storeTime };
  const engines = { ...world, ...tellers, database, readDatabase: tables.database };
  const snapshots = new InMemorySnapshotStore();
  const keys = keysWithin([service.name]);
  const app = await startApp({ ...engines, ...keys, services: [service], snapshots, digestKey: key });
  for (const { source, subscription } of others) {
    const handle = (messages: readonly Message[]): Promise<void> => app.get(subscription).on(messages);
    await messaging.consume({ group: service.name, topic: source.topic, handle });
  }
  const stop = async (): Promise<void> => {
    await app.close();
    await messaging.close();
    await readModels.stop();
    await database.end();
    await tables.drop();
  };
  return { world, service, app, readModels, readDatabase: tables.database, keys, stop };
}

async function startApp(platform: Platform): Promise<NestFastifyApplication> {
  const modules = platform.services.map(({ module }) => module);
  @Module({ imports: [PlatformModule.with(platform), OperationsModule, ...modules] })
  class UnderTestModule {}
  const app = await NestFactory.create<NestFastifyApplication>(UnderTestModule, httpAdapter(), {
    bodyParser: false,
    abortOnError: false,
    logger: ['error'],
  });
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
  return app;
}
