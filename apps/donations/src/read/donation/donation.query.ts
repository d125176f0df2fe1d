import { Injectable } from '@nestjs/common';
import { localDate, type LocalDate } from '#kernel/dates.js';
import type { Position } from '#kernel/position.js';
import type { PageQuery, Page } from '#platform/http/paging.http.js';
import { HistoryQuery } from '../history/history.query.js';
import { Filter, Tables } from '../tables.js';
import { donationProjection, type DonationRow } from './donation.projection.js';

/** What a list of donations may be restricted to; dates and instants are inclusive. */
export interface DonationFilter {
  readonly campaignId?: string;
  readonly purpose?: string;
  readonly donorId?: string;
  /** Class and place of a named donor as they were when the donation was recorded. */
  readonly donorClass?: string;
  readonly inProvince?: boolean;
  readonly method?: string;
  readonly status?: string;
  readonly pending?: string;
  readonly receivedFrom?: string;
  readonly receivedTo?: string;
  readonly recordedFrom?: string;
  readonly recordedTo?: string;
  readonly statementId?: string;
  /** Donors whose names were found in the vault. */
  readonly identityRecordIds?: readonly string[];
}

/** A donation in a list; sums in minor units. */
export interface ListedDonation {
  readonly donationId: string;
  readonly fundId: string;
  readonly status: string;
  readonly donor: {
    readonly kind: string;
    readonly donorId: string | null;
    readonly class: string | null;
    readonly inProvince: boolean | null;
    readonly organisation: string | null;
  };
  readonly method: string;
  readonly account: string | null;
  readonly amount: { readonly amount: string; readonly currency: string } | null;
  readonly left: { readonly amount: string; readonly currency: string } | null;
  readonly items: readonly string[];
  readonly purpose: string;
  readonly campaignId: string | null;
  readonly pledgeId: string | null;
  readonly receivedOn: string;
  readonly recordedAt: string;
  readonly recordedBy: string;
  /** Of the receipt given last, void or not; null of what has none, or none yet. */
  readonly receiptNumber: string | null;
  readonly pending: {
    readonly kind: string;
    readonly id: string | null;
    readonly step: string | null;
  } | null;
}

/** Lists donations. */
@Injectable()
export class DonationQuery {
  constructor(
    private readonly tables: Tables,
    private readonly histories: HistoryQuery,
  ) {}

  /** One page of the donations of these funds, what was recorded last first. */
  async list(
    funds: readonly string[] | 'all',
    wanted: DonationFilter,
    page: PageQuery,
  ): Promise<Page<ListedDonation>> {
    const filter = new Filter()
      .funds(funds)
      .where('campaign_id = ?', wanted.campaignId)
      .where('purpose = ?', wanted.purpose)
      .where('donor_id = ?', wanted.donorId)
      .where('donor_class = ?', wanted.donorClass)
      .where('in_province = ?', wanted.inProvince)
      .where('method = ?', wanted.method)
      .where('status = ?', wanted.status)
      .where('pending = ?', wanted.pending)
      .where('received_on >= ?', wanted.receivedFrom)
      .where('received_on <= ?', wanted.receivedTo)
      .where('recorded_at >= ?', wanted.recordedFrom)
      .where('recorded_at <= ?', wanted.recordedTo)
      .where('statement_id = ?', wanted.statementId)
      .where('identity_record_id = ANY(?::uuid[])', wanted.identityRecordIds);
    const { items, ...rest } = await this.tables.newestFirst(donationProjection, filter, page, listed);
    const numbers = await this.histories.receiptNumbers(items.map(({ donationId }) => donationId));
    const numbered = items.map((item) => ({ ...item, receiptNumber: numbers.get(item.donationId) ?? null }));
    return { items: numbered, ...rest };
  }

  /**
   * When the donor's last donation came in, by a list that has taken in the event at this position; undefined where
   * there is none. Throws `NotReached` when the list lags for 2 s.
   */
  async lastReceivedOn(donorId: string, at: Position | undefined): Promise<LocalDate | undefined> {
    if (at) await this.tables.reach(at);
    const filter = new Filter().where('donor_id = ?', donorId);
    const [last] = await this.tables.rows(
      donationProjection,
      filter,
      'ORDER BY kept.received_on DESC LIMIT 1',
    );
    return last && localDate(last.received_on);
  }
}

function listed(row: DonationRow): Omit<ListedDonation, 'receiptNumber'> {
  const { currency } = row;
  const sum = (amount: string | null) => (amount === null || currency === null ? null : { amount, currency });
  return {
    donationId: row.donation_id,
    fundId: row.fund_id,
    status: row.status,
    donor: {
      kind: row.donor_kind,
      donorId: row.donor_id,
      class: row.donor_class,
      inProvince: row.in_province,
      organisation: row.organisation,
    },
    method: row.method,
    account: row.account,
    amount: sum(row.amount),
    left: sum(row.left_amount),
    items: row.items,
    purpose: row.purpose,
    campaignId: row.campaign_id,
    pledgeId: row.pledge_id,
    receivedOn: row.received_on,
    recordedAt: row.recorded_at,
    recordedBy: row.recorded_by,
    pending: row.pending === null ? null : { kind: row.pending, id: row.pending_id, step: row.pending_step },
  };
}
