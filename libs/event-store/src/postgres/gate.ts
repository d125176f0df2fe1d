import { inTransaction, type Database, type Session } from '#postgres/pool.js';

/**
 * Why a log takes no events: it is being `filled` from another one, or it is `moving` or has `moved` to another one, which
 * `other` names.
 */
export interface Gate {
  readonly state: 'filling' | 'moving' | 'moved';
  readonly other: string;
}

/** Set by whoever fills a log, for one transaction. */
const fillingSetting = 'mangnon.filling';

const gateSql = `
  CREATE TABLE IF NOT EXISTS event_store.gate (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    state text NOT NULL CHECK (state IN ('filling', 'moving', 'moved')),
    other text NOT NULL,
    since timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE OR REPLACE FUNCTION event_store.refuse_at_gate() RETURNS trigger LANGUAGE plpgsql
  SET search_path = event_store, pg_temp AS $$
  DECLARE
    closed gate;
  BEGIN
    SELECT * INTO closed FROM gate;
    IF closed.state = 'filling' AND current_setting('${fillingSetting}', true) = 'on' THEN
      RETURN NULL;
    END IF;
    RAISE EXCEPTION 'this event store takes no events: % (%)', closed.state, closed.other;
  END $$;
  DROP TRIGGER IF EXISTS events_at_gate ON event_store.events;
  CREATE TRIGGER events_at_gate BEFORE INSERT ON event_store.events
    FOR EACH STATEMENT EXECUTE FUNCTION event_store.refuse_at_gate();
  ALTER TABLE event_store.events ENABLE ALWAYS TRIGGER events_at_gate;
  GRANT SELECT ON event_store.gate TO mangnon_reader;
`;

/** How the log's gate stands; undefined where it is open. */
export async function findGate(database: Pick<Database, 'query'>): Promise<Gate | undefined> {
  const { rows: found } = await database.query<{ there: boolean }>(
    `SELECT to_regclass('event_store.gate') IS NOT NULL AS there`,
  );
  if (found[0]?.there !== true) return undefined;
  const { rows } = await database.query<Gate>('SELECT state, other FROM event_store.gate');
  return rows[0];
}

/** The log takes no events, since they are moved or were moved; whoever starts on it is told where to. */
export class EventsElsewhere extends Error {
  override readonly name = 'EventsElsewhere';

  constructor({ state, other }: Gate) {
    super(sentences[state](other));
  }
}

const sentences = {
  filling: (other) =>
    `the event store is being filled (${other}) and is not whole: let that command come to its end first`,
  moving: (other) =>
    `the events are being moved to ${other}: run "mangnon copy-store" again to its end, or with --give-up to stay here`,
  moved: (other) => `the events were moved to ${other}: start the services there`,
} as const satisfies Readonly<Record<Gate['state'], (other: string) => string>>;

/** Throws {@link EventsElsewhere} where the gate is closed. */
export async function assertGateOpen(database: Pick<Database, 'query'>): Promise<void> {
  const gate = await findGate(database);
  if (gate) throw new EventsElsewhere(gate);
}

/**
 * Closes the gate, durably: an append that is under way ends first, and none is taken afterwards by whatever process.
 * Needs the rights of the schema's owner.
 */
export async function closeGate(database: Database, gate: Gate): Promise<void> {
  await inTransaction(database, (session) => closeGateIn(session, gate));
}

/** {@link closeGate} in the caller's transaction. */
export async function closeGateIn(session: Session, { state, other }: Gate): Promise<void> {
  await lockHead(session);
  await session.query(gateSql);
  await session.query(
    `INSERT INTO event_store.gate (state, other) VALUES ($1, $2)
     ON CONFLICT (one_row) DO UPDATE SET state = $1, other = $2, since = clock_timestamp()`,
    [state, other],
  );
}

/** Opens it, in the caller's transaction. */
export async function openGateIn(session: Session): Promise<void> {
  await lockHead(session);
  await session.query('DROP TRIGGER IF EXISTS events_at_gate ON event_store.events');
  await session.query('DELETE FROM event_store.gate');
}

/** Lets the transaction write into a log that is being filled. */
export async function passGate(session: Session): Promise<void> {
  await session.query(`SET LOCAL ${fillingSetting} = 'on'`);
}

/** First, as each append does: so that none waits for us while we wait for it. */
async function lockHead(session: Session): Promise<void> {
  await session.query('SELECT FROM event_store.head FOR UPDATE');
}
