import { Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '#platform/http/paging.http.js';
import { Filter, Tables } from '../tables.js';
import { pledgeProjection, type PledgeRow } from './pledge.projection.js';

/** What a list of pledges may be restricted to. */
export interface PledgeFilter {
  readonly campaignId?: string;
  readonly donorId?: string;
  readonly status?: string;
}

/** A pledge in a list; sums in minor units. */
export interface ListedPledge {
  readonly pledgeId: string;
  readonly fundId: string;
  readonly campaignId: string;
  readonly donorId: string;
  readonly amount: { readonly amount: string; readonly currency: string };
  readonly paid: { readonly amount: string; readonly currency: string };
  readonly dueOn: string;
  readonly status: string;
}

/** Lists pledges. */
@Injectable()
export class PledgeQuery {
  constructor(private readonly tables: Tables) {}

  /** One page of the pledges of these funds, what was made last first. */
  async list(
    funds: readonly string[] | 'all',
    wanted: PledgeFilter,
    page: PageQuery,
  ): Promise<Page<ListedPledge>> {
    const filter = new Filter()
      .funds(funds)
      .where('campaign_id = ?', wanted.campaignId)
      .where('donor_id = ?', wanted.donorId)
      .where('status = ?', wanted.status);
    return this.tables.newestFirst(pledgeProjection, filter, page, listed);
  }
}

function listed(row: PledgeRow): ListedPledge {
  const { currency } = row;
  return {
    pledgeId: row.pledge_id,
    fundId: row.fund_id,
    campaignId: row.campaign_id,
    donorId: row.donor_id,
    amount: { amount: row.amount, currency },
    paid: { amount: row.paid, currency },
    dueOn: row.due_on,
    status: row.status,
  };
}
