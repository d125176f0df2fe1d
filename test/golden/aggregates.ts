import { bankItem } from '#domain/bank-item/bank-item.decide.js';
import type { BankItemEvent } from '#domain/bank-item/bank-item.events.js';
import { campaign } from '#domain/campaign/campaign.decide.js';
import { campaignKey } from '#domain/campaign/campaign-key.decide.js';
import type { CampaignAsked } from '#domain/campaign/campaign-key.events.js';
import type { CampaignEvent } from '#domain/campaign/campaign.events.js';
import { donation } from '#domain/donation/donation.decide.js';
import type { DonationEvent } from '#domain/donation/donation.events.js';
import { donor } from '#domain/donor/donor.decide.js';
import type { DonorEvent } from '#domain/donor/donor.events.js';
import { foundingKey } from '#domain/fund/founding-key.decide.js';
import type { FoundingAsked } from '#domain/fund/founding-key.events.js';
import { fund } from '#domain/fund/fund.decide.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import { journal } from '#domain/journal/journal.decide.js';
import type { JournalEvent } from '#domain/journal/journal.events.js';
import { pledge } from '#domain/pledge/pledge.decide.js';
import type { PledgeEvent } from '#domain/pledge/pledge.events.js';
import { receiptBook } from '#domain/receipt-book/receipt-book.decide.js';
import type { ReceiptBookEvent } from '#domain/receipt-book/receipt-book.events.js';
import { receipt } from '#domain/receipt/receipt.decide.js';
import type { ReceiptEvent } from '#domain/receipt/receipt.events.js';
import { statement } from '#domain/statement/statement.decide.js';
import type { StatementEvent } from '#domain/statement/statement.events.js';
import { login } from '#domain/staff/login.decide.js';
import type { LoginEvent } from '#domain/staff/login.events.js';
import { staff } from '#domain/staff/staff.decide.js';
import type { StaffEvent } from '#domain/staff/staff.events.js';
import type { Decider } from '#kernel/decider.js';
import type { DomainEvent, RecordedEvent } from '#kernel/domain-event.js';
import { emptyInbox, evolveInbox, isInboxEvent, type InboxEvent } from '#kernel/inbox.js';

/** The schema version that each type of event is written at now. */
type Versions<Event extends DomainEvent> = Readonly<Record<Event['type'], number>>;

/** An aggregate as its recorded streams are read. */
export interface Aggregate {
  readonly versions: Readonly<Record<string, number>>;
  /** The state that a stream folds to, with what its inbox remembers. */
  readonly fold: (events: readonly RecordedEvent[]) => object;
}

function aggregate<State, Command, Event extends DomainEvent>(
  { initialState, evolve }: Decider<State, Command, Event>,
  versions: Versions<Event>,
): Aggregate {
  const fold = (events: readonly RecordedEvent[]): object => {
    const own = events.filter((event) => !isInboxEvent(event)) as unknown as readonly Event[];
    return { state: own.reduce(evolve, initialState), inbox: events.reduce(evolveInbox, emptyInbox) };
  };
  return { versions, fold };
}

/** Events of any stream that takes messages. */
export const inboxVersions: Versions<InboxEvent> = { MessageParked: 1, MessageReplayed: 1 };

/**
 * Every aggregate by the name of its streams. A type that is missing here does not compile; one that is raised to another
 * version needs a recording at that version, beside the old one.
 */
export const aggregates = {
  login: aggregate(login, { LoginClaimed: 1 } satisfies Versions<LoginEvent>),
  staff: aggregate(staff, {
    StaffRegistered: 1,
    ContactChanged: 1,
    GrantGiven: 1,
    GrantWithdrawn: 1,
    AccountOpened: 1,
    AccountClosed: 1,
    PasswordLinkIssued: 1,
    PasswordLinkRequested: 1,
    PasswordSet: 1,
    SignInFailed: 1,
    AccountLocked: 1,
    AccountUnlocked: 1,
    SessionStarted: 1,
    SecondFactorGiven: 1,
    SessionEnded: 1,
    SecondFactorEnrolled: 1,
    SecondFactorConfirmed: 1,
    SecondFactorRemoved: 1,
    TokenIssued: 1,
    TokenRevoked: 1,
    StaffSuspended: 1,
    StaffReinstated: 1,
    StaffWithdrawn: 1,
    PersonalDataErased: 1,
  } satisfies Versions<StaffEvent>),
  donor: aggregate(donor, {
    DonorRegistered: 1,
    DonorContactCorrected: 1,
    DonorDetailsCorrected: 1,
    IdentityNeeded: 1,
    PersonalDataErased: 1,
  } satisfies Versions<DonorEvent>),
  campaign: aggregate(campaign, {
    CampaignOpened: 1,
    CampaignExtended: 1,
    CampaignClosed: 1,
  } satisfies Versions<CampaignEvent>),
  appeal: aggregate(campaignKey, { CampaignAsked: 1 } satisfies Versions<CampaignAsked>),
  pledge: aggregate(pledge, {
    PledgeMade: 1,
    PledgePaid: 1,
    PledgePaymentUndone: 1,
    PledgeWithdrawn: 1,
  } satisfies Versions<PledgeEvent>),
  donation: aggregate(donation, {
    DonationRecorded: 1,
    RefundRequested: 1,
    RefundApproved: 1,
    RefundRejected: 1,
    RefundWithdrawn: 1,
    RefundCompleted: 1,
    RefundDeclined: 1,
    VoidRequested: 1,
    VoidApproved: 1,
    VoidRejected: 1,
    VoidWithdrawn: 1,
    VoidCompleted: 1,
    VoidDeclined: 1,
    PersonalDataErased: 1,
    DonationMatched: 1,
    DonationMatchUndone: 1,
    MatchCompleted: 1,
    MatchDeclined: 1,
  } satisfies Versions<DonationEvent>),
  statement: aggregate(statement, {
    StatementUploaded: 1,
    StatementConfirmed: 1,
    StatementImported: 1,
    StatementDiscarded: 1,
  } satisfies Versions<StatementEvent>),
  'bank-item': aggregate(bankItem, {
    BankItemRecorded: 1,
    ClassificationProposed: 1,
    ClassificationRejected: 1,
    BankItemClassified: 1,
    ClassificationPosted: 1,
    ClassificationDeclined: 1,
    ClassificationUndone: 1,
    ClassificationReversed: 1,
    ClassificationReversalDeclined: 1,
    BankItemReleased: 1,
    BankItemTextsErased: 1,
  } satisfies Versions<BankItemEvent>),
  founding: aggregate(foundingKey, { FoundingAsked: 1 } satisfies Versions<FoundingAsked>),
  fund: aggregate(fund, {
    FundOpened: 1,
    AccountOpened: 1,
    PurposeOpened: 1,
    PurposeClosed: 1,
    OpeningBalancesPosted: 1,
    DonationPosted: 1,
    RefundPosted: 1,
    RefundRefused: 1,
    VoidPosted: 1,
    VoidRefused: 1,
    BankItemPosted: 1,
    ClassificationPosted: 1,
    ClassificationRefused: 1,
    DonationReassigned: 1,
    ReassignmentRefused: 1,
    JournalPosted: 1,
    JournalRefused: 1,
    PeriodClosed: 1,
    ReopeningAsked: 1,
    PeriodReopened: 1,
    ReopeningRejected: 1,
    ReopeningWithdrawn: 1,
    ReopeningTextsErased: 1,
    CashCounted: 1,
  } satisfies Versions<FundEvent>),
  journal: aggregate(journal, {
    JournalDrafted: 1,
    JournalApproved: 1,
    JournalRejected: 1,
    JournalWithdrawn: 1,
    JournalCompleted: 1,
    JournalDeclined: 1,
    JournalTextsErased: 1,
  } satisfies Versions<JournalEvent>),
  'receipt-book': aggregate(receiptBook, {
    ReceiptBookOpened: 1,
    ReceiptPurposeNamed: 1,
    ReceiptTemplateChanged: 1,
    RestoreNoticed: 1,
    ReceiptSeriesOpened: 1,
    ReceiptIssued: 1,
    ReceiptVoided: 1,
  } satisfies Versions<ReceiptBookEvent>),
  receipt: aggregate(receipt, {
    PdfRequested: 1,
    ReceiptRendered: 1,
    ReceiptRenderingFailed: 1,
    ResendRequested: 1,
    ReceiptMailDeferred: 1,
    ReceiptSent: 1,
    ReceiptBounced: 1,
    ReceiptMailWithdrawn: 1,
    ReceiptMailReplanned: 1,
  } satisfies Versions<ReceiptEvent>),
} as const satisfies Readonly<Record<string, Aggregate>>;

/** The aggregate that a stream belongs to: the one with the longest name that the stream's begins with. */
export function aggregateOf(stream: string): keyof typeof aggregates {
  const names = Object.keys(aggregates) as (keyof typeof aggregates)[];
  const found = names
    .filter((name) => stream.startsWith(`${name}-`))
    .sort((a, b) => b.length - a.length)
    .at(0);
  if (!found) throw new Error(`${stream} belongs to no aggregate`);
  return found;
}
