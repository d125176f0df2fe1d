import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Page, PageQuery } from '#platform/http/paging.http.js';
import { READ_DATABASE, READ_MODELS } from '#platform/tokens.js';
import type { ReadModels } from '#read-models/read-models.js';
import { Filter, newestFirst } from '../newest-first.js';
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
  constructor(
    @Inject(READ_DATABASE) private readonly database: DataSource,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
  ) {}

  /** One page of the pledges of these funds, what was made last first. */
  async list(
    funds: readonly string[] | 'all',
    wanted: PledgeFilter,
    page: PageQuery,
  ): Promise<Page<ListedPledge>> {
    const { database, readModels } = this;
    const filter = new Filter()
      .funds(funds)
      .where('campaign_id = ?', wanted.campaignId)
      .where('donor_id = ?', wanted.donorId)
      .where('status = ?', wanted.status);
    return newestFirst({ database, readModels, projection: pledgeProjection }, filter, page, listed);
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
