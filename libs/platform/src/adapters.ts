import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store.js';
import { migrateEventStore } from '#event-store/postgres/schema.js';
import { PostgresSnapshotStore } from '#event-store/postgres/snapshots.js';
import { assertOwnClock, setClockOffset } from '#event-store/postgres/store-clock.js';
import { DirectBacklog } from '#messaging/direct/direct-backlog.js';
import { DirectMessaging } from '#messaging/direct/direct-messaging.js';
import { migrate } from '#postgres/migrate.js';
import { PostgresCheckpointStore } from '#postgres/postgres-checkpoint-store.js';
import { createPool, type Database } from '#postgres/pool.js';
import { ReadModels } from '#read-models/read-models.js';
import { loadKeyFile } from '#vault/key-file.js';
import { loadMasterKeys, vaultKinds } from '#vault/master-keys.js';
import { openPostgresVault } from '#vault/postgres/postgres-vault.js';
import { loadContextKey } from './apart/context-key.js';
import { keepGiven } from './archive/incarnations.js';
import { systemClock, type Story } from './clock.js';
import { noFailPoints, type FailPoints } from './fail-points.js';
import { parkedProjection } from './operations/parked.projection.js';
import type { Platform } from './platform.module.js';
import type { Service } from './service.js';
import { Admission, lagMsMaxDefault } from './transport/admission.js';

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
  /** Whether a gateway in another process says who asks; it then knows us by the key in the folder of keys. */
  readonly behindGateway?: boolean;
  /** For tests alone: where the process is to die. */
  readonly failPoints?: FailPoints;
  /** Told of every failure that is retried in the background. */
  readonly onTrouble: (where: string, cause: unknown) => void;
}

/** Opened adapters, and how to let go of them. */
export interface OpenedPlatform extends Platform {
  /** Stops consumers first, then projections, then connections. */
  close(): Promise<void>;
}

/** Schema of what platform itself keeps: checkpoints of consumers, snapshots. */
const platformSchema = 'platform';

/** Connections that services share; those that send what is due keep one each of them. */
const servicePool = { name: 'mangnon-services', connectionsMax: 8 } as const;

/** Background reading waits so long for more, in milliseconds: waking on every append makes tiny batches. */
const lingerMs = 20;

/**
 * Picks and opens the adapters of one process on PostgreSQL with direct messaging: migrates every schema under a lock,
 * registers the services' projections. Starts nothing. Throws what keeps a process from starting, connections closed.
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
): Promise<Platform> {
  const { databaseUrl, vaultUrl, keysDirectory, story, failPoints, onTrouble } = options;
  const database = closing(createPool(databaseUrl, servicePool), (pool) => pool.end());
  await migrateAll(database, services);
  await (story ? story.follow((offsetMs) => setClockOffset(database, offsetMs)) : assertOwnClock(database));
  const snapshots = failPoints.snapshots(await PostgresSnapshotStore.open(database, platformSchema));
  const checkpoints = failPoints.checkpoints(await PostgresCheckpointStore.open(database, platformSchema));
  const masterKeys = await loadMasterKeys(keysDirectory, vaultKinds);
  const opened = await openPostgresVault(vaultUrl, masterKeys);
  const vault = closing(failPoints.vault(opened), (rooms) => rooms.close());
  const log = new PostgresEventStore({ url: databaseUrl });
  const store = closing(failPoints.store(log), (events) => events.close());
  await keepGiven(keysDirectory, await store.incarnation());
  const readDatabase = closing(await readSource(databaseUrl).initialize(), (source) => source.destroy());
  const readModels = closing(new ReadModels({ store, database: readDatabase }), (models) => models.stop());
  const sources = services.flatMap(({ publishers }) => publishers);
  for (const { name, projections, streams } of services)
    readModels.register(
      name,
      streams.length > 0 ? [...projections, parkedProjection(name, streams)] : projections,
    );
  readModels.registerSources(sources);
  const messaging = closing(
    new DirectMessaging({ store, sources, checkpoints, lingerMs, onTrouble }),
    (direct) => direct.close(),
  );
  const clock = story?.clock ?? systemClock;
  const lagMsMax = options.postingLagMsMax ?? (story ? Infinity : lagMsMaxDefault);
  const backlog = new DirectBacklog({ store, sources, checkpoints });
  const digestKey = await loadKeyFile(keysDirectory, 'digest');
  const contextKey = options.behindGateway ? await loadContextKey(keysDirectory) : randomBytes(32);
  return {
    services,
    store,
    snapshots,
    messaging,
    admission: new Admission({ backlog, clock, lagMsMax }),
    clock,
    vault,
    database,
    readDatabase,
    readModels,
    digestKey,
    contextKey,
  };
}

async function migrateAll(database: Database, services: readonly Service[]): Promise<void> {
  await migrateEventStore(database);
  for (const { name, migrations = [] } of services) await migrate(database, name, migrations);
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
