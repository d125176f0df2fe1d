import type { Database } from '#postgres/pool.js';

/** The store's clock follows a story: the data is a demo's, and no other run may add to it. */
export class StoryDataRefused extends Error {
  override readonly name = 'StoryDataRefused';

  constructor() {
    super('this data belongs to a demo, whose clock follows a story: choose another MANGNON_DATA_DIR');
  }
}

/**
 * Moves the clock that events are stamped by, for the demo's story alone; 0 is the server's own time. Times still never
 * run backwards. Needs the rights of the schema's owner.
 */
export async function setClockOffset(database: Database, offsetMs: number): Promise<void> {
  await database.query(
    'UPDATE event_store.head SET clock_offset = make_interval(secs => $1::double precision / 1000)',
    [offsetMs],
  );
}

/** Throws {@link StoryDataRefused} unless events are stamped by the server's own clock. */
export async function assertOwnClock(database: Database): Promise<void> {
  const { rowCount } = await database.query("SELECT FROM event_store.head WHERE clock_offset <> '0'");
  if (rowCount !== 0) throw new StoryDataRefused();
}

/** What the clock that events are stamped by shows now. */
export async function storeTime(database: Database): Promise<Date> {
  const { rows } = await database.query<{ now: Date }>(
    'SELECT clock_timestamp() + clock_offset AS now FROM event_store.head',
  );
  const [row] = rows;
  if (!row) throw new Error('the event store has no head');
  return row.now;
}
