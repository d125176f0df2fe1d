import type { TopicSource } from '#kernel/message.js';
import type { DataSource } from 'typeorm';
import { takesMessages } from './apply-messages.js';
import { ProjectionSuperseded } from './apply.js';
import { hasSources } from './feed.js';
import { isMessageProjection, tableOf, type AnyProjection, type MessageProjection } from './projection.js';
import { isCurrent, loadSlots, openSlot, prepareSchema, stopSlot, type SlotState } from './slots.js';
import { inTransaction, type Sql } from './sql.js';
import type { Standings } from './standings.js';
import { alignIndexes, createTable } from './stored-table.js';
import type { TopicHistory } from './topic-history.js';

/** Recorded of a new table until its first rebuild is done; a start that was killed meanwhile finds it again. */
const notBuilt = 'not built from the store yet';

/** What a service's tables are made from. */
export interface PrepareOptions {
  readonly database: DataSource;
  readonly projections: readonly AnyProjection[];
  readonly sources: readonly TopicSource[];
  readonly topics: TopicHistory | undefined;
  readonly standings: Standings;
}

/**
 * Makes the live tables that are missing, aligns indexes of those that are current, and answers which projections must
 * be rebuilt. Safe from several processes at once. Throws `TypeError` when the projections are of several schemas.
 */
export async function prepareTables(options: PrepareOptions): Promise<readonly AnyProjection[]> {
  const { database, projections, standings } = options;
  const schemas = [...new Set(projections.map((projection) => tableOf(projection).schema))];
  const [schema] = schemas;
  if (schema === undefined) return [];
  if (schemas.length > 1) throw new TypeError(`one service, several schemas: ${schemas.join(', ')}`);
  await inTransaction(database, (sql) => prepareSchema(sql, schema));
  const due: AnyProjection[] = [];
  for (const projection of projections) {
    const state = await inTransaction(database, (sql) => prepareTable(sql, projection, options));
    if (state.version > projection.version)
      standings.note(projection.name, {
        state: 'stopped',
        reason: new ProjectionSuperseded(projection.name).message,
      });
    else if (isDue(state, projection)) {
      standings.note(projection.name, {
        state: 'outdated',
        reason: state.stopped,
        unbuilt: state.stopped === notBuilt ? true : undefined,
      });
      due.push(projection);
    } else
      standings.note(projection.name, { state: isMessageProjection(projection) ? 'live' : 'catching-up' });
  }
  return due;
}

function isDue(state: SlotState, projection: AnyProjection): boolean {
  return isMessageProjection(projection) ? !takesMessages(state, projection) : !isCurrent(state, projection);
}

/** Whether that is so by now; another process may have rebuilt it meanwhile. */
export async function isStillDue(database: DataSource, projection: AnyProjection): Promise<boolean> {
  const state = (await inTransaction(database, (sql) => loadSlots(sql, [projection], 'live'))).get(
    projection.name,
  );
  return state === undefined || isDue(state, projection);
}

/** The live table's recorded state, the table made first where there is none. */
async function prepareTable(
  sql: Sql,
  projection: AnyProjection,
  options: PrepareOptions,
): Promise<SlotState> {
  await sql('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `read-models table ${projection.name}`,
  ]);
  const find = async () => (await loadSlots(sql, [projection], 'live')).get(projection.name);
  const state = await find();
  if (state) {
    if (isCurrent(state, projection)) await alignIndexes(sql, projection, 'live');
    return state;
  }
  await openSlot(sql, projection, 'live');
  await createTable(sql, projection, 'live');
  await alignIndexes(sql, projection, 'live');
  if (isMessageProjection(projection) && canBeBuilt(projection, options))
    await stopSlot(sql, projection, notBuilt);
  const made = await find();
  if (!made) throw new Error(`${projection.name}: its record is gone`);
  return made;
}

/** A consumer group may long be past messages that a new table has never seen; the store, or the brokers, have them all. */
function canBeBuilt(projection: MessageProjection, { sources, topics }: PrepareOptions): boolean {
  return topics !== undefined || hasSources(projection, sources);
}
