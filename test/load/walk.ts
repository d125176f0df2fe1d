import type { Database } from '#postgres/pool.js';
import { eventually } from '#testing/eventually.js';
import { Latencies } from './statistics.js';

/** How many, and how much money in đồng. */
export interface Tally {
  readonly count: number;
  readonly sum: bigint;
}

/** The steps of the walk, by the events that they leave. */
const steps = ['DonationRecorded', 'DonationPosted', 'ReceiptIssued'] as const;
/** A step of the walk. */
export type Step = (typeof steps)[number];
export type Tallies = Readonly<Record<Step, Tally>>;

const none: Tally = { count: 0, sum: 0n };
/** How long what was recorded may take to get its number once nobody records any more, in milliseconds. */
const endsWithinMs = 180_000;

interface TallyRow {
  readonly type: Step;
  readonly count: string;
  readonly sum: string | null;
}

/** What the log says of the walk of donations, read from the database beside the services. */
export class Walk {
  #tallies: Tallies = { DonationRecorded: none, DonationPosted: none, ReceiptIssued: none };
  #counted = 0;

  constructor(private readonly database: Database) {}

  /** Number of the last event. */
  async end(): Promise<number> {
    const { rows } = await this.database.query<{ readonly seq: string | null }>(
      'SELECT max(seq) AS seq FROM event_store.events',
    );
    return Number(rows[0]?.seq ?? 0);
  }

  /** How many of a step lie after one event and up to another. */
  async between(step: Step, after: number, upTo: number): Promise<number> {
    const { rows } = await this.database.query<{ readonly count: string }>(
      'SELECT count(*) FROM event_store.events WHERE seq > $2 AND seq <= $3 AND type = $1',
      [step, after, upTo],
    );
    return Number(rows[0]?.count ?? 0);
  }

  /** Waits until every donation is posted and numbered, or throws how far they are; what stands there then. */
  async ended(): Promise<Tallies> {
    const look = async (): Promise<Tallies> => {
      const { DonationRecorded, DonationPosted, ReceiptIssued } = await this.tallies();
      const counts = [DonationRecorded, DonationPosted, ReceiptIssued].map(({ count }) => count);
      if (new Set(counts).size > 1) throw new Error(`recorded, posted, numbered: ${counts.join(', ')}`);
      return this.#tallies;
    };
    return eventually(look, { withinMs: endsWithinMs, everyMs: 100 });
  }

  /** What stands there now. */
  async tallies(): Promise<Tallies> {
    const end = await this.end();
    const { rows } = await this.database.query<TallyRow>(
      `SELECT type, count(*) AS count,
         sum(coalesce(data::jsonb #>> '{source,amount,amount}', data::jsonb #>> '{donation,amount,amount}')::numeric) AS sum
       FROM event_store.events WHERE seq > $1 AND seq <= $2 AND type = ANY($3) GROUP BY type`,
      [this.#counted, end, steps],
    );
    const now = { ...this.#tallies };
    for (const { type, count, sum } of rows)
      now[type] = { count: now[type].count + Number(count), sum: now[type].sum + BigInt(sum ?? 0) };
    this.#tallies = now;
    this.#counted = end;
    return now;
  }

  /** From the recording of each donation that lies between two events to its number. */
  async lags(after: number, upTo: number): Promise<Latencies> {
    const ms = 'extract(epoch FROM recorded_at) * 1000 AS ms';
    const recorded = await this.database.query<{ readonly id: string; readonly ms: string }>(
      `SELECT substr(stream, 10) AS id, ${ms} FROM event_store.events
       WHERE seq > $1 AND seq <= $2 AND type = 'DonationRecorded'`,
      [after, upTo],
    );
    const numbered = await this.database.query<{ readonly id: string; readonly ms: string }>(
      `SELECT data::jsonb #>> '{donation,donationId}' AS id, ${ms} FROM event_store.events
       WHERE seq > $1 AND type = 'ReceiptIssued'`,
      [after],
    );
    const recordedAt = new Map(recorded.rows.map((row) => [row.id, Number(row.ms)]));
    const lags = new Latencies();
    for (const row of numbered.rows) {
      const since = recordedAt.get(row.id);
      if (since !== undefined) lags.add(Number(row.ms) - since);
    }
    return lags;
  }
}
