import type { Checkpoint } from '#kernel/checkpoint.js';
import type { Position } from '#kernel/position.js';
import { makeSchemaSql } from '#postgres/migrate.js';
import { shapeOf, type Slot, type TableShape } from './stored-table.js';
import { tableOf } from './projection.js';
import { quoted, type Sql, type SqlRecord } from './sql.js';

/** What is recorded about a slot's table in its schema's `read_model`. */
export interface SlotState {
  readonly name: string;
  readonly version: number;
  readonly shape: string;
  /** The last event folded into it; undefined where none was. Of a table fed by messages: the last read while building. */
  readonly checkpoint?: Checkpoint;
  /** Who alone fills it, of a slot that was opened for one builder. */
  readonly build?: string;
  /** Why a table fed by messages takes no more until it is rebuilt. */
  readonly stopped?: string;
}

/** A table and the version of the fold that fills it. */
export type Versioned = TableShape & { readonly version: number };

/** Makes a schema and its bookkeeping tables where they are missing; safe from several processes at once. */
export async function prepareSchema(sql: Sql, schema: string): Promise<void> {
  await sql('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`read-models schema ${schema}`]);
  const [found] = await sql('SELECT to_regclass($1) IS NOT NULL AS ready', [
    quoted(schema, 'read_model_watermark'),
  ]);
  if (found?.['ready'] === true) return;
  await sql(makeSchemaSql(schema));
  await sql(`CREATE TABLE ${quoted(schema, 'read_model')} (
    name text, slot text CHECK (slot IN ('live', 'next')), version integer NOT NULL, shape text NOT NULL,
    cursor text, incarnation integer, number bigint, event_id text, stopped text, PRIMARY KEY (name, slot))`);
  await sql(`CREATE TABLE ${quoted(schema, 'read_model_watermark')} (
    name text, slot text, topic text, key text, incarnation integer NOT NULL, number bigint NOT NULL,
    PRIMARY KEY (name, slot, topic, key))`);
}

/** The recorded states of these projections' slots, by name. `lock` keeps them from moving until the transaction ends. */
export async function loadSlots(
  sql: Sql,
  shapes: readonly TableShape[],
  slot: Slot,
  lock: 'lock' | 'look' = 'look',
): Promise<ReadonlyMap<string, SlotState>> {
  const [first] = shapes;
  if (!first) return new Map();
  const records = await sql(
    `SELECT * FROM ${book(first)} WHERE name = ANY($1) AND slot = $2 ORDER BY name ${lock === 'lock' ? 'FOR UPDATE' : ''}`,
    [shapes.map((shape) => shape.name), slot],
  );
  return new Map(records.map((record) => [String(record['name']), stateOf(record)]));
}

/** Those whose live table is of this very version while none is being built beside it; all of one schema. */
export async function loadUndisturbed<P extends Versioned>(
  sql: Sql,
  projections: readonly P[],
): Promise<ReadonlySet<P>> {
  const [first] = projections;
  if (!first) return new Set();
  const records = await sql(`SELECT * FROM ${book(first)} WHERE name = ANY($1)`, [
    projections.map((projection) => projection.name),
  ]);
  return new Set(
    projections.filter((projection) => {
      const [only, ...others] = records.filter((record) => record['name'] === projection.name);
      return others.length === 0 && only?.['slot'] === 'live' && isCurrent(stateOf(only), projection);
    }),
  );
}

/** Records a slot anew: nothing folded yet, at this version and shape, without watermarks; for one builder where given. */
export async function openSlot(sql: Sql, projection: Versioned, slot: Slot, build?: string): Promise<void> {
  await closeSlot(sql, projection, slot);
  await sql(
    `INSERT INTO ${book(projection)} (name, slot, version, shape, cursor) VALUES ($1, $2, $3, $4, $5)`,
    [projection.name, slot, projection.version, shapeOf(projection), build ?? null],
  );
}

async function closeSlot(sql: Sql, shape: TableShape, slot: Slot): Promise<void> {
  await sql(`DELETE FROM ${book(shape)} WHERE name = $1 AND slot = $2`, [shape.name, slot]);
  await sql(`DELETE FROM ${watermarkBook(shape)} WHERE name = $1 AND slot = $2`, [shape.name, slot]);
}

/**
 * What is recorded of the next slot becomes the live one's, whose record must exist. The live record itself stays, since
 * others may be waiting for its lock and must find it.
 */
export async function promoteSlot(sql: Sql, shape: TableShape): Promise<void> {
  await sql(
    `UPDATE ${book(shape)} AS live SET version = next.version, shape = next.shape,
       cursor = CASE WHEN next.event_id IS NOT NULL THEN next.cursor END, incarnation = next.incarnation, number = next.number, event_id = next.event_id, stopped = NULL
     FROM ${book(shape)} AS next
     WHERE live.name = $1 AND live.slot = 'live' AND next.name = $1 AND next.slot = 'next'`,
    [shape.name],
  );
  const watermarks = watermarkBook(shape);
  await sql(`DELETE FROM ${watermarks} WHERE name = $1 AND slot = 'live'`, [shape.name]);
  await sql(`UPDATE ${watermarks} SET slot = 'live' WHERE name = $1 AND slot = 'next'`, [shape.name]);
  await closeSlot(sql, shape, 'next');
}

/** Writes the checkpoint of slots of one schema; the caller holds their locks and has compared. */
export async function moveCheckpoints(
  sql: Sql,
  shapes: readonly TableShape[],
  slot: Slot,
  next: Checkpoint,
): Promise<void> {
  const [first] = shapes;
  if (!first) return;
  await sql(
    `UPDATE ${book(first)} SET cursor = $3, incarnation = $4, number = $5, event_id = $6
     WHERE name = ANY($1) AND slot = $2`,
    [
      shapes.map((shape) => shape.name),
      slot,
      next.cursor,
      next.position.incarnation,
      next.position.number,
      next.eventId,
    ],
  );
}

/** Records why a table takes no more messages. */
export async function stopSlot(sql: Sql, shape: TableShape, reason: string): Promise<void> {
  await sql(`UPDATE ${book(shape)} SET stopped = $2 WHERE name = $1 AND slot = 'live'`, [
    shape.name,
    reason.replaceAll('\0', ''),
  ]);
}

/** Whether a slot's table was filled by this version of the projection. */
export function isCurrent(state: SlotState, projection: Versioned): boolean {
  return state.version === projection.version && state.shape === shapeOf(projection);
}

function book(shape: TableShape): string {
  return quoted(tableOf(shape).schema, 'read_model');
}

/** The table of watermarks of a projection's schema, quoted. */
export function watermarkBook(shape: TableShape): string {
  return quoted(tableOf(shape).schema, 'read_model_watermark');
}

function stateOf(record: SqlRecord): SlotState {
  return {
    name: String(record['name']),
    version: Number(record['version']),
    shape: String(record['shape']),
    ...(typeof record['event_id'] === 'string'
      ? {
          checkpoint: {
            cursor: String(record['cursor']),
            position: positionOf(record),
            eventId: record['event_id'],
          },
        }
      : buildOf(record)),
    ...(typeof record['stopped'] === 'string' ? { stopped: record['stopped'] } : {}),
  };
}

/** Without an event the cursor is nobody's place in the log, and names the builder. */
function buildOf({ cursor }: SqlRecord): Pick<SlotState, 'build'> {
  return typeof cursor === 'string' ? { build: cursor } : {};
}

/** The position in a record's `incarnation` and `number`. */
export function positionOf(record: SqlRecord): Position {
  return { incarnation: Number(record['incarnation']), number: Number(record['number']) };
}
