import { Injectable } from '@nestjs/common';
import { localDate, type LocalDate } from '#kernel/dates.js';
import { Filter, Tables } from '../tables.js';
import { fundProjection } from './fund.projection.js';

/** A fund as this service needs it. */
export interface KnownFund {
  readonly fundId: string;
  readonly code: string;
  readonly openedOn: LocalDate;
  readonly zone: string;
}

/** Looks up funds; what was found once is kept, since none of it ever changes. */
@Injectable()
export class FundQuery {
  readonly #known = new Map<string, KnownFund>();

  constructor(private readonly tables: Tables) {}

  /** The fund, or undefined while the ledger has not told of it. */
  async find(fundId: string): Promise<KnownFund | undefined> {
    const known = this.#known.get(fundId);
    if (known) return known;
    const filter = new Filter().where('fund_id = ?', fundId);
    const [row] = await this.tables.rows(fundProjection, filter);
    if (!row) return undefined;
    const fund = { fundId, code: row.code, openedOn: localDate(row.opened_on), zone: row.zone };
    this.#known.set(fundId, fund);
    return fund;
  }
}
