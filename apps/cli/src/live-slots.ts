import type { Checkpoint } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Message, TopicSource } from '#kernel/message.js';
import { comparePositions, type Position } from '#kernel/position.js';
import type { Session } from '#postgres/pool.js';
import { feedOfEvents, feedOfMessages } from '#read-models/feed.js';
import { foldInto } from '#read-models/fold.js';
import { isMessageProjection, tableOf, type AnyProjection, type Row } from '#read-models/projection.js';
import { isCurrent, loadSlots, type SlotState } from '#read-models/slots.js';
import type { Sql } from '#read-models/sql.js';
import { loadWatermarks, watermarkOf, type Watermarks } from '#read-models/watermarks.js';
import type { Bilingual } from './language.js';

/** A live table and where it stands: what a replay folds up to. */
export interface LiveTable {
  readonly projection: AnyProjection;
  readonly checkpoint: Checkpoint | undefined;
  readonly watermarks: Watermarks;
  /** Folds what of a page the live table has taken in. */
  fold(rows: Map<string, Row>, page: readonly RecordedEvent[]): void;
  /** The last event of a page that touched the row, of those that the live table has taken in. */
  lastTouch(page: readonly RecordedEvent[], key: string): Position | undefined;
}

/** A table that cannot be compared, and why. */
export interface Incomparable {
  readonly projection: AnyProjection;
  readonly why: Bilingual;
}

/** What stands in a session's snapshot of these projections. */
export async function liveTables(
  session: Session,
  projections: readonly AnyProjection[],
  sources: readonly TopicSource[],
): Promise<{ readonly tables: readonly LiveTable[]; readonly incomparable: readonly Incomparable[] }> {
  const sql = sqlOfSession(session);
  const tables: LiveTable[] = [];
  const incomparable: Incomparable[] = [];
  for (const projection of projections) {
    const state = (await loadSlots(sql, [projection], 'live')).get(projection.name);
    const why = incomparableBecause(projection, state);
    if (why) incomparable.push({ projection, why });
    else {
      const watermarks = (await loadWatermarks(sql, [projection], 'live')).get(projection.name) ?? new Map();
      tables.push(liveTable(projection, state?.checkpoint, watermarks, sources));
    }
  }
  return { tables, incomparable };
}

/** Keeps these tables, and what is recorded of them, from being swapped; before the session's first SELECT. */
export async function holdTables(session: Session, projections: readonly AnyProjection[]): Promise<void> {
  const names = projections.flatMap(({ name }) => {
    const { schema } = tableOf({ name });
    return [name, `${schema}.read_model`, `${schema}.read_model_watermark`];
  });
  if (names.length > 0)
    await session.query(`LOCK TABLE ${[...new Set(names)].join(', ')} IN ACCESS SHARE MODE`);
}

/** The statements of read-models on a session of ours. */
function sqlOfSession(session: Session): Sql {
  return async (text, parameters = []) => {
    const { rows } = await session.query<Record<string, unknown>>(text, [...parameters]);
    return rows;
  };
}

function incomparableBecause(projection: AnyProjection, state: SlotState | undefined): Bilingual | undefined {
  if (!state) return { vi: 'chưa được tạo', en: 'has not been made' };
  if (!isCurrent(state, projection))
    return {
      vi: `thuộc phiên bản ${state.version}, chờ dựng lại thành ${projection.version}`,
      en: `is of version ${state.version} and waits to be rebuilt as ${projection.version}`,
    };
  if (state.stopped !== undefined)
    return { vi: `đang dừng: ${state.stopped}`, en: `is stopped: ${state.stopped}` };
  return undefined;
}

function liveTable(
  projection: AnyProjection,
  checkpoint: Checkpoint | undefined,
  watermarks: Watermarks,
  sources: readonly TopicSource[],
): LiveTable {
  const about = { projection, checkpoint, watermarks };
  if (isMessageProjection(projection)) {
    const feed = feedOfMessages(projection, sources);
    const taken = (page: readonly RecordedEvent[]): readonly Message[] =>
      feed
        .inputsOf(page)
        .filter((message) => isAtOrBefore(message.position, watermarkOf(watermarks, message)));
    return {
      ...about,
      fold: (rows, page) => foldInto(projection, rows, taken(page)),
      lastTouch: (page, key) =>
        taken(page).findLast((input) => projection.keysOf(input).includes(key))?.position,
    };
  }
  const feed = feedOfEvents(projection);
  const taken = (page: readonly RecordedEvent[]): readonly RecordedEvent[] =>
    feed.inputsOf(page).filter((event) => isAtOrBefore(event.position, checkpoint?.position));
  return {
    ...about,
    fold: (rows, page) => foldInto(projection, rows, taken(page)),
    lastTouch: (page, key) =>
      taken(page).findLast((input) => projection.keysOf(input).includes(key))?.position,
  };
}

function isAtOrBefore(position: Position, limit: Position | undefined): boolean {
  return limit !== undefined && comparePositions(position, limit) <= 0;
}
