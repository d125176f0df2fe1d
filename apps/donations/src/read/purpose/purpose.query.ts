import { Injectable } from '@nestjs/common';
import { Filter, Tables } from '../tables.js';
import { purposeProjection } from './purpose.projection.js';

/** A purpose of a fund as this service needs it. */
export interface KnownPurpose {
  readonly purpose: string;
  /** Whether it takes donations. */
  readonly open: boolean;
}

/** Looks up purposes as far as the ledger has told of them. */
@Injectable()
export class PurposeQuery {
  constructor(private readonly tables: Tables) {}

  /** The purpose, or undefined while the ledger has not told that this fund has it. */
  find(fundId: string, purpose: string): Promise<KnownPurpose | undefined> {
    return this.#first(new Filter().where('fund_id = ?', fundId).where('purpose = ?', purpose));
  }

  /** The purpose that has this code in the fund; undefined where none has. */
  findByCode(fundId: string, code: string): Promise<KnownPurpose | undefined> {
    return this.#first(new Filter().where('fund_id = ?', fundId).where('code = ?', code));
  }

  async #first(filter: Filter): Promise<KnownPurpose | undefined> {
    const [row] = await this.tables.rows(purposeProjection, filter);
    return row && { purpose: row.purpose, open: row.open };
  }
}
