import { CheckpointMoved, type Checkpoint } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { DataSource } from 'typeorm';
import { foldBatch, ProjectionFailed, touchesOf, type Fold, type Positioned, type Touch } from './fold.js';
import type { EventProjection } from './projection.js';
import { sameCheckpoint } from './checkpoints.js';
import { isCurrent, loadSlots, moveCheckpoints, type Versioned } from './slots.js';
import { inTransaction, sqlState, type Sql } from './sql.js';
import { loadRows, saveRows, type Slot } from './stored-table.js';

/** The table was filled by another version of the projection: this process is too old for it, or not yet done building. */
export class ProjectionSuperseded extends Error {
  override readonly name = 'ProjectionSuperseded';

  constructor(readonly projection: string) {
    super(`${projection}: its table belongs to another version of the projection`);
  }
}

/** Events to fold, and the two checkpoints that they lie between. */
export interface EventStep {
  readonly events: readonly RecordedEvent[];
  /** Where the tables must stand: the exact checkpoint that the events were read after. */
  readonly after: Checkpoint | undefined;
  readonly checkpoint: Checkpoint;
}

/**
 * Folds a batch into the tables of projections of one schema and moves their checkpoints, all or nothing. Throws
 * `CheckpointMoved` when one stands elsewhere, {@link ProjectionSuperseded}, {@link ProjectionFailed}.
 */
export async function applyEvents(
  database: DataSource,
  projections: readonly EventProjection[],
  slot: Slot,
  step: EventStep,
): Promise<void> {
  await inTransaction(database, async (sql) => {
    const states = await loadSlots(sql, projections, slot, 'lock');
    for (const projection of projections) {
      const state = states.get(projection.name);
      if (!state || !isCurrent(state, projection)) throw new ProjectionSuperseded(projection.name);
      if (!sameCheckpoint(state.checkpoint, step.after)) throw new CheckpointMoved(projection.name);
    }
    for (const projection of projections)
      await foldIntoTable(sql, projection, slot, eventsOf(projection, step.events));
    await moveCheckpoints(sql, projections, slot, step.checkpoint);
  });
}

/** The events of the streams that feed a projection. */
export function eventsOf(
  projection: { readonly streams: readonly string[] },
  events: readonly RecordedEvent[],
): readonly RecordedEvent[] {
  return events.filter((event) => projection.streams.some((prefix) => event.stream.startsWith(prefix)));
}

/** Collects the rows that inputs touch and folds as {@link foldTouches}. */
export async function foldIntoTable<Input extends Positioned>(
  sql: Sql,
  projection: Fold<Input> & Versioned,
  slot: Slot,
  inputs: readonly Input[],
): Promise<void> {
  await foldTouches(sql, projection, slot, touchesOf(projection, inputs));
}

/** Loads the touched rows at once, folds in memory, writes at once; throws {@link ProjectionFailed}. */
export async function foldTouches<Input extends Positioned>(
  sql: Sql,
  projection: Fold<Input> & Versioned,
  slot: Slot,
  touches: readonly Touch<Input>[],
): Promise<void> {
  if (touches.length === 0) return;
  const keys = [...new Set(touches.flatMap((touch) => touch.keys))];
  try {
    const rows = await loadRows(sql, projection, slot, keys);
    await saveRows(
      sql,
      projection,
      slot,
      foldBatch(projection, touches, (key) => rows.get(key)),
    );
  } catch (error) {
    if (!isTablesOwnFault(error)) throw error;
    throw new ProjectionFailed(projection.name, touches[0]?.input.position, error);
  }
}

/** Classes of SQLSTATE that trying again would not mend: data, constraints, missing columns, limits of the program. */
function isTablesOwnFault(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && ['22', '23', '42', '54'].includes(state.slice(0, 2));
}
