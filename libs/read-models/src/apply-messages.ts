import type { Message } from '#kernel/message.js';
import type { DataSource } from 'typeorm';
import { foldIntoTable, ProjectionSuperseded } from './apply.js';
import type { ProjectionFailed } from './fold.js';
import type { MessageProjection } from './projection.js';
import { isCurrent, loadSlots, stopSlot, type SlotState } from './slots.js';
import { inTransaction } from './sql.js';
import { freshMessages, loadWatermarks, saveWatermarks } from './watermarks.js';

/** What became of a batch of messages. */
export type TakenIn = 'folded' | 'left to the rebuild';

/**
 * Folds messages into the live table, each once: rows and a watermark a topic and key change in one transaction, and a
 * message at or below its watermark is dropped. Where the table is outdated or stopped only the watermark moves: the
 * rebuild that is due reads the messages from the store and must come that far. Throws {@link ProjectionFailed}, and
 * `ProjectionSuperseded` in a process older than the table.
 */
export async function foldMessages(
  database: DataSource,
  projection: MessageProjection,
  messages: readonly Message[],
): Promise<TakenIn> {
  return inTransaction(database, async (sql) => {
    const state = (await loadSlots(sql, [projection], 'live', 'lock')).get(projection.name);
    if (!state || state.version > projection.version) throw new ProjectionSuperseded(projection.name);
    const fresh = freshMessages(messages, await loadWatermarks(sql, projection, 'live'));
    const folds = takesMessages(state, projection);
    if (folds) await foldIntoTable(sql, projection, 'live', fresh);
    await saveWatermarks(sql, projection, 'live', fresh);
    return folds ? 'folded' : 'left to the rebuild';
  });
}

/** Stops the table for good: later messages are left to the rebuild, these included. */
export async function stopForMessages(
  database: DataSource,
  projection: MessageProjection,
  messages: readonly Message[],
  failure: ProjectionFailed,
): Promise<void> {
  await inTransaction(database, async (sql) => {
    await loadSlots(sql, [projection], 'live', 'lock');
    await stopSlot(sql, projection, failure.message);
    await saveWatermarks(
      sql,
      projection,
      'live',
      freshMessages(messages, await loadWatermarks(sql, projection, 'live')),
    );
  });
}

/** Whether messages are folded into the live table as it stands. */
export function takesMessages(state: SlotState, projection: MessageProjection): boolean {
  return isCurrent(state, projection) && state.stopped === undefined;
}
