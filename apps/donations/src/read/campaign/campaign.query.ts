import { Injectable } from '@nestjs/common';
import { localDate, type LocalDate } from '#kernel/dates.js';
import type { Page, PageQuery } from '#platform/http/paging.http.js';
import { Filter, Tables } from '../tables.js';
import { campaignProjection, type CampaignRow } from './campaign.projection.js';

/** A campaign in a list. */
export interface ListedCampaign {
  readonly campaignId: string;
  readonly fundId: string;
  readonly code: string;
  readonly name: { readonly vi: string; readonly en: string };
  readonly purpose: string;
  readonly appeal: { readonly number: string; readonly date: string };
  readonly committeeDecision: { readonly number: string; readonly date: string };
  readonly receivingAccount: string;
  readonly opensOn: string;
  readonly closesOn: string;
  readonly target: { readonly amount: string; readonly currency: string } | null;
  readonly status: string;
}

/** What tells whether money was given for a campaign. */
export interface Appeal {
  readonly campaignId: string;
  readonly code: string;
  readonly purpose: string;
  readonly receivingAccount: string;
  readonly opensOn: LocalDate;
  /** Last day on which it receives, as it stands. */
  readonly closesOn: LocalDate;
}

/** Lists campaigns. */
@Injectable()
export class CampaignQuery {
  constructor(private readonly tables: Tables) {}

  /** Every campaign of a fund, as what a memo may name. */
  async appeals(fundId: string): Promise<readonly Appeal[]> {
    const rows = await this.tables.rows(campaignProjection, new Filter().where('fund_id = ?', fundId));
    return rows.map((row) => ({
      ...{ campaignId: row.campaign_id, code: row.code, purpose: row.purpose },
      ...{ receivingAccount: row.receiving_account },
      ...{ opensOn: localDate(row.opens_on), closesOn: localDate(row.closes_on) },
    }));
  }

  /** One page of the campaigns of these funds, what was opened last first. */
  async list(
    funds: readonly string[] | 'all',
    wanted: { readonly status?: string },
    page: PageQuery,
  ): Promise<Page<ListedCampaign>> {
    const filter = new Filter().funds(funds).where('status = ?', wanted.status);
    return this.tables.newestFirst(campaignProjection, filter, page, listed);
  }
}

function listed(row: CampaignRow): ListedCampaign {
  const { target_amount: amount, target_currency: currency } = row;
  return {
    campaignId: row.campaign_id,
    fundId: row.fund_id,
    code: row.code,
    name: { vi: row.name_vi, en: row.name_en },
    purpose: row.purpose,
    appeal: { number: row.appeal_number, date: row.appeal_date },
    committeeDecision: { number: row.decision_number, date: row.decision_date },
    receivingAccount: row.receiving_account,
    opensOn: row.opens_on,
    closesOn: row.closes_on,
    target: amount === null || currency === null ? null : { amount, currency },
    status: row.status,
  };
}
