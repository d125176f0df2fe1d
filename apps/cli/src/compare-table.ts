import { canonicalJson } from '#kernel/json.js';
import type { Session } from '#postgres/pool.js';
import type { AnyProjection, ColumnValue, Row } from '#read-models/projection.js';
import { rowOf, selectList, tableName } from '#read-models/stored-table.js';

/** Where a live table is not what a replay says. */
export interface Difference {
  readonly key: string;
  /** Absent where the whole row is missing on one side. */
  readonly column?: string;
  /** Undefined where the live table has no such row. */
  readonly live: ColumnValue | undefined;
  /** Undefined where the replay has no such row. */
  readonly replayed: ColumnValue | undefined;
}

/** What came of comparing one table. */
export interface Comparison {
  readonly rows: number;
  readonly differing: number;
  /** The one of the lowest key. */
  readonly first?: Difference;
}

/** Rows read at a time. */
const pageRows = 2_000;

/** Compares a live table, as the session's transaction sees it, with replayed rows; takes the rows it met out of them. */
export async function compareTable(
  session: Session,
  projection: AnyProjection,
  replayed: Map<string, Row>,
): Promise<Comparison> {
  let rows = 0;
  let differing = 0;
  let first: Difference | undefined;
  const note = (difference: Difference | undefined): void => {
    if (!difference) return;
    differing += 1;
    if (!first || difference.key < first.key) first = difference;
  };
  for await (const page of livePages(session, projection))
    for (const live of page) {
      const key = String(live[projection.key]);
      rows += 1;
      note(differenceOf(key, live, replayed.get(key)));
      replayed.delete(key);
    }
  for (const [key, row] of replayed) note(differenceOf(key, undefined, row));
  return { rows, differing, ...(first ? { first } : {}) };
}

async function* livePages(session: Session, projection: AnyProjection): AsyncIterable<readonly Row[]> {
  await session.query(
    `DECLARE live_rows NO SCROLL CURSOR FOR SELECT ${selectList(projection)} FROM ${tableName(projection, 'live')}`,
  );
  for (;;) {
    const { rows } = await session.query<Record<string, unknown>>(`FETCH ${String(pageRows)} FROM live_rows`);
    if (rows.length === 0) break;
    yield rows.map((record) => rowOf(projection, record));
  }
  await session.query('CLOSE live_rows');
}

function differenceOf(key: string, live: Row | undefined, replayed: Row | undefined): Difference | undefined {
  if (!live || !replayed) return { key, live: live && key, replayed: replayed && key };
  const column = Object.keys(live).find(
    (name) => canonicalJson(live[name] ?? null) !== canonicalJson(replayed[name] ?? null),
  );
  return column === undefined ? undefined : { key, column, live: live[column], replayed: replayed[column] };
}
