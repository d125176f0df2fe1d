import { inTransaction, type Database } from '#postgres/pool.js';
import type { CopyTarget, TargetState } from '../copying.js';
import { ImportRefused } from '../importing.js';
import type { LogPages, LogRecord } from '../log-record.js';
import { closeGateIn, findGate, openGateIn, passGate } from './gate.js';
import { insertRecords, recordsOf } from './log-records.js';

/** A PostgreSQL log that a copy fills; needs the rights of the schema's owner. The pool stays its opener's. */
export class PostgresCopyTarget implements CopyTarget {
  /** Takes a database that `migrateEventStore` was run on; `from` names the source to whoever looks. */
  constructor(
    private readonly database: Database,
    private readonly from: string,
  ) {}

  async state(): Promise<TargetState> {
    const gate = await findGate(this.database);
    if (gate?.state === 'filling') return 'filling';
    if (gate) throw new ImportRefused(`its events have been moved elsewhere themselves (${gate.other})`);
    return (await this.#count()) === 0 ? 'empty' : 'open';
  }

  async begin(): Promise<void> {
    await inTransaction(this.database, async (session) => {
      await closeGateIn(session, { state: 'filling', other: this.from });
      const { rowCount } = await session.query('SELECT FROM event_store.events LIMIT 1');
      if (rowCount !== 0) throw new ImportRefused('somebody has begun to write to it');
    });
  }

  records(): LogPages {
    return recordsOf(this.database);
  }

  async add(records: readonly LogRecord[]): Promise<void> {
    const before = await this.#count();
    await inTransaction(this.database, async (session) => {
      await passGate(session);
      await insertRecords(session, records, before);
    });
  }

  /** Numbers go on behind the last one here, so that no incarnation below is needed for an event to come behind it. */
  async open(incarnation: number, give: (above: number) => Promise<number>): Promise<number> {
    const above = await this.#incarnation();
    const opened = incarnation >= above ? incarnation : await give(above);
    await inTransaction(this.database, async (session) => {
      await openGateIn(session);
      await session.query('UPDATE event_store.head SET incarnation = $1', [opened]);
    });
    return opened;
  }

  /** The last that was opened here or that an event belongs to. */
  async #incarnation(): Promise<number> {
    const { rows } = await this.database.query<{ incarnation: number }>(
      `SELECT greatest(incarnation, (SELECT incarnation FROM event_store.events ORDER BY seq DESC LIMIT 1)) AS incarnation
       FROM event_store.head`,
    );
    return rows[0]?.incarnation ?? 1;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #count(): Promise<number> {
    const { rows } = await this.database.query<{ count: string }>(
      'SELECT coalesce(max(seq), 0) AS count FROM event_store.events',
    );
    return Number(rows[0]?.count ?? 0);
  }
}
