import { checkpointOf } from '#event-store/batches.js';
import { copyLog, type CopyProgress, type CopyTarget, type LogProof } from '#event-store/copying.js';
import type { EventStore } from '#event-store/event-store.js';
import type { KurrentDbAddress } from '#event-store/kurrentdb/names.js';
import { PostgresCopyTarget } from '#event-store/postgres/copy-target.js';
import { recordsOf } from '#event-store/postgres/log-records.js';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store.js';
import { migrateEventStore } from '#event-store/postgres/schema.js';
import type { Checkpoint } from '#kernel/checkpoint.js';
import { comparePositions } from '#kernel/position.js';
import type { TopicDeclaration } from '#kernel/topic.js';
import type { KafkaConfig } from '#messaging/kafka/kafka.config.js';
import { inTransaction, type Database } from '#postgres/pool.js';
import { carryOver } from '#read-models/carry-over.js';
import { giveIncarnation } from '../archive/incarnations.js';
import { patientPool } from '../archive/event-log.js';
import { digestVault, restoreVault, rowsOfVault } from '../archive/vault-rows.js';
import { fillTopics } from './filled-topics.js';
import { MoveRefused } from './move-refused.js';
import type { MovedService } from './moved-service.js';
import { moveTables } from './moved-tables.js';
import { aloneWith, Source, sqlOf } from './source.js';

/** PostgreSQL of a run. */
export interface Databases {
  /** Of the read models, and of the events unless they are on KurrentDB. */
  readonly databaseUrl: string;
  readonly vaultUrl: string;
}

/** What to move, and onto which engines. */
export interface CopyStoreOptions {
  readonly from: Databases;
  readonly to: Databases & {
    readonly eventStore?: KurrentDbAddress | undefined;
    readonly kafka: KafkaConfig;
  };
  readonly keysDirectory: string;
  readonly services: readonly MovedService[];
  readonly topics: readonly TopicDeclaration[];
  readonly onProgress: (step: CopyStep) => void;
}

/** What is being done. */
export type CopyStep =
  | ({ readonly kind: 'events' } & CopyProgress)
  | { readonly kind: 'vault' | 'tables' | 'topics'; readonly name: string; readonly count?: number };

/** What was moved. */
export interface StoreCopied extends LogProof {
  readonly incarnation: number;
  /** Tables that were brought along; others are built at the first start. */
  readonly tables: number;
}

/**
 * Moves everything that the services keep from one process on PostgreSQL to the engines of separate processes: events with
 * their bytes, places and times, the vault's sealed rows, read models with their checkpoints on the new store, and every
 * message onto its topic, where each group then stands behind it. The source takes no event any more from the first step
 * on; the target takes none until the last. Compares what is there before it adds, so that it goes on where it was broken
 * off; at its end all of it again. Throws {@link MoveRefused}, {@link ConsumersLag}, `CopyDiffers`, `ImportRefused`,
 * `CarriedOtherwise`, `TopicHoldsOther`, `TopicMismatch`.
 */
export async function copyStore(options: CopyStoreOptions): Promise<StoreCopied> {
  const from = patientPool(options.from.databaseUrl, 5);
  const to = patientPool(options.to.databaseUrl, 5);
  try {
    return await aloneWith(from, 'copy-store', () => new Move(options, from, to).run());
  } finally {
    await Promise.all([from.end(), to.end()]);
  }
}

class Move {
  readonly #source: Source;

  constructor(
    private readonly options: CopyStoreOptions,
    private readonly from: Database,
    private readonly to: Database,
  ) {
    const { from: source, services, topics } = options;
    const parts = { url: source.databaseUrl, database: from, services, topics };
    this.#source = new Source({ ...parts, target: to, targetName: nameOf(options.to) });
  }

  async run(): Promise<StoreCopied> {
    const { onProgress } = this.options;
    await this.#source.assertQuiet();
    await migrateEventStore(this.to);
    const target = await this.#target();
    const store = await this.#store();
    try {
      const gate = await this.#source.gate();
      if (!gate && (await target.state()) === 'open')
        throw new MoveRefused('the target is in use: it holds events and takes others');
      await this.#source.close();
      const proof = await copyLog(
        () => recordsOf(this.from),
        target,
        (progress) => onProgress({ kind: 'events', ...progress }),
      );
      // Whoever runs there by now has taken over; it was opened last of all.
      const tables = (await target.state()) === 'open' ? 0 : await this.#moveRest(store);
      // Before it is opened: were this killed between, nobody could let the source take events again beside the target.
      await this.#source.leave(proof);
      const incarnation = await this.#open(target);
      return { ...proof, incarnation, tables };
    } finally {
      await store.close();
      await target.close();
    }
  }

  async #moveRest(store: EventStore): Promise<number> {
    const { from, to, services, topics, onProgress } = this.options;
    await this.#moveVault(from.vaultUrl, to.vaultUrl);
    const tables = await this.#moveTables(store);
    await fillTopics({
      ...{ kafka: to.kafka, topics, services, store, database: this.to },
      onProgress: (name, count) => onProgress({ kind: 'topics', name, count }),
    });
    return tables;
  }

  async #target(): Promise<CopyTarget> {
    const { eventStore } = this.options.to;
    if (!eventStore) return new PostgresCopyTarget(this.to, 'by copy-store');
    const { KurrentDbCopyTarget } = await import('#event-store/kurrentdb/copy-target.js');
    return new KurrentDbCopyTarget(eventStore);
  }

  async #store(): Promise<EventStore> {
    const { eventStore, databaseUrl: url } = this.options.to;
    if (!eventStore) return new PostgresEventStore({ url, name: 'mangnon-cli', readConnectionsMax: 2 });
    const { KurrentDbEventStore } = await import('#event-store/kurrentdb/kurrentdb-event-store.js');
    return new KurrentDbEventStore(eventStore);
  }

  async #moveVault(from: string, to: string): Promise<void> {
    const source = await digestVault(from);
    if ((await digestVault(to)).length === 0) await restoreVault(to, (table) => rowsOfVault(from, table));
    if (JSON.stringify(source) !== JSON.stringify(await digestVault(to)))
      throw new MoveRefused("the target's vault holds other rows already");
    for (const { table, rows } of source)
      this.options.onProgress({ kind: 'vault', name: table, count: rows });
  }

  async #moveTables(store: EventStore): Promise<number> {
    let tables = 0;
    for (const service of this.options.services) {
      await moveTables(this.from, this.to, service);
      for (const projection of service.projections) {
        const isCarried = await inTransaction(this.from, (reading) =>
          inTransaction(this.to, (writing) =>
            carryOver(projection, {
              ...{ from: sqlOf(reading), to: sqlOf(writing) },
              translate: (checkpoint) => this.#translated(checkpoint, store),
            }),
          ),
        );
        if (isCarried) tables += 1;
        this.options.onProgress({ kind: 'tables', name: projection.name });
      }
    }
    return tables;
  }

  /** The same event, where the new store resumes after it. */
  async #translated({ eventId, position }: Checkpoint, store: EventStore): Promise<Checkpoint> {
    const { rows } = await this.from.query<{ stream: string; revision: string }>(
      'SELECT stream, revision FROM event_store.events WHERE id = $1',
      [eventId],
    );
    const [at] = rows;
    for await (const [event] of at ? store.read(at.stream, Number(at.revision)) : [])
      if (event?.id === eventId && comparePositions(event.position, position) === 0)
        return checkpointOf(event);
      else break;
    throw new MoveRefused(`the event ${eventId} of a checkpoint does not stand where it should`);
  }

  async #open(target: CopyTarget): Promise<number> {
    const { rows } = await this.from.query<{ incarnation: number }>(
      'SELECT incarnation FROM event_store.head',
    );
    const incarnation = rows[0]?.incarnation ?? 1;
    if ((await target.state()) === 'open') return incarnation;
    return target.open(incarnation, (above) => giveIncarnation(this.options.keysDirectory, above));
  }
}

/** The target as whoever starts on the source is told it; never with a password. */
function nameOf({ eventStore, databaseUrl }: CopyStoreOptions['to']): string {
  const { host, pathname } = new URL(eventStore?.url ?? databaseUrl);
  return eventStore
    ? `KurrentDB at ${host}, namespace "${eventStore.namespace ?? ''}"`
    : `${host}${pathname}`;
}
