import { DataSource } from 'typeorm';
import type { EventStore } from '#event-store/event-store.js';
import type { KurrentDbAddress } from '#event-store/kurrentdb/names.js';
import { PostgresSnapshotStore } from '#event-store/postgres/snapshots.js';
import type { TopicSource } from '#kernel/message.js';
import type { TopicDeclaration } from '#kernel/topic.js';
import type { KafkaConfig } from '#messaging/kafka/kafka.config.js';
import { PostgresPublisherPlaces } from '#messaging/postgres/postgres-publisher-places.js';
import { migrate } from '#postgres/migrate.js';
import { PostgresCheckpointStore } from '#postgres/postgres-checkpoint-store.js';
import { createPool, type Database } from '#postgres/pool.js';
import { ReadModels } from '#read-models/read-models.js';
import type { TopicHistory } from '#read-models/topic-history.js';
import { loadKeyFile } from '#vault/key-file.js';
import { loadMasterKeys } from '#vault/master-keys.js';
import { openPostgresVault } from '#vault/postgres/postgres-vault.js';
import { keepGiven } from './archive/incarnations.js';
import { directCarrier, type Carrier } from './carrier.js';
import { systemClock, type Story } from './clock.js';
import { openEventLog } from './event-log.js';
import { noFailPoints, type FailPoints } from './fail-points.js';
import { gatewayName, keysWithin, loadKnownKeys } from './keys/key-pairs.js';
import { MeasuredStore } from './operations/measured-store.js';
import { parkedProjection } from './operations/parked.projection.js';
import type { Platform } from './platform.module.js';
import type { Service } from './service.js';
import { handledInSpans } from './tracing/traced-messages.js';
import { Admission, lagMsMaxDefault } from './transport/admission.js';
import { Lags } from './transport/lags.js';

/** How a process carries messages to and from others. */
export interface BetweenProcesses {
  readonly kafka: KafkaConfig;
  /** Every topic there is. */
  readonly topics: readonly TopicDeclaration[];
  /** KurrentDB, where events are kept there; in PostgreSQL when absent. */
  readonly eventStore?: KurrentDbAddress;
}

/** Where a process finds its engines. */
export interface AdapterOptions {
  /** PostgreSQL of the events and the read models. */
  readonly databaseUrl: string;
  /** PostgreSQL of the vault: another database. */
  readonly vaultUrl: string;
  /** Folder of the master keys and of what no restore may forget; never inside a data directory or a backup of it. */
  readonly keysDirectory: string;
  /** For the demo alone. Without it the machine's clock counts, and a story's data is refused with `StoryDataRefused`. */
  readonly story?: Story;
  /**
   * How long, in milliseconds, a message may wait to be handled before what would add to its topic is kept out; 60,000
   * when absent. With a story, whose clock jumps, there is no such limit unless one is given.
   */
  readonly postingLagMsMax?: number;
  /** Whether a gateway in another process says who asks; it is then known by its public key in the folder of keys. */
  readonly behindGateway?: boolean;
  /** How messages come and go where other services are in other processes; within this one alone when absent. */
  readonly apart?: BetweenProcesses;
  /** For tests alone: where the process is to die. */
  readonly failPoints?: FailPoints;
  /** Told of every failure that is retried in the background. */
  readonly onTrouble: (where: string, cause: unknown) => void;
}

/** Opened adapters, and how to let go of them. */
export interface OpenedPlatform extends Platform {
  /** As {@link Carrier.publish}. */
  readonly publish: Carrier['publish'];
  /** Stops consumers first, then projections, then connections. */
  close(): Promise<void>;
}

/** Schema of what platform itself keeps: checkpoints of consumers, snapshots. */
const platformSchema = 'platform';

/** Connections that services share; those that send what is due keep one each of them. */
const servicePool = { name: 'mangnon-services', connectionsMax: 8 } as const;

/**
 * Picks and opens the adapters of one process: messages stay within it, or go over Kafka where services run apart;
 * migrates every schema under a lock, opens the rooms of the vault that the services enter, registers their projections.
 * Starts nothing. Throws what keeps a process from starting, connections closed.
 */
export async function openAdapters(
  services: readonly Service[],
  options: AdapterOptions,
): Promise<OpenedPlatform> {
  const opened: (() => Promise<unknown>)[] = [];
  const closing = <Part>(part: Part, close: (part: Part) => Promise<unknown>): Part => {
    opened.unshift(() => close(part));
    return part;
  };
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0)) await end();
  };
  try {
    return { ...(await open(services, { failPoints: noFailPoints, ...options }, closing)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Closing = <Part>(part: Part, close: (part: Part) => Promise<unknown>) => Part;

async function open(
  services: readonly Service[],
  options: AdapterOptions & { readonly failPoints: FailPoints },
  closing: Closing,
): Promise<Omit<OpenedPlatform, 'close'>> {
  const { databaseUrl, vaultUrl, keysDirectory, story, failPoints, apart } = options;
  const schema = schemaOf(services, options);
  const database = closing(createPool(databaseUrl, servicePool), (pool) => pool.end());
  const log = await openEventLog({ database, databaseUrl, story, kurrentDb: apart?.eventStore });
  const store = closing(new MeasuredStore(failPoints.store(log.store)), (events) => events.close());
  for (const { name, migrations = [] } of services) await migrate(database, name, migrations);
  const snapshots = failPoints.snapshots(await PostgresSnapshotStore.open(database, schema));
  const rooms = new Set(services.flatMap((service) => service.rooms ?? []));
  const opened = await openPostgresVault(vaultUrl, await loadMasterKeys(keysDirectory, [...rooms]));
  const vault = closing(failPoints.vault(opened), (vaults) => vaults.close());
  await keepGiven(keysDirectory, await store.incarnation());
  const readDatabase = closing(await readSource(databaseUrl).initialize(), (source) => source.destroy());
  const topics = await topicsElsewhere(options);
  const readModels = closing(new ReadModels({ store, database: readDatabase, ...topics }), (models) =>
    models.stop(),
  );
  registerAll(readModels, services);
  const parts = { store, database, schema, sources: services.flatMap(({ publishers }) => publishers) };
  const carrier = closing(await openCarrier(parts, options), (open) => open.close());
  const clock = story?.clock ?? systemClock;
  const lags = new Lags({ carrier, clock, published: parts.sources.map(({ topic }) => topic) });
  return {
    services,
    store,
    snapshots,
    messaging: lags.watching(handledInSpans(carrier.messaging)),
    lags,
    admission: new Admission({ backlog: carrier.backlog, clock, lagMsMax: lagMsMaxOf(options) }),
    clock,
    vault,
    database,
    storeTime: log.time,
    readDatabase,
    readModels,
    digestKey: await loadKeyFile(keysDirectory, 'digest'),
    ...(await keysOf(services, options)),
    publish: (onStopped) => carrier.publish(onStopped),
  };
}

/** Keys of this process alone, or what it knows a gateway elsewhere and the services that ask its doors by. */
async function keysOf(
  services: readonly Service[],
  { keysDirectory, behindGateway }: AdapterOptions,
): Promise<Pick<Platform, 'known' | 'signer'>> {
  const own = services.map(({ name }) => name);
  if (!behindGateway) return keysWithin(own);
  const asking = services.flatMap(({ doors = [] }) => doors.flatMap(({ askedBy }) => askedBy));
  return { known: await loadKnownKeys(keysDirectory, [gatewayName, ...asking], own) };
}

/** Platform's own, or that of the service that runs by itself. */
function schemaOf([service]: readonly Service[], { apart }: AdapterOptions): string {
  return apart && service ? service.name : platformSchema;
}

function lagMsMaxOf({ postingLagMsMax, story }: AdapterOptions): number {
  return postingLagMsMax ?? (story ? Infinity : lagMsMaxDefault);
}

function registerAll(readModels: ReadModels, services: readonly Service[]): void {
  for (const { name, projections, streams } of services)
    readModels.register(
      name,
      streams.length > 0 ? [...projections, parkedProjection(name, streams)] : projections,
    );
  readModels.registerSources(services.flatMap(({ publishers }) => publishers));
}

/** Kafka keeps every topic, so that tables fed by other services' are built from there. */
async function topicsElsewhere({ apart }: AdapterOptions): Promise<{ readonly topics?: TopicHistory }> {
  if (!apart) return {};
  const { KafkaTopicHistory } = await import('#messaging/kafka/kafka-topic-history.js');
  return { topics: new KafkaTopicHistory(apart.kafka) };
}

interface CarrierParts {
  readonly store: EventStore;
  readonly database: Database;
  readonly schema: string;
  readonly sources: readonly TopicSource[];
}

/** Kafka's driver is loaded where it is wanted alone. */
async function openCarrier(
  { database, schema, ...parts }: CarrierParts,
  { apart, failPoints = noFailPoints, onTrouble }: AdapterOptions,
): Promise<Carrier> {
  if (!apart) {
    const checkpoints = failPoints.checkpoints(await PostgresCheckpointStore.open(database, schema));
    return directCarrier({ ...parts, checkpoints, onTrouble });
  }
  const { kafkaCarrier } = await import('./apart/kafka-carrier.js');
  const places = failPoints.places(await PostgresPublisherPlaces.open(database, schema));
  const { kafka, topics } = apart;
  return kafkaCarrier({ ...parts, kafka, topics, places, failPoints, onTrouble });
}

function readSource(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    applicationName: 'mangnon-read-models',
    synchronize: false,
    entities: [],
    poolSize: 12,
    connectTimeoutMS: 5_000,
  });
}
