import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { EventStore } from '#event-store/event-store.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { EVENT_STORE, SERVICE_DATABASE } from '#platform/tokens.js';
import { withSession, type Database, type Session } from '#postgres/pool.js';
import { StatementQuery } from '../read/statement/statement.query.js';
import { Tables } from '../read/tables.js';

const lookAgainMs = 50;
const waitMsMax = 20_000;

/** The account whose statement one is. */
interface StatementOf {
  readonly statementId: string;
  readonly fundId: string;
  readonly account: string;
}

/** Keeps two statements of one account from being entered at the same time, which would each find the other's rows missing. */
@Injectable()
export class OpenStatements {
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly tables: Tables,
    private readonly statements: StatementQuery,
    @Inject(SERVICE_DATABASE) private readonly database: Database,
  ) {}

  /** A further statement of the account whose rows are not all in the books, as far as all that is recorded by now tells. */
  async underWay({ statementId, fundId, account }: StatementOf): Promise<string | undefined> {
    await this.#reachHead();
    for (const { statement_id, status } of await this.statements.latestConfirmed({ fundId, account })) {
      if (statement_id === statementId) continue;
      if (status === 'confirmed') return statement_id;
      const { donations, items, posted } = await this.statements.progress(statement_id);
      if (posted < donations + items) return statement_id;
    }
    return undefined;
  }

  /** A statement of the account whose rows are being recorded, as far as all that is recorded by now tells. */
  async beingRecorded(of: Omit<StatementOf, 'statementId'>): Promise<string | undefined> {
    await this.#reachHead();
    const latest = await this.statements.latestConfirmed(of);
    return latest.find(({ status }) => status === 'confirmed')?.statement_id;
  }

  /** Does the work of these accounts after that which was begun before, in whatever process; throws `http/busy` where that takes long. */
  oneAtATime<Done>(
    { fundId, accounts }: { readonly fundId: string; readonly accounts: readonly string[] },
    work: () => Promise<Done>,
  ): Promise<Done> {
    // In one order for all, so that no two wait for each other.
    const keys = [...new Set(accounts)].sort().map((account) => `${fundId} ${account}`);
    const alone = (): Promise<Done> => this.#alone(keys, work);
    return keys.reduceRight((next, key) => () => this.#queued(key, next), alone)();
  }

  async #queued<Done>(key: string, work: () => Promise<Done>): Promise<Done> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const done = before.then(work, work);
    this.#last.set(key, done);
    try {
      return await done;
    } finally {
      if (this.#last.get(key) === done) this.#last.delete(key);
    }
  }

  async #reachHead(): Promise<void> {
    const head = await this.store.head();
    if (head) await this.tables.reach(head.position);
  }

  /** The locks end with the connection. */
  #alone<Done>(keys: readonly string[], work: () => Promise<Done>): Promise<Done> {
    return withSession(this.database, async (session) => {
      const held: string[] = [];
      try {
        for (const key of keys) {
          const lock = `donations statements of ${key}`;
          await locked(session, lock);
          held.push(lock);
        }
        return await work();
      } finally {
        for (const lock of held) await asked(session, 'pg_advisory_unlock', lock);
      }
    });
  }
}

async function locked(session: Session, lock: string): Promise<void> {
  for (let waitedMs = 0; !(await asked(session, 'pg_try_advisory_lock', lock)); waitedMs += lookAgainMs) {
    if (waitedMs >= waitMsMax) throw new RequestFault('http/busy', { headers: { 'Retry-After': '5' } });
    await delay(lookAgainMs);
  }
}

async function asked(
  session: Session,
  ask: 'pg_try_advisory_lock' | 'pg_advisory_unlock',
  lock: string,
): Promise<boolean> {
  const { rows } = await session.query<{ said: boolean }>(`SELECT ${ask}(hashtextextended($1, 0)) AS said`, [
    lock,
  ]);
  return rows[0]?.said === true;
}
