import { topics } from '#contracts/topics.js';
import { backlogAtRest } from '#platform/archive/backlog-at-rest.js';
import type { Database } from '#postgres/pool.js';
import type { ServerFigures } from './status.http.js';
import type { Databases } from './databases.js';
import { replayedServices, replayedSources } from './registry.js';

/** Standing donations without a receipt, the oldest's age in seconds. */
const oldestWithoutReceipt = `SELECT coalesce(extract(epoch FROM clock_timestamp() - min(d.recorded_at)), 0)::float8 AS count
  FROM donations.donation d WHERE d.status = 'standing' AND NOT EXISTS (
    SELECT FROM donations.history h WHERE h.donation_id = d.donation_id AND h.type = 'ReceiptIssued.v1')`;

/**
 * What operators watch, as far as the databases tell it: how far consumers are behind only where they run in one process,
 * and nothing of how long appends take.
 */
export async function figuresAtRest({ log }: Pick<Databases, 'log'>): Promise<ServerFigures> {
  const { database } = log;
  const waiting = async (table: string) =>
    Promise.all(
      replayedServices.map(async ({ name: service }) => {
        const messages = await counted(
          database,
          `${service}.${table}`,
          `SELECT count(*)::integer AS count FROM ${service}.${table}`,
        );
        return { service, messages };
      }),
    );
  const seconds = await counted(database, 'donations.history', oldestWithoutReceipt);
  return {
    consumers: (await isThere(database, 'platform.checkpoints')) ? await lags(log) : [],
    publishers: [],
    withoutReceipt: [{ service: 'donations', seconds: Math.max(0, seconds) }],
    parked: await waiting('parked'),
    held: await waiting('held_messages'),
    appends: [],
  };
}

async function lags(log: Databases['log']): Promise<ServerFigures['consumers']> {
  const backlog = backlogAtRest(log, replayedSources());
  const followers = topics.flatMap(({ name: topic, readers }) => readers.map((group) => ({ group, topic })));
  return Promise.all(
    followers.map(async ({ group, topic }) => {
      const since = await backlog.oldestUnhandled(group, topic);
      const seconds = since === undefined ? 0 : Math.max(0, (Date.now() - Date.parse(since)) / 1_000);
      return { group, topic, seconds };
    }),
  );
}

/** What the statement counts; 0 where its table was never made. */
async function counted(database: Database, table: string, statement: string): Promise<number> {
  if (!(await isThere(database, table))) return 0;
  const { rows } = await database.query<{ count: number }>(statement);
  return rows[0]?.count ?? 0;
}

async function isThere(database: Database, table: string): Promise<boolean> {
  const { rows } = await database.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    table,
  ]);
  return rows[0]?.there === true;
}
