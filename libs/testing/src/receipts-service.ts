import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DonationsSubscription } from '#apps/receipts/src/in/donations.subscription.js';
import { LedgerSubscription } from '#apps/receipts/src/in/ledger.subscription.js';
import { receiptsService } from '#apps/receipts/src/receipts.module.js';
import { donationsTopic } from '#contracts/donations.v1.js';
import { ledgerTopic } from '#contracts/ledger.v1.js';
import type { SourceBlock } from '#contracts/source-block.js';
import { newId } from '#event-store/command-id.js';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { InMemorySnapshotStore } from '#event-store/in-memory/in-memory-snapshots.js';
import type { NewEvent, RecordedEvent } from '#kernel/domain-event.js';
import { messageOf } from '#kernel/message-of.js';
import type { TopicSource } from '#kernel/message.js';
import type { Caller, Role } from '#kernel/roles.js';
import { DirectMessaging } from '#messaging/direct/direct-messaging.js';
import { InMemoryCheckpointStore } from '#messaging/direct/in-memory-checkpoint-store.js';
import { httpAdapter } from '#platform/http/adapter.js';
import { configureHttp } from '#platform/http/configure-http.js';
import { signContext } from '#platform/http/signed-context.js';
import { OperationsModule } from '#platform/operations/operations.module.js';
import { PlatformModule, type Platform } from '#platform/platform.module.js';
import { migrate } from '#postgres/migrate.js';
import { createPool } from '#postgres/pool.js';
import { ReadModels } from '#read-models/read-models.js';
import { InMemoryVault } from '#vault/in-memory/in-memory-vault.js';
import { readDatabase } from './read-models.js';
import { SetClock } from './set-clock.js';

const key = new Uint8Array(32).fill(9);

/** What outlives a stop of the service. */
export interface World {
  readonly store: InMemoryEventStore;
  readonly vault: InMemoryVault;
  readonly clock: SetClock;
}

/** A world in which nothing has happened yet. */
export function newWorld(at: string): World {
  const clock = new SetClock(at);
  return { store: new InMemoryEventStore(clock), vault: new InMemoryVault(), clock };
}

/** What an HTTP request answered. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly bytes: Buffer;
  // Specs look into answers of any shape.
  readonly json: Record<string, never>;
}

/** Publishes what a test appends to such streams as it stands: the type is the contract's. */
function echo(topic: string, prefix: string): TopicSource {
  const translate = ({ type, data }: RecordedEvent) => {
    const { fundId, source } = data as { fundId: string; source?: SourceBlock };
    return { type, subject: source?.donationId ?? fundId, key: fundId, data };
  };
  return { topic, streams: [prefix], translate };
}

const ledger = echo(ledgerTopic, 'fund-');
const donations = echo(donationsTopic, 'donor-');

/** The receipts service over real HTTP and SMTP, with store and vault in memory and its tables on PostgreSQL. */
export class ReceiptsUnderTest {
  private constructor(
    readonly world: World,
    readonly app: NestFastifyApplication,
    private readonly readModels: ReadModels,
    private readonly stop: () => Promise<void>,
  ) {}

  /** Starts it over a world; the environment says how it mails. */
  static async open(world: World): Promise<ReceiptsUnderTest> {
    const { store } = world;
    const fresh = await readDatabase();
    const database = createPool(fresh.url, { name: 'receipts under test' });
    await migrate(database, 'receipts', receiptsService.migrations ?? []);
    const readModels = new ReadModels({ store, database: fresh.database, lingerMs: 0 });
    const sources = [...receiptsService.publishers, ledger, donations];
    readModels.register('receipts', receiptsService.projections);
    readModels.registerSources(sources);
    await readModels.start();
    const messaging = new DirectMessaging({ store, sources, checkpoints: new InMemoryCheckpointStore() });
    const engines = { ...world, database, readDatabase: fresh.database, readModels, messaging };
    const app = await startApp({
      ...engines,
      services: [receiptsService],
      snapshots: new InMemorySnapshotStore(),
      digestKey: key,
      contextKey: key,
    });
    const [ofLedger, ofDonations] = [app.get(LedgerSubscription), app.get(DonationsSubscription)];
    const group = 'receipts';
    await messaging.consume({ group, topic: ledgerTopic, handle: (batch) => ofLedger.on(batch) });
    await messaging.consume({ group, topic: donationsTopic, handle: (batch) => ofDonations.on(batch) });
    return new ReceiptsUnderTest(world, app, readModels, async () => {
      await app.close();
      await messaging.close();
      await readModels.stop();
      await database.end();
      await fresh.drop();
    });
  }

  /** Stops the process; the world stays. */
  close(): Promise<void> {
    return this.stop();
  }

  /** What the ledger says of a fund: recorded in its stream, told on its topic. */
  async say(type: string, data: { readonly fundId: string }): Promise<RecordedEvent> {
    return append(this.world.store, `fund-${data.fundId}`, type, data);
  }

  /** What the donations service says of a donor. */
  async sayOfDonor(type: string, data: { readonly fundId: string; readonly donorId: string }): Promise<void> {
    await append(this.world.store, `donor-${data.donorId}`, type, data);
  }

  /** The ledger's messages of a fund come again. */
  async again(fundId: string): Promise<void> {
    const events = await this.events(`fund-${fundId}`);
    await this.app.get(LedgerSubscription).on(events.flatMap((event) => messageOf(ledger, event) ?? []));
  }

  /** Every event of the stream. */
  async events(stream: string): Promise<readonly RecordedEvent[]> {
    return eventsOf(this.world.store, stream);
  }

  /** Sends a request in English as staff holding these roles on the fund; its Idempotency-Key is fresh unless given. */
  async send(
    method: string,
    path: string,
    as: { readonly fundId: string; readonly roles: readonly Role[] },
    body?: object,
    idempotencyKey: string = newId(),
  ): Promise<Answer> {
    const { fundId, roles } = as;
    const caller: Caller = {
      staffId: '33333333-3333-4333-8333-333333333333',
      secondFactor: true,
      grants: roles.map((role) => ({ role, fundId })),
    };
    const answer = await fetch(`${await this.app.getUrl()}${path}`, {
      method,
      headers: {
        'mangnon-context': await signContext(caller, key, this.world.clock.now()),
        'accept-language': 'en',
        'idempotency-key': idempotencyKey,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const type = answer.headers.get('content-type') ?? '';
    const json = type.includes('json') ? (JSON.parse(bytes.toString()) as never) : ({} as never);
    return { status: answer.status, type, bytes, json };
  }

  /** Waits until the tables have taken in all that is recorded by now. */
  async caughtUp(): Promise<void> {
    const head = await this.world.store.head();
    if (head) await this.readModels.waitFor('receipts', head.position, 10_000);
  }
}

async function startApp(platform: Platform): Promise<NestFastifyApplication> {
  @Module({ imports: [PlatformModule.with(platform), OperationsModule, receiptsService.module] })
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

async function eventsOf(store: InMemoryEventStore, stream: string): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of store.read(stream)) events.push(...page);
  return events;
}

async function append(
  store: InMemoryEventStore,
  stream: string,
  type: string,
  data: object,
): Promise<RecordedEvent> {
  const before = (await eventsOf(store, stream)).length;
  const commandId = newId();
  const event: NewEvent = {
    ...{ id: newId(), type, schemaVersion: 1, data, actor: 'service:spec' },
    ...{ commandId, correlationId: commandId, cause: { kind: 'command', id: commandId } },
    salt: 'c2FsdHNhbHRzYWx0c2FsdA',
  };
  await store.append(stream, [event], before === 0 ? 'no_stream' : before - 1);
  const [recorded] = (await eventsOf(store, stream)).slice(-1);
  if (!recorded) throw new Error('not recorded');
  return recorded;
}
