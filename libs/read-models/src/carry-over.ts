import { createHash } from 'node:crypto';
import type { Checkpoint } from '#kernel/checkpoint.js';
import { isMessageProjection, tableOf, type AnyProjection } from './projection.js';
import { isCurrent, loadSlots, moveCheckpoints, openSlot, prepareSchema, watermarkBook } from './slots.js';
import { quoted, type Sql } from './sql.js';
import { alignIndexes, createTable, tableName } from './stored-table.js';

/** Two databases, each in a transaction of its own. */
export interface CarryOver {
  readonly from: Sql;
  readonly to: Sql;
  /** The checkpoint of the same event in the store that the other database's tables will be fed from. */
  readonly translate: (checkpoint: Checkpoint) => Promise<Checkpoint>;
}

/** The other database holds other rows of this table. */
export class CarriedOtherwise extends Error {
  override readonly name = 'CarriedOtherwise';

  constructor(readonly projection: string) {
    super(`${projection}: the table is there already, with other rows or at another place`);
  }
}

const pageRows = 500;

/** The live table of this very version, and where it stands; undefined where there is none or it takes no messages. */
export async function currentTable(
  sql: Sql,
  projection: AnyProjection,
): Promise<{ readonly checkpoint: Checkpoint | undefined } | undefined> {
  const { schema } = tableOf(projection);
  const [found] = await sql('SELECT to_regclass($1) IS NOT NULL AS there', [quoted(schema, 'read_model')]);
  if (found?.['there'] !== true) return undefined;
  const state = (await loadSlots(sql, [projection], 'live')).get(projection.name);
  if (!state || !isCurrent(state, projection) || state.stopped !== undefined) return undefined;
  return { checkpoint: state.checkpoint };
}

/**
 * Makes a live table with its rows, watermarks and translated checkpoint in another database, where it is not there yet, and
 * compares them. False for one that is missing, outdated or stopped: whoever runs there builds it. Throws
 * {@link CarriedOtherwise}.
 */
export async function carryOver(
  projection: AnyProjection,
  { from, to, translate }: CarryOver,
): Promise<boolean> {
  const live = await currentTable(from, projection);
  if (!live) return false;
  await prepareSchema(to, tableOf(projection).schema);
  const isFedByStreams = !isMessageProjection(projection);
  const checkpoint = live.checkpoint && isFedByStreams ? await translate(live.checkpoint) : undefined;
  const there = await loadSlots(to, [projection], 'live');
  if (!there.has(projection.name)) await fill(projection, from, to, checkpoint);
  await assertSame(projection, from, to, checkpoint);
  return true;
}

async function assertSame(
  projection: AnyProjection,
  from: Sql,
  to: Sql,
  checkpoint: Checkpoint | undefined,
): Promise<void> {
  const stands = (await loadSlots(to, [projection], 'live')).get(projection.name)?.checkpoint;
  if (stands?.cursor !== checkpoint?.cursor) throw new CarriedOtherwise(projection.name);
  for (const query of queriesOf(projection))
    if ((await digestOf(from, query)) !== (await digestOf(to, query)))
      throw new CarriedOtherwise(projection.name);
}

async function fill(projection: AnyProjection, from: Sql, to: Sql, checkpoint?: Checkpoint): Promise<void> {
  await openSlot(to, projection, 'live');
  await createTable(to, projection, 'live');
  const tables = [tableName(projection, 'live'), watermarkBook(projection)];
  for (const [at, query] of queriesOf(projection).entries())
    for await (const rows of pagesOf(from, query))
      await to(
        `INSERT INTO ${String(tables[at])} SELECT * FROM json_populate_recordset(NULL::${String(tables[at])}, $1::json)`,
        [`[${rows.join(',')}]`],
      );
  if (checkpoint) await moveCheckpoints(to, [projection], 'live', checkpoint);
  await alignIndexes(to, projection, 'live');
}

/** Rows of the table and its watermarks, in an order of their own. */
function queriesOf(projection: AnyProjection): readonly [rows: string, watermarks: string] {
  const name = projection.name.replaceAll("'", '');
  return [
    `SELECT row_to_json(t)::text AS line FROM ${tableName(projection, 'live')} t ORDER BY ${quoted(projection.key)}::text COLLATE "C"`,
    `SELECT row_to_json(t)::text AS line FROM ${watermarkBook(projection)} t WHERE name = '${name}' AND slot = 'live'
     ORDER BY topic COLLATE "C", key COLLATE "C"`,
  ];
}

async function digestOf(sql: Sql, query: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const rows of pagesOf(sql, query)) for (const row of rows) hash.update(`${row}\n`);
  return hash.digest('hex');
}

async function* pagesOf(sql: Sql, query: string): AsyncIterable<readonly string[]> {
  await sql(`SET LOCAL TIME ZONE 'UTC'`);
  await sql(`DECLARE carried NO SCROLL CURSOR FOR ${query}`);
  for (;;) {
    const rows = await sql(`FETCH ${String(pageRows)} FROM carried`);
    if (rows.length === 0) break;
    yield rows.map((row) => String(row['line']));
  }
  await sql('CLOSE carried');
}
