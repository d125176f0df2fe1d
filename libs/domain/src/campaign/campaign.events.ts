import type { LocalDate } from '#kernel/dates.js';
import type { DomainEvent } from '#kernel/domain-event.js';
import type { MoneyJson } from '#kernel/money.js';

/** Number and date of a paper that a campaign rests on. */
export interface Document {
  readonly number: string;
  readonly date: LocalDate;
}

/** A text in both languages. */
export interface Bilingual {
  readonly vi: string;
  readonly en: string;
}

/** An appeal may receive: who called for it, who decided, into which account, from when until when, and what for. */
export type CampaignOpened = DomainEvent<
  'CampaignOpened',
  {
    readonly campaignId: string;
    readonly fundId: string;
    readonly code: string;
    readonly name: Bilingual;
    readonly appeal: Document;
    readonly committeeDecision: Document;
    /** `cash` or `bank.<account>`. */
    readonly receivingAccount: string;
    readonly opensOn: LocalDate;
    /** Last day of the window. */
    readonly closesOn: LocalDate;
    /** Id of the purpose that its donations are restricted to. */
    readonly purpose: string;
    /** What the money is for, as the appeal says it. */
    readonly purposeStatement: Bilingual;
    readonly target?: MoneyJson;
  }
>;

/** The window ends later, by another decision. */
export type CampaignExtended = DomainEvent<
  'CampaignExtended',
  { readonly closesOn: LocalDate; readonly decision: Document }
>;

/** Nothing is received after this day: its window has passed, or a person closed it. */
export type CampaignClosed = DomainEvent<
  'CampaignClosed',
  { readonly lastDay: LocalDate; readonly by: 'window' | 'person' }
>;

/** Everything that can happen to a campaign. */
export type CampaignEvent = CampaignOpened | CampaignExtended | CampaignClosed;
