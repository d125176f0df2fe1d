import type { Message } from '#kernel/message.js';
import type { DataSource } from 'typeorm';
import { foldIntoTable, ProjectionSuperseded } from './apply.js';
import type { ProjectionFailed } from './fold.js';
import type { MessageProjection } from './projection.js';
import { isCurrent, loadSlots, loadUndisturbed, stopSlot, type SlotState } from './slots.js';
import { inTransaction, sqlBeside } from './sql.js';
import { freshMessages, loadWatermarks, saveWatermarks } from './watermarks.js';

/**
 * Folds messages into live tables of one schema, each message once: rows and a watermark a table, topic and key change in
 * one transaction, and a message at or below its watermark is dropped. Where a table is outdated or stopped only its
 * watermark moves: the rebuild that is due reads the messages from the store and must come that far. A watermark is that
 * of the last message that concerned the table. Throws {@link ProjectionFailed}, and `ProjectionSuperseded` in a process older
 * than a table; then none has changed.
 */
export async function foldMessages(
  database: DataSource,
  projections: readonly MessageProjection[],
  messages: readonly Message[],
): Promise<void> {
  const wanted = await wantedBy(database, projections, messages);
  const due = [...wanted.keys()];
  if (due.length === 0) return;
  await inTransaction(database, async (sql) => {
    const states = await loadSlots(sql, due, 'live', 'lock');
    const watermarks = await loadWatermarks(sql, due, 'live', keysOf(messages));
    const taken = new Map<MessageProjection, readonly Message[]>();
    for (const [projection, messagesOfIt] of wanted) {
      const state = states.get(projection.name);
      if (!state || state.version > projection.version) throw new ProjectionSuperseded(projection.name);
      const fresh = freshMessages(messagesOfIt, watermarks.get(projection.name));
      if (takesMessages(state, projection)) await foldIntoTable(sql, projection, 'live', fresh);
      taken.set(projection, fresh);
    }
    await saveWatermarks(sql, 'live', taken);
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
    const watermarks = await loadWatermarks(sql, [projection], 'live', keysOf(messages));
    const fresh = freshMessages(messages, watermarks.get(projection.name));
    await saveWatermarks(sql, 'live', new Map([[projection, fresh]]));
  });
}

/** Whether messages are folded into the live table as it stands. */
export function takesMessages(state: SlotState, projection: MessageProjection): boolean {
  return isCurrent(state, projection) && state.stopped === undefined;
}

/**
 * The messages that each projection takes in, where there are any: those that concern it, so that its watermark does not
 * depend on how batches are cut. All of them where another version of the fold may want others, which is not this
 * process's to tell; a rebuild that begins after this look finds the messages in the store.
 */
async function wantedBy(
  database: DataSource,
  projections: readonly MessageProjection[],
  messages: readonly Message[],
): Promise<ReadonlyMap<MessageProjection, readonly Message[]>> {
  const undisturbed = await loadUndisturbed(sqlBeside(database), projections);
  const wanted = new Map<MessageProjection, readonly Message[]>();
  for (const projection of projections) {
    const own = messages.filter((one) => !undisturbed.has(projection) || concerns(one, projection));
    if (own.length > 0) wanted.set(projection, own);
  }
  return wanted;
}

/** A fold that fails on a message is concerned by it; the failure shows again, and is dealt with, where it folds. */
function concerns(message: Message, projection: MessageProjection): boolean {
  try {
    return projection.keysOf(message).length > 0;
  } catch {
    return true;
  }
}

function keysOf(messages: readonly Message[]): readonly string[] {
  return [...new Set(messages.map(({ key }) => key))];
}
