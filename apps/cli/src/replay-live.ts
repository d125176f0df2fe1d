import type { EventStore } from '#event-store/event-store.js';
import type { TopicSource } from '#kernel/message.js';
import { comparePositions, formatPosition, type Position } from '#kernel/position.js';
import { eventsThrough } from '#platform/archive/event-log.js';
import type { Session } from '#postgres/pool.js';
import { ProjectionFailed } from '#read-models/fold.js';
import { tableOf, type AnyProjection, type Row } from '#read-models/projection.js';
import { compareTable, type Comparison, type Difference } from './compare-table.js';
import type { Check } from './checks/check.js';
import type { Databases } from './databases.js';
import type { Bilingual } from './language.js';
import { holdTables, liveTables, type LiveTable } from './live-slots.js';
import { figure } from './figures.js';
import type { Terminal } from './terminal.js';

/** What to replay. */
export interface LiveReplay {
  readonly projections: readonly AnyProjection[];
  readonly sources: readonly TopicSource[];
  readonly checks: readonly Check[];
}

/** Rows held in memory at a time; more tables than that are replayed in several readings of the log. */
const rowsMax = 2_000_000;

/**
 * Folds every event through the projections and compares them row by row with the live tables as of one moment, each at
 * its own checkpoint, while the services go on; takes every event through the checks besides. Prints what it found; true
 * when nothing differs.
 */
export async function replayLive(
  databases: Databases,
  terminal: Terminal,
  { projections, sources, checks }: LiveReplay,
): Promise<boolean> {
  const { store, database } = databases.log;
  const session = await database.connect();
  try {
    const standing = await standingTables(session, projections);
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await holdTables(session, standing);
    const { tables, incomparable } = await liveTables(session, standing, sources);
    const missing = projections.filter((projection) => !standing.includes(projection));
    const head = await store.head();
    const replay = new Replay(session, store, terminal, head?.position);
    const same = await replay.run(await passesOf(session, tables), checks);
    for (const { name } of missing)
      terminal.tell({ vi: `✗ ${name}: chưa được tạo`, en: `✗ ${name}: has not been made` });
    for (const { projection, why } of incomparable)
      terminal.tell({ vi: `✗ ${projection.name}: ${why.vi}`, en: `✗ ${projection.name}: ${why.en}` });
    await session.query('COMMIT');
    return same && missing.length === 0 && incomparable.length === 0;
  } finally {
    session.release(true);
  }
}

/** Those whose tables exist, so that they can be locked by name. */
async function standingTables(
  session: Session,
  projections: readonly AnyProjection[],
): Promise<readonly AnyProjection[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname = ANY($1)`,
    [[...new Set(projections.map((projection) => tableOf(projection).schema))]],
  );
  const names = new Set(rows.map(({ name }) => name));
  return projections.filter(({ name }) => names.has(name));
}

/** Tables that are replayed together, so that no more rows than {@link rowsMax} are held where one table has fewer. */
async function passesOf(
  session: Session,
  tables: readonly LiveTable[],
): Promise<readonly (readonly LiveTable[])[]> {
  const passes: { rows: number; tables: LiveTable[] }[] = [{ rows: 0, tables: [] }];
  for (const table of tables) {
    const { rows } = await session.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM ${table.projection.name}`,
    );
    const count = Number(rows[0]?.rows ?? 0);
    let pass = passes.at(-1);
    if (!pass || (pass.rows > 0 && pass.rows + count > rowsMax))
      passes.push((pass = { rows: 0, tables: [] }));
    pass.rows += count;
    pass.tables.push(table);
  }
  return passes.map((pass) => pass.tables);
}

class Replay {
  constructor(
    private readonly session: Session,
    private readonly store: EventStore,
    private readonly terminal: Terminal,
    private readonly head: Position | undefined,
  ) {}

  async run(passes: readonly (readonly LiveTable[])[], checks: readonly Check[]): Promise<boolean> {
    let same = true;
    for (const [at, tables] of passes.entries()) {
      const folded = await this.#fold(tables, at === 0 ? checks : []);
      for (const [table, rows] of folded) same = (await this.#compare(table, rows)) && same;
    }
    return same;
  }

  async #fold(tables: readonly LiveTable[], checks: readonly Check[]) {
    const folded = new Map<LiveTable, Map<string, Row> | ProjectionFailed>(
      tables.map((table) => [table, new Map<string, Row>()]),
    );
    let events = 0;
    for await (const page of eventsThrough(this.store, this.head)) {
      for (const check of checks) for (const event of page) check.take(event);
      for (const [table, rows] of folded)
        if (rows instanceof Map) foldOrFail(table, rows, page, (failure) => folded.set(table, failure));
      events += page.length;
      this.#progress(events, page.at(-1)?.position);
    }
    this.terminal.clear();
    return folded;
  }

  async #compare(
    { projection, ...table }: LiveTable,
    rows: Map<string, Row> | ProjectionFailed,
  ): Promise<boolean> {
    if (rows instanceof ProjectionFailed) {
      this.terminal.print(`✗ ${rows.message}`);
      return false;
    }
    const compared = await compareTable(this.session, projection, rows);
    const at = whereItStands(table);
    if (!compared.first) {
      const count = figure(compared.rows, this.terminal.language);
      this.terminal.tell({
        vi: `✓ ${projection.name}: ${count} dòng khớp ${at.vi}`,
        en: `✓ ${projection.name}: ${count} rows equal ${at.en}`,
      });
      return true;
    }
    this.#tell(projection, compared, compared.first, at);
    await this.#tellOrigin({ projection, ...table }, compared.first.key);
    return false;
  }

  #tell({ name }: AnyProjection, { differing }: Comparison, first: Difference, at: Bilingual): void {
    const { key, column, live, replayed } = first;
    const [was, is] = [told(live), told(replayed)];
    this.terminal.tell({
      vi: `✗ ${name}: ${differing} dòng khác ${at.vi}; đầu tiên: khoá ${key}${column ? `, cột ${column}` : ''}: bảng có ${was.vi}, dựng lại được ${is.vi}`,
      en: `✗ ${name}: ${differing} rows differ ${at.en}; first: key ${key}${column ? `, column ${column}` : ''}: live ${was.en}, replayed ${is.en}`,
    });
  }

  /** A second reading, only where something differs: which event the row should come from. */
  async #tellOrigin(table: LiveTable, key: string): Promise<void> {
    let last: Position | undefined;
    for await (const page of eventsThrough(this.store, this.head)) last = table.lastTouch(page, key) ?? last;
    const position = last ? formatPosition(last) : '–';
    this.terminal.tell({
      vi: `    sự kiện cuối cùng của dòng này ở vị trí ${position}`,
      en: `    the last event of that row stands at position ${position}`,
    });
  }

  #progress(events: number, reached: Position | undefined): void {
    const { head, terminal } = this;
    if (!reached || !head) return;
    const count = figure(events, terminal.language);
    const [at, of] = [formatPosition(reached), formatPosition(head)];
    terminal.progress(() => ({
      vi: `Đã đọc ${count} sự kiện, vị trí ${at}/${of}`,
      en: `${count} events read, position ${at} of ${of}`,
    }));
  }
}

function foldOrFail(
  table: LiveTable,
  rows: Map<string, Row>,
  page: Parameters<LiveTable['fold']>[1],
  onFailure: (failure: ProjectionFailed) => void,
): void {
  try {
    table.fold(rows, page);
  } catch (error) {
    if (!(error instanceof ProjectionFailed)) throw error;
    onFailure(error);
  }
}

function whereItStands({ checkpoint, watermarks }: Pick<LiveTable, 'checkpoint' | 'watermarks'>): Bilingual {
  const positions = [...watermarks.values(), ...(checkpoint ? [checkpoint.position] : [])].sort(
    comparePositions,
  );
  const last = positions.at(-1);
  return last
    ? { vi: `tại vị trí ${formatPosition(last)}`, en: `at position ${formatPosition(last)}` }
    : { vi: 'khi chưa có sự kiện nào', en: 'before the first event' };
}

function told(value: Difference['live']): Bilingual {
  if (value === undefined) return { vi: 'không có dòng này', en: 'no such row' };
  const text = JSON.stringify(value);
  return { vi: text, en: text };
}
