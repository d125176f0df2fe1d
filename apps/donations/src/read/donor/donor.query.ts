import { Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '#platform/http/paging.http.js';
import { Filter, Tables } from '../tables.js';
import { donorProjection, type DonorRow } from './donor.projection.js';

/** What a list of donors may be restricted to. */
export interface DonorFilter {
  readonly class?: string;
  readonly inProvince?: boolean;
  readonly status?: string;
  /** Donors whose names were found in the vault. */
  readonly identityRecordIds?: readonly string[];
}

/** A donor in a list; a person's name is in the vault, under `identityRecordId`. */
export interface ListedDonor {
  readonly donorId: string;
  readonly fundId: string;
  readonly status: string;
  readonly class: string;
  readonly inProvince: boolean;
  readonly organisation: string | null;
  readonly identityRecordId: string | null;
  readonly registeredAt: string;
}

/** Lists donors. */
@Injectable()
export class DonorQuery {
  constructor(private readonly tables: Tables) {}

  /** One page of the donors of these funds, who was registered last first. */
  async list(
    funds: readonly string[] | 'all',
    wanted: DonorFilter,
    page: PageQuery,
  ): Promise<Page<ListedDonor>> {
    const filter = new Filter()
      .funds(funds)
      .where('class = ?', wanted.class)
      .where('in_province = ?', wanted.inProvince)
      .where('status = ?', wanted.status)
      .where('identity_record_id = ANY(?::uuid[])', wanted.identityRecordIds);
    return this.tables.newestFirst(donorProjection, filter, page, listed);
  }
}

function listed(row: DonorRow): ListedDonor {
  return {
    donorId: row.donor_id,
    fundId: row.fund_id,
    status: row.status,
    class: row.class,
    inProvince: row.in_province,
    organisation: row.organisation,
    identityRecordId: row.identity_record_id,
    registeredAt: row.registered_at,
  };
}
