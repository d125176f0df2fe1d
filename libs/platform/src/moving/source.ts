import type { LogProof } from '#event-store/copying.js';
import type { EventStore } from '#event-store/event-store.js';
import { closeGate, findGate, openGateIn, type Gate } from '#event-store/postgres/gate.js';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store.js';
import { migrateEventStore } from '#event-store/postgres/schema.js';
import { assertOwnClock } from '#event-store/postgres/store-clock.js';
import { comparePositions } from '#kernel/position.js';
import type { TopicDeclaration } from '#kernel/topic.js';
import { alone } from '#postgres/alone.js';
import { PostgresCheckpointStore } from '#postgres/postgres-checkpoint-store.js';
import { inTransaction, type Database, type Session } from '#postgres/pool.js';
import { currentTable } from '#read-models/carry-over.js';
import { isEventProjection } from '#read-models/projection.js';
import type { Sql, SqlRecord } from '#read-models/sql.js';
import { patientPool } from '../archive/event-log.js';
import { countBehind, laggingGroups, type Lagging } from './lagging.js';
import { MoveRefused } from './move-refused.js';
import type { MovedService } from './moved-service.js';

/** Consumers have not handled everything yet; nothing was moved, and the source takes events as before. */
export class ConsumersLag extends Error {
  override readonly name = 'ConsumersLag';

  constructor(readonly lagging: readonly Lagging[]) {
    super(lagging.map(({ consumer, behind }) => `${consumer}: ${String(behind ?? 'lost')}`).join(', '));
  }
}

/** Does what only one may do with a database at a time; throws {@link MoveRefused} while another is at it. */
export async function aloneWith<Done>(
  database: Database,
  command: 'copy-store' | 'restore',
  work: () => Promise<Done>,
): Promise<Done> {
  let done: { readonly it: Done } | undefined;
  await alone(database, `mangnon ${command}`, async () => {
    done = { it: await work() };
  });
  if (!done) throw new MoveRefused(`another ${command} is at it`);
  return done.it;
}

/** Where events are moved from, and where to. */
export interface SourceOptions {
  readonly url: string;
  readonly database: Database;
  readonly services: readonly MovedService[];
  readonly topics: readonly TopicDeclaration[];
  readonly target: Database;
  /** For whoever starts on the source afterwards. */
  readonly targetName: string;
}

/** The log of one process on PostgreSQL, which is to be left for another one. */
export class Source {
  constructor(private readonly options: SourceOptions) {}

  /** Why it takes no events; undefined where it does. */
  gate(): Promise<Gate | undefined> {
    return findGate(this.options.database);
  }

  /** Throws {@link MoveRefused} where somebody runs on it, or it is being moved elsewhere; `StoryDataRefused`. */
  async assertQuiet(): Promise<void> {
    const { database, target, targetName } = this.options;
    if (await isSameDatabase(database, target)) throw new MoveRefused('source and target are one database');
    await migrateEventStore(database);
    await assertNobodyRuns(database, 'source');
    await assertOwnClock(database);
    const gate = await this.gate();
    if (gate && gate.other !== targetName)
      throw new MoveRefused(`the events are being moved to ${gate.other}, or were; give that up first`);
  }

  /**
   * From now on it takes no events. Looks before and after: a gate that is closed before everything is handled would keep
   * it from being handled. Throws {@link ConsumersLag}, and then it takes events as before.
   */
  async close(): Promise<void> {
    const { url, database, targetName: other } = this.options;
    const gate = await this.gate();
    const store = new PostgresEventStore({ url, name: 'mangnon-cli', readConnectionsMax: 2 });
    try {
      if (gate?.state === 'moved') return;
      if (!gate) {
        await this.#assertLevel(store);
        await closeGate(database, { state: 'moving', other });
      }
      await this.#assertStill(store).catch(async (error: unknown) => {
        await inTransaction(database, openGateIn);
        throw error;
      });
    } finally {
      await store.close();
    }
  }

  /** Whoever may have come between the first look and the gate; nobody can come after it. */
  async #assertStill(store: EventStore): Promise<void> {
    await assertNobodyRuns(this.options.database, 'source');
    await this.#assertLevel(store);
  }

  /**
   * Whoever starts on it is told that it was left for good. Throws {@link MoveRefused} where it does not end any more where
   * the proof says that it did: somebody had opened its gate.
   */
  async leave({ lastPosition }: LogProof): Promise<void> {
    const { database, targetName: other } = this.options;
    await closeGate(database, { state: 'moved', other });
    const { rows } = await database.query<{ incarnation: number; number: string }>(
      'SELECT incarnation, number FROM event_store.events ORDER BY seq DESC LIMIT 1',
    );
    const [end] = rows;
    const last = end && { incarnation: end.incarnation, number: Number(end.number) };
    if (last && lastPosition && comparePositions(last, lastPosition) === 0) return;
    if (!last && !lastPosition) return;
    await inTransaction(database, openGateIn);
    throw new MoveRefused('the source has taken events while it was being copied; run it again');
  }

  async #assertLevel(store: EventStore): Promise<void> {
    const { database, services, topics } = this.options;
    const checkpoints = await PostgresCheckpointStore.open(database, 'platform');
    const sources = services.flatMap(({ publishers }) => publishers);
    const groups = await laggingGroups(store, checkpoints, sources, topics);
    const lagging = [...groups, ...(await this.#laggingTables(store))];
    if (lagging.length > 0) throw new ConsumersLag(lagging);
  }

  async #laggingTables(store: EventStore): Promise<readonly Lagging[]> {
    const { database, services } = this.options;
    const found: Lagging[] = [];
    for (const projection of services.flatMap(({ projections }) => projections).filter(isEventProjection)) {
      const table = await inTransaction(database, (session) => currentTable(sqlOf(session), projection));
      const behind = table && (await countBehind(store, table.checkpoint, projection.streams));
      if (table && behind !== 0) found.push({ consumer: projection.name, behind });
    }
    return found;
  }
}

/**
 * Lets the source take events again, where it was not moved to the end; throws {@link MoveRefused} where it was, and where
 * a copy is under way.
 */
export async function giveUpCopy(databaseUrl: string): Promise<void> {
  const from = patientPool(databaseUrl);
  try {
    await aloneWith(from, 'copy-store', async () => {
      const gate = await findGate(from);
      if (gate?.state === 'moved')
        throw new MoveRefused(
          `the events were moved to ${gate.other}, where others may have been recorded since`,
        );
      if (gate) await inTransaction(from, openGateIn);
    });
  } finally {
    await from.end();
  }
}

/** Throws {@link MoveRefused} where services run on a database: they keep connections that are named after them. */
export async function assertNobodyRuns(database: Database, role: 'source' | 'target'): Promise<void> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT DISTINCT application_name AS name FROM pg_stat_activity
     WHERE datname = current_database() AND application_name ^@ 'mangnon-' AND NOT application_name ^@ 'mangnon-cli'`,
  );
  const names = rows.map(({ name }) => name).join(', ');
  if (rows.length > 0) throw new MoveRefused(`the services run on the ${role} (${names}): stop them first`);
}

async function isSameDatabase(one: Database, other: Database): Promise<boolean> {
  const asked = `SELECT (SELECT system_identifier FROM pg_control_system())::text || current_database() AS name`;
  const [a, b] = await Promise.all([one, other].map((each) => each.query<{ name: string }>(asked)));
  return a?.rows[0]?.name === b?.rows[0]?.name;
}

/** Statements of a session, as read models run them. */
export function sqlOf(session: Session): Sql {
  return async (text, parameters) => {
    const { rows } = await session.query<SqlRecord>(text, parameters ? [...parameters] : []);
    return rows;
  };
}
