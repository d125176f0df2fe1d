import type { LocalDate } from '#kernel/dates.js';
import type { DomainEvent } from '#kernel/domain-event.js';
import type { Currency } from '#kernel/money.js';
import type { BankItemPosted, ClassificationPosted, ClassificationRefused } from './bank-item.events.js';
import type { CashCounted } from './cash-count.events.js';
import type {
  DonationPosted,
  DonationReassigned,
  OpeningBalancesPosted,
  ReassignmentRefused,
  RefundPosted,
  RefundRefused,
  VoidPosted,
  VoidRefused,
} from './entry.events.js';
import type { JournalPosted, JournalRefused } from './journal-entry.events.js';
import type { PeriodEvent } from './period.events.js';

/** Levels that a fund can be opened at; districts were abolished on 1 July 2025 and are history only. */
export type FundLevel = 'national' | 'province' | 'commune';

/** The law that a fund keeps its books under; charts, caps and deadlines hang off it. */
export type FundRegime = 'public-service-unit' | 'charity-fund' | 'campaign-body';

/** A text in both languages of the fund. */
export interface Bilingual {
  readonly vi: string;
  readonly en: string;
}

/** A fund opened its books; always the first event of its own. */
export type FundOpened = DomainEvent<
  'FundOpened',
  {
    /** Unique over all funds, such as `LS`; the fund's id is made from it. */
    readonly code: string;
    readonly level: FundLevel;
    readonly regime: FundRegime;
    readonly name: Bilingual;
    /** The decision that founded it, and who signed it. */
    readonly decision: { readonly number: string; readonly date: LocalDate; readonly issuer: string };
    readonly address?: string;
    /** The first day of its books. */
    readonly openedOn: LocalDate;
    /** IANA name of the zone that its dates are counted in. */
    readonly zone: string;
    /** The currency that it reports in; money in others is kept in books of their own. */
    readonly currency: Currency;
    /** The fund that it belongs under. */
    readonly parentFundId?: string;
  }
>;

/** A bank account joined the chart: named by a person, or because money arrived there. */
export type AccountOpened = DomainEvent<
  'AccountOpened',
  { readonly account: string; readonly by: 'person' | 'arrival' }
>;

/** Money may be restricted to this purpose from now on. */
export type PurposeOpened = DomainEvent<
  'PurposeOpened',
  {
    readonly purpose: string;
    readonly code: string;
    readonly name: Bilingual;
    readonly campaignId?: string;
  }
>;

/** The purpose takes no more donations; what it holds can still be refunded. */
export type PurposeClosed = DomainEvent<'PurposeClosed', { readonly purpose: string }>;

/** Everything that can happen to a fund. */
export type FundEvent =
  | FundOpened
  | AccountOpened
  | PurposeOpened
  | PurposeClosed
  | OpeningBalancesPosted
  | DonationPosted
  | RefundPosted
  | RefundRefused
  | VoidPosted
  | VoidRefused
  | BankItemPosted
  | ClassificationPosted
  | ClassificationRefused
  | DonationReassigned
  | ReassignmentRefused
  | JournalPosted
  | JournalRefused
  | PeriodEvent
  | CashCounted;
