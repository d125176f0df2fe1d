import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LedgerSubscription } from '#apps/donations/src/in/ledger.subscription.js';
import { ReceiptsSubscription } from '#apps/donations/src/in/receipts.subscription.js';
import { donationsService } from '#apps/donations/src/donations.module.js';
import { ledgerTopic } from '#contracts/ledger.v1.js';
import { receiptsTopic } from '#contracts/receipts.v1.js';
import { newId } from '#event-store/command-id.js';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import type { Cause, NewEvent, RecordedEvent } from '#kernel/domain-event.js';
import { messageOf } from '#kernel/message-of.js';
import type { TopicSource } from '#kernel/message.js';
import type { Caller, GrantInForce } from '#kernel/roles.js';
import { DirectMessaging } from '#messaging/direct/direct-messaging.js';
import { InMemoryCheckpointStore } from '#messaging/direct/in-memory-checkpoint-store.js';
import type { Clock } from '#platform/clock.js';
import { httpAdapter } from '#platform/http/adapter.js';
import { configureHttp } from '#platform/http/configure-http.js';
import { signContext } from '#platform/http/signed-context.js';
import { OperationsModule } from '#platform/operations/operations.module.js';
import { PlatformModule } from '#platform/platform.module.js';
import { createPool } from '#postgres/pool.js';
import { ReadModels } from '#read-models/read-models.js';
import { InMemoryVault } from '#vault/in-memory/in-memory-vault.js';
import { readDatabase } from './read-models.js';

const contextKey = new Uint8Array(32).fill(5);
const digestKey = new Uint8Array(32).fill(6);

/** Publishes what a test appends to such streams as it stands: the type is the contract's. */
function echo(topic: string, prefix: string): TopicSource {
  const translate = ({ stream, type, data }: RecordedEvent) => {
    const { fundId, donationId, source } = data as {
      readonly fundId: string;
      readonly donationId?: string;
      readonly source?: { readonly donationId: string };
    };
    return stream.startsWith(prefix)
      ? { type, subject: donationId ?? source?.donationId ?? fundId, key: fundId, data }
      : undefined;
  };
  return { topic, streams: [prefix], translate };
}

const ledger = echo(ledgerTopic, 'fund-');
const receipts = echo(receiptsTopic, 'receipt-');

/** What an HTTP request answered. */
export interface Answer {
  readonly status: number;
  // Specs look into answers of any shape.
  readonly json: Record<string, never>;
  readonly text: string;
}

/** How a request is sent. */
export interface Sending {
  readonly as: Caller;
  readonly body?: unknown;
  /** Idempotency-Key; a fresh one when absent. */
  readonly key?: string;
  readonly language?: string;
}

/** The donations service over real HTTP, with a store and a vault in memory and read models on PostgreSQL. */
export interface DonationsUnderTest {
  readonly app: NestFastifyApplication;
  readonly store: InMemoryEventStore;
  readonly vault: InMemoryVault;
  readonly readModels: ReadModels;
  /** Sets the clock of everything. */
  readonly setClock: (instant: string) => void;
  readonly post: (url: string, sending: Sending) => Promise<Answer>;
  readonly get: (url: string, as: Caller) => Promise<Answer>;
  /** What another service says: recorded in its stream, told on its topic. */
  readonly say: (
    by: 'ledger' | 'receipts',
    type: string,
    data: object,
    cause?: Cause,
  ) => Promise<RecordedEvent>;
  /** Tells the service again all that the ledger has ever said of a fund. */
  readonly again: (by: 'ledger', fundId: string) => Promise<void>;
  /** All rows of a read model, by key. */
  readonly rows: (table: string) => Promise<readonly object[]>;
  /** All events of a stream. */
  readonly events: (stream: string) => Promise<readonly RecordedEvent[]>;
  /** Waits until the service's own tables have taken in all that was appended. */
  readonly caughtUp: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A staff member with grants, second factor given. */
export function staff(staffId: string, ...grants: readonly GrantInForce[]): Caller {
  return { staffId, grants, secondFactor: true };
}

/** Opens it at an instant; nothing is recorded yet. */
export async function openDonations(at: string): Promise<DonationsUnderTest> {
  const world = { now: new Date(at) };
  const engines = await openEngines({ now: () => world.now });
  const { store, vault, readModels, messaging } = engines;
  const app = await startApp(engines);
  const group = 'donations';
  const [ofLedger, ofReceipts] = [app.get(LedgerSubscription), app.get(ReceiptsSubscription)];
  await messaging.consume({ group, topic: ledgerTopic, handle: (messages) => ofLedger.on(messages) });
  await messaging.consume({ group, topic: receiptsTopic, handle: (messages) => ofReceipts.on(messages) });
  const origin = await app.getUrl();
  return {
    ...{ app, store, vault, readModels },
    setClock: (instant: string) => {
      world.now = new Date(instant);
    },
    post: (address: string, { as, body, key = newId(), language = 'en' }: Sending) => {
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const headers = { ...type, 'idempotency-key': key, 'accept-language': language };
      return send(`${origin}${address}`, { method: 'POST', headers }, as, world.now, body);
    },
    get: (address: string, as: Caller) =>
      send(`${origin}${address}`, { method: 'GET', headers: {} }, as, world.now),
    say: (by: 'ledger' | 'receipts', type: string, data: object, cause?: Cause) =>
      say(store, by === 'ledger' ? 'fund-' : 'receipt-', type, data, cause),
    again: async (_by: 'ledger', fundId: string) => {
      const told = await eventsOf(store, `fund-${fundId}`);
      await ofLedger.on(told.flatMap((event) => messageOf(ledger, event) ?? []));
    },
    rows: (table: string) => engines.readDatabase.query<object[]>(`SELECT * FROM ${table} ORDER BY 1`),
    events: (stream: string) => eventsOf(store, stream),
    caughtUp: async () => {
      const head = await store.head();
      if (head) await readModels.waitFor('donations', head.position, 10_000);
    },
    close: async () => {
      await messaging.close();
      await app.close();
      await engines.close();
    },
  };
}

/** Everything in memory but the read models. */
async function openEngines(clock: Clock) {
  const store = new InMemoryEventStore(clock);
  const vault = new InMemoryVault();
  const fresh = await readDatabase();
  const database = createPool(fresh.url, { name: 'donations under test' });
  const readModels = new ReadModels({ store, database: fresh.database, lingerMs: 0 });
  const sources = [...donationsService.publishers, ledger, receipts];
  readModels.register('donations', donationsService.projections);
  readModels.registerSources(sources);
  await readModels.start();
  const messaging = new DirectMessaging({ store, sources, checkpoints: new InMemoryCheckpointStore() });
  const close = async (): Promise<void> => {
    await readModels.stop();
    await database.end();
    await fresh.drop();
  };
  return { store, vault, clock, database, readModels, messaging, readDatabase: fresh.database, close };
}

async function startApp(engines: Awaited<ReturnType<typeof openEngines>>): Promise<NestFastifyApplication> {
  const snapshots = { find: () => Promise.resolve(undefined), put: () => Promise.resolve() };
  const platform = { ...engines, services: [donationsService], digestKey, contextKey };
  @Module({
    imports: [
      PlatformModule.with({ ...platform, snapshots: snapshots as never }),
      OperationsModule,
      donationsService.module,
    ],
  })
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

async function send(
  url: string,
  { method, headers }: { readonly method: string; readonly headers: object },
  as: Caller,
  now: Date,
  body?: unknown,
): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, 'mangnon-context': await signContext(as, contextKey, now) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, json: text === '' ? {} : (JSON.parse(text) as never) };
}

async function say(
  store: InMemoryEventStore,
  prefix: string,
  type: string,
  data: object,
  cause: Cause = { kind: 'command', id: newId() },
): Promise<RecordedEvent> {
  const { fundId } = data as { readonly fundId: string };
  const stream = `${prefix}${fundId}`;
  const before = (await eventsOf(store, stream)).length;
  const event: NewEvent = {
    ...{ id: newId(), type, schemaVersion: 1, data, cause, salt: 'c2FsdHNhbHRzYWx0c2FsdA' },
    actor: 'service:spec',
    ...{ commandId: newId(), correlationId: newId() },
  };
  await store.append(stream, [event], before === 0 ? 'no_stream' : before - 1);
  const recorded = (await eventsOf(store, stream)).at(-1);
  if (!recorded) throw new Error('not recorded');
  return recorded;
}

async function eventsOf(store: InMemoryEventStore, stream: string): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of store.read(stream)) events.push(...page);
  return events;
}
