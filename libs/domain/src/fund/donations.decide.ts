import { money } from '#kernel/money.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { accountingDate } from './accounting-date.policy.js';
import { held } from './balances.policy.js';
import { accountOpened } from './bank-items.decide.js';
import type { Diversion, EntrySource, SourceItem } from './entry.events.js';
import type { FundEvent } from './fund.events.js';
import type { OpenFund } from './fund.state.js';
import {
  arrivalAccount,
  bankMoved,
  combined,
  mirrored,
  moneyReceived,
  suspense,
  thingsReceived,
  unidentifiedBank,
  unrestricted,
  type Lines,
} from './postings.policy.js';
import { assertStandsAsItem } from './standing-items.policy.js';
import { thousandths } from './stock.policy.js';

/** Posts a donation, wherever it can be placed; from a message. */
export interface PostDonation {
  readonly type: 'PostDonation';
  readonly source: EntrySource;
  /** When it was recorded (RFC 3339). */
  readonly toldAt: string;
}

/** Posts what arrived, in suspense where it cannot be placed; a bank item becomes a donation out of suspense. Never refuses. */
export function postDonation(fund: OpenFund, { source, toldAt }: PostDonation): readonly FundEvent[] {
  assertSomethingCame(source);
  const diverted = diversionOf(fund, source);
  const postedPurpose = diverted ? suspense : source.purpose;
  const posted: FundEvent = {
    type: 'DonationPosted',
    data: {
      entryId: `donation.${source.donationId}`,
      entryNumber: fund.lastEntryNumber + 1,
      effectiveOn: accountingDate(fund, [source.receivedOn], toldAt),
      ...arrived(fund, source, postedPurpose),
      postedPurpose,
      ...(diverted === undefined ? {} : { diverted }),
      source,
    },
  };
  return [...(source.amount ? accountOpened(fund, arrivalAccount(source)) : []), posted];
}

/** Why what was given cannot be placed where it was given for; undefined where it can. */
export function diversionOf({ purposes }: OpenFund, source: EntrySource): Diversion | undefined {
  if (source.amount && arrivalAccount(source) === unidentifiedBank) return 'account-unknown';
  if (source.purpose === unrestricted) return undefined;
  if (source.purpose === suspense) return 'campaign-window';
  const purpose = held(purposes, source.purpose);
  if (!purpose) return 'purpose-unknown';
  return purpose.open ? undefined : 'purpose-closed';
}

function arrived(fund: OpenFund, source: EntrySource, purpose: string): Lines {
  const { amount, bankItemId } = source;
  if (!amount) return thingsReceived(source, purpose);
  const account = arrivalAccount(source);
  const received = moneyReceived(account, purpose, amount);
  if (bankItemId === undefined) return received;
  assertStandsAsItem(fund, source, bankItemId);
  return combined(mirrored(bankMoved(account, amount)), received);
}

function assertSomethingCame({ donationId, amount, items, method }: EntrySource): void {
  const came =
    method === 'in-kind'
      ? amount === undefined && items.length > 0 && items.every(isThing)
      : amount !== undefined && money(amount).minor > 0n && items.length === 0;
  if (!came) throw new InvariantViolation(`donation ${donationId} is neither money nor things`);
}

function isThing({ quantity, valuation }: SourceItem): boolean {
  return thousandths(quantity) > 0n && (!valuation || money(valuation.value).minor > 0n);
}
