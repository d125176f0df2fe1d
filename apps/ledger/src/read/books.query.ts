import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { EventStore } from '#event-store/event-store.js';
import { formatPosition } from '#kernel/position.js';
import { takenIn } from '#platform/as-recorded.js';
import type { Clock } from '#platform/clock.js';
import { CLOCK, EVENT_STORE, READ_DATABASE, READ_MODELS } from '#platform/tokens.js';
import type { ReadModels } from '#read-models/read-models.js';
import { sumsOf, type BalanceAnswer, type BalanceQuestion } from './balances/balances.query.js';
import type { EntryRow } from './entries/entries.projection.js';
import { findEntries, findEntry, type EntryFilter } from './entries/entries.query.js';
import type { FundRow } from './funds/funds.projection.js';
import { findFunds, findPurposes } from './funds/funds.query.js';
import { moneyBookOf, type MoneyBook, type MoneyBookQuestion } from './money-book/money-book.query.js';
import type { PurposeRow } from './purposes/purposes.projection.js';

/** All that can be asked of the ledger's read models. */
@Injectable()
export class BooksQuery {
  constructor(
    @Inject(READ_DATABASE) private readonly database: DataSource,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Where the read models stand, `incarnation.number`; null before the first event. */
  position(): string | null {
    const position = this.readModels.position('ledger');
    return position ? formatPosition(position) : null;
  }

  /**
   * Sums of a fund's accounts in two times; see `sumsOf`. As recorded at an instant they are the same whenever asked.
   * Throws `http/busy` where the tables lag too far behind the store to tell.
   */
  async sums(question: BalanceQuestion): Promise<BalanceAnswer> {
    await this.takenIn(question.recordedAt);
    return sumsOf(this.database, question);
  }

  /** An account of money in a period, as recorded at an instant; see `moneyBookOf`. Throws `http/busy` like {@link sums}. */
  async moneyBook(question: MoneyBookQuestion): Promise<MoneyBook> {
    await this.takenIn(question.recordedAt);
    return moneyBookOf(this.database, question);
  }

  /** Funds in order of their codes; one more than `limit` tells of a next page. */
  funds(
    ids: readonly string[] | 'all',
    after: string | undefined,
    limit: number,
  ): Promise<readonly FundRow[]> {
    return findFunds(this.database, ids, after, limit);
  }

  /** The purposes of a fund in order of their codes. */
  purposes(fundId: string): Promise<readonly PurposeRow[]> {
    return findPurposes(this.database, fundId);
  }

  /** Entries, the newest number first; one more than `limit` tells of a next page. */
  entries(filter: EntryFilter, before: number | undefined, limit: number): Promise<readonly EntryRow[]> {
    return findEntries(this.database, filter, before, limit);
  }

  /** One entry, or undefined. */
  entry(entryId: string): Promise<EntryRow | undefined> {
    return findEntry(this.database, entryId);
  }

  private takenIn(recordedAt: string | undefined): Promise<void> {
    const { readModels, store, clock } = this;
    return takenIn({ readModels, store, clock }, 'ledger', recordedAt);
  }
}
