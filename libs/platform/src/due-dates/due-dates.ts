import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '#kernel/json.js';
import { migrate, type Migration } from '#postgres/migrate.js';
import { plainName, type Database } from '#postgres/pool.js';
import { isGone, Presence } from '#postgres/presence.js';
import type { Clock } from '../clock.js';
import type { DueDate } from './due-date.js';

/** What a service's due dates run on. */
export interface DueDatesOptions {
  readonly service: string;
  /** Where `<service>.due_dates` is kept by the read models. */
  readonly database: Database;
  /** Says what is due; a story's clock may jump ahead. */
  readonly clock: Clock;
  /** Sends the command. Resolving means it was handled, were it a no-op; rejecting brings it again later. */
  readonly send: (due: DueDate) => Promise<void>;
  /** Told of every rejection; the due date stays. */
  readonly onError?: (due: DueDate, error: unknown) => void;
  /** How often it looks, in milliseconds; 1,000 when absent. */
  readonly pollMs?: number;
}

/**
 * Two tables in one: who is sending a due date until when, and which were sent; it survives rebuilds of the projection.
 * The holder is a process's presence; one that was rejected has none, and waits until `claimed_until`.
 */
export const dueDateMigrations: readonly Migration[] = [
  {
    id: 'due-dates/0001-sent',
    sql: `CREATE TABLE due_dates_sent (
      key text NOT NULL,
      event_id text NOT NULL,
      attempts integer NOT NULL,
      claimed_until timestamptz NOT NULL,
      sent_at timestamptz,
      PRIMARY KEY (key, event_id)
    )`,
  },
  {
    id: 'due-dates/0002-holder',
    sql: `ALTER TABLE due_dates_sent ADD COLUMN holder bigint`,
  },
];

/** How many are taken at a time. */
const batchMax = 20;
/**
 * How long a process may be at one due date before another sends it too. That is for a process that is frozen: what a dead
 * one had taken is free at once, with its connection.
 */
const lease = `interval '5 minutes'`;

/** How long one that was rejected so often waits. */
const pause = `least(interval '1 hour', interval '1 second' * power(2, least(s.attempts, 12)))`;
/** It waits longer than anything may: the machine's clock was stepped back since. */
const isBeforeItsTime = `s.holder IS NULL AND s.claimed_until > clock_timestamp() + greatest(interval '1 minute', ${pause})`;

interface DueRecord {
  readonly key: string;
  readonly rule: string;
  readonly rule_key: string;
  readonly due_at: Date;
  readonly stream: string;
  readonly revision: number;
  readonly event_id: string;
  readonly payload: string;
}

/** What a process took, and the number under which it did. */
interface Claim {
  readonly holder: string;
  readonly due: readonly DueRecord[];
}

/**
 * Sends what is due, the longest due first, at least once: after a crash it is sent again at once, after a rejection with
 * growing pauses up to an hour, and others go on meanwhile. Several processes share the work. Once sent, the same due date
 * is not sent again unless a later event sets it anew. Keeps one connection of the database's pool for itself.
 */
export class DueDates {
  readonly #stopping = new AbortController();
  readonly #schema: string;
  readonly #presence: Presence;
  #running: Promise<void> = Promise.resolve();

  private constructor(private readonly options: DueDatesOptions) {
    this.#schema = plainName(options.service);
    this.#presence = new Presence(options.database);
  }

  /** Makes its table where it is missing. */
  static async open(options: DueDatesOptions): Promise<DueDates> {
    await migrate(options.database, plainName(options.service), dueDateMigrations);
    return new DueDates(options);
  }

  /** Looks regularly from now on, also while the read models have not made `due_dates` yet. */
  start(): void {
    this.#running = this.#run(this.#stopping.signal);
  }

  /** Finishes the command being sent and takes no more; what else it had taken is free for others. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#presence.end();
  }

  /** Sends what is due now; the number sent, rejected ones not counted. */
  async sendDue(): Promise<number> {
    let sent = 0;
    for (;;) {
      const { holder, due } = await this.#claim();
      for (const one of due) {
        if (this.#stopping.signal.aborted) return sent;
        if ((await this.#isOurs(one, holder)) && (await this.#sendOne(one, holder))) sent += 1;
      }
      if (due.length < batchMax || this.#stopping.signal.aborted) return sent;
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.sendDue().catch(() => undefined);
      await delay(this.options.pollMs ?? 1_000, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Leases run on the server's clock: the story's clock says what is due, not how long a process may be silent. */
  async #claim(): Promise<Claim> {
    const { database, clock } = this.options;
    const holder = await this.#presence.number();
    // Among several that see the same one free, who counts its attempt first has it.
    const { rows: due } = await database.query<DueRecord>(
      `WITH due AS (
         SELECT d.*, coalesce(s.attempts, 0) + 1 AS attempt FROM ${this.#schema}.due_dates d
         LEFT JOIN ${this.#schema}.due_dates_sent s ON s.key = d.key AND s.event_id = d.event_id
         WHERE d.due_at <= $1 AND s.sent_at IS NULL
           AND (s.claimed_until IS NULL OR s.claimed_until < clock_timestamp()
             OR (s.holder IS NOT NULL AND ${isGone('s.holder')}) OR (${isBeforeItsTime}))
         ORDER BY d.due_at, d.key LIMIT ${String(batchMax)}),
       claimed AS (
         INSERT INTO ${this.#schema}.due_dates_sent AS s (key, event_id, attempts, claimed_until, holder)
         SELECT key, event_id, attempt, clock_timestamp() + ${lease}, $2 FROM due
         ON CONFLICT (key, event_id) DO UPDATE
         SET attempts = excluded.attempts, claimed_until = excluded.claimed_until, holder = excluded.holder
         WHERE s.sent_at IS NULL AND s.attempts = excluded.attempts - 1
         RETURNING s.key, s.event_id)
       SELECT due.* FROM due JOIN claimed USING (key, event_id) ORDER BY due.due_at, due.key`,
      [clock.now(), holder],
    );
    return { holder, due };
  }

  /** Whether nobody has taken this process for frozen or dead meanwhile; if so the time for it begins now. */
  async #isOurs({ key, event_id }: DueRecord, holder: string): Promise<boolean> {
    if (!this.#presence.isUnder(holder)) return false;
    const { rowCount } = await this.options.database.query(
      `UPDATE ${this.#schema}.due_dates_sent SET claimed_until = clock_timestamp() + ${lease}
       WHERE key = $1 AND event_id = $2 AND holder = $3 AND sent_at IS NULL`,
      [key, event_id, holder],
    );
    return rowCount === 1;
  }

  async #sendOne(record: DueRecord, holder: string): Promise<boolean> {
    const { database, send, onError } = this.options;
    const due = dueDateOf(record);
    const of = [record.key, record.event_id];
    try {
      await send(due);
    } catch (error) {
      onError?.(due, error);
      await database.query(
        `UPDATE ${this.#schema}.due_dates_sent s SET claimed_until = clock_timestamp() + ${pause}, holder = NULL
         WHERE key = $1 AND event_id = $2 AND holder = $3`,
        [...of, holder],
      );
      return false;
    }
    await database.query(
      `UPDATE ${this.#schema}.due_dates_sent SET sent_at = clock_timestamp() WHERE key = $1 AND event_id = $2`,
      of,
    );
    return true;
  }
}

function dueDateOf(record: DueRecord): DueDate {
  return {
    rule: record.rule,
    key: record.rule_key,
    dueAt: record.due_at.toISOString(),
    payload: JSON.parse(record.payload) as JsonObject,
    stream: record.stream,
    revision: record.revision,
    eventId: record.event_id,
  };
}
