import { Inject, Injectable } from '@nestjs/common';
import type { EventStore } from '#event-store/event-store.js';
import { EVENT_STORE } from '#platform/tokens.js';
import { StatementQuery } from '../read/statement/statement.query.js';
import { Tables } from '../read/tables.js';

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
  ) {}

  /** A further statement of the account whose rows are not all in the books, as far as all that is recorded by now tells. */
  async underWay({ statementId, fundId, account }: StatementOf): Promise<string | undefined> {
    const head = await this.store.head();
    if (head) await this.tables.reach(head.position);
    for (const { statement_id, status } of await this.statements.latestConfirmed({ fundId, account })) {
      if (statement_id === statementId) continue;
      if (status === 'confirmed') return statement_id;
      const { donations, items, posted } = await this.statements.progress(statement_id);
      if (posted < donations + items) return statement_id;
    }
    return undefined;
  }

  /** Does the work of one account after that which was begun before, in this process. */
  async oneAtATime<Done>({ fundId, account }: StatementOf, work: () => Promise<Done>): Promise<Done> {
    const key = `${fundId} ${account}`;
    const before = this.#last.get(key) ?? Promise.resolve();
    const done = before.then(work, work);
    this.#last.set(key, done);
    try {
      return await done;
    } finally {
      if (this.#last.get(key) === done) this.#last.delete(key);
    }
  }
}
