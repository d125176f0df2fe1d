import { withSession, type Database, type Session } from '#postgres/pool.js';
import { expectedOf, type EncodedAppend } from '../encoding.js';
import { AppendMixed, StoreBusy, WrongExpectedVersion, type Appended } from '../event-store.js';

/** What became of one append of a call: where it stands, or why it was refused. */
export type Outcome = Appended | WrongExpectedVersion | AppendMixed;

/** Hands several appends, at most one a stream, to the database in one statement; one outcome each, in their order. */
export type AppendCall = (appends: readonly EncodedAppend[]) => Promise<readonly Outcome[]>;

interface OutcomeRow {
  readonly outcome: 'appended' | 'repeated' | 'mixed' | 'moved';
  readonly stands_at: string;
  readonly last_incarnation: number;
  readonly last_number: string;
  readonly last_recorded_at: Date;
}

const statement = `SELECT outcome, stands_at, last_incarnation, last_number, last_recorded_at
  FROM event_store.append($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/** When to come again after the database did not take a call at all, in milliseconds. */
const retryAfterMs = 1_000;
const lockNotAvailable = '55P03';

/**
 * Calls the append function of the schema. Throws {@link StoreBusy} when nothing was sent or the log stayed locked, so
 * that surely nothing was written; after any other error the outcome of every append is unknown.
 */
export function appendCall(database: Database): AppendCall {
  return async (appends) => {
    const call = { sent: false };
    try {
      return await withSession(database, (session) => {
        call.sent = true;
        return sendAppends(session, appends);
      });
    } catch (error) {
      if (!call.sent || isLocked(error)) throw new StoreBusy(retryAfterMs);
      throw new Error('the outcome of the append is unknown', { cause: error });
    }
  };
}

/** The call itself, in whatever transaction the session is in. */
export async function sendAppends(
  session: Pick<Session, 'query'>,
  appends: readonly EncodedAppend[],
): Promise<readonly Outcome[]> {
  const values = parametersOf(appends);
  const { rows } = await session.query<OutcomeRow>({ name: 'append', text: statement, values });
  return appends.map((append, index) => outcomeOf(append, rows[index]));
}

function isLocked(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === lockNotAvailable;
}

/** In the order of the function's parameters: four of the appends, five of their events. */
function parametersOf(appends: readonly EncodedAppend[]): unknown[] {
  const events = appends.flatMap((append) => append.events);
  return [
    lines(appends.map(({ stream }) => stream)),
    appends.map(({ expected }) => expected),
    appends.map((append) => append.events.length),
    appends.map(({ after }) => after ?? null),
    events.map(({ id }) => id),
    lines(events.map(({ type }) => type)),
    events.map(({ schemaVersion }) => schemaVersion),
    lines(events.map(({ metadata }) => metadata)),
    lines(events.map(({ data }) => data)),
  ];
}

function lines(texts: readonly string[]): string {
  return texts.join('\n');
}

function outcomeOf(append: EncodedAppend, row: OutcomeRow | undefined): Outcome {
  const { stream, expected, events } = append;
  switch (row?.outcome) {
    case 'appended':
    case 'repeated':
      return {
        revision: expected + events.length,
        position: { incarnation: row.last_incarnation, number: Number(row.last_number) },
        recordedAt: row.last_recorded_at.toISOString(),
      };
    case 'mixed':
      return new AppendMixed(stream);
    case 'moved':
      return new WrongExpectedVersion(stream, expectedOf(expected), expectedOf(Number(row.stands_at)));
    case undefined:
      throw new Error(`${stream}: the database gave no outcome`);
  }
}
