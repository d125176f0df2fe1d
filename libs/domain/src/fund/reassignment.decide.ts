import type { LocalDate } from '#kernel/dates.js';
import { underKey } from '#kernel/keyed.js';
import { money, moneyJson, type MoneyJson } from '#kernel/money.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { accountingDate } from './accounting-date.policy.js';
import { leftOf } from './corrections.decide.js';
import { diversionOf } from './donations.decide.js';
import type { Diversion, EntryRefusal, EntrySource } from './entry.events.js';
import type { FundEvent } from './fund.events.js';
import type { OpenFund } from './fund.state.js';
import {
  arrivalAccount,
  combined,
  mirrored,
  moneyReceived,
  overBetween,
  suspense,
  thingsReceived,
  unrestricted,
  type Lines,
} from './postings.policy.js';
import { shortfall } from './shortfall.policy.js';

/** Moves a donation to another purpose, or says that it is somebody else's, as a person matched it; from a message. */
export interface ReassignDonation {
  readonly type: 'ReassignDonation';
  readonly matchId: string;
  /** The match that this one takes back. */
  readonly undoes?: string;
  /** The donation as it is now. */
  readonly source: EntrySource;
  /** The donation as it was until now. */
  readonly was: EntrySource;
  /** What refunds have left of it; absent in kind. */
  readonly left?: MoneyJson;
  readonly effectiveOn: LocalDate;
  /** When it was matched (RFC 3339). */
  readonly toldAt: string;
}

interface Refused {
  readonly code: EntryRefusal;
  readonly shortBy?: MoneyJson;
}

interface Place {
  readonly purpose: string;
  readonly diverted?: Diversion;
}

/**
 * Decides DonationReassigned, from where the donation really stands to where it belongs now, or ReassignmentRefused. A
 * person may choose for what is bound to nothing or waits in suspense, and a purpose that takes money: what was given for a
 * purpose stays there (earmarked aid, Circular 87/2008/TT-BTC). What is taken back to a purpose that takes none waits in
 * suspense, as on arrival. Never throws a refusal.
 */
export function reassignDonation(fund: OpenFund, command: ReassignDonation): FundEvent {
  const { source, matchId } = command;
  const place = placeOf(fund, command);
  if ('code' in place) return refused(command, place);
  const lines = linesTo(fund, command, place);
  if ('code' in lines) return refused(command, lines);
  const { undoes, left } = command;
  return {
    type: 'DonationReassigned',
    data: {
      entryId: `match.${matchId}`,
      entryNumber: fund.lastEntryNumber + 1,
      effectiveOn: accountingDate(fund, [source.receivedOn, command.effectiveOn], command.toldAt),
      ...lines,
      matchId,
      ...(undoes === undefined ? {} : { reversesEntryId: `match.${undoes}` }),
      postedPurpose: place.purpose,
      ...(place.diverted === undefined ? {} : { diverted: place.diverted }),
      ...(left === undefined ? {} : { left }),
      source,
      was: command.was,
    },
  };
}

function placeOf(fund: OpenFund, command: ReassignDonation): Place | Refused {
  const { source, was } = command;
  const diverted = diversionOf(fund, source);
  const fault = faultOfChoice(fund, command, diverted);
  if (fault) return { code: fault };
  if (!diverted) return { purpose: source.purpose };
  // Only closing its purpose does not move what was placed there before.
  const placed = source.purpose === was.purpose && !underKey(fund.diverted, source.donationId);
  return placed ? { purpose: source.purpose } : { purpose: suspense, diverted };
}

/** Why a person cannot choose this purpose for it; what is taken back is nobody's choice. */
function faultOfChoice(
  fund: OpenFund,
  { source, was, undoes }: ReassignDonation,
  diverted: Diversion | undefined,
): EntryRefusal | undefined {
  if (source.purpose === was.purpose || undoes !== undefined) return undefined;
  const inSuspense = underKey(fund.diverted, source.donationId) !== undefined;
  if (was.purpose !== unrestricted && !inSuspense) return 'fund/given-for-purpose';
  return diverted === 'purpose-closed' || diverted === 'purpose-unknown' ? `fund/${diverted}` : undefined;
}

function linesTo(fund: OpenFund, command: ReassignDonation, to: Place): Lines | Refused {
  const { source, was } = command;
  const from = underKey(fund.diverted, source.donationId) ? suspense : was.purpose;
  const moving = movable(fund, command);
  if ('code' in moving) return moving;
  if (from === to.purpose) return { postings: [], stock: [] };
  const moved = combined(mirrored(moving.at(from)), moving.at(to.purpose));
  const lines = from === suspense || to.purpose === suspense ? moved : overBetween(moved);
  return shortfall(fund, lines) ?? lines;
}

/** What is left of the donation, as it stands at a purpose. */
function movable(
  fund: OpenFund,
  { source, left: told, matchId }: ReassignDonation,
): { readonly at: (purpose: string) => Lines } | Refused {
  if (!source.amount) {
    if (underKey(fund.undone, source.donationId)?.whole === true) return { code: 'fund/already-reversed' };
    return { at: (purpose) => thingsReceived(source, purpose) };
  }
  const whole = money(source.amount);
  const left = leftOf(fund, source, whole);
  if (left === 0n) return { code: 'fund/already-reversed' };
  const rest = moneyJson({ ...whole, minor: left });
  if (told?.amount !== rest.amount || told.currency !== rest.currency)
    throw new InvariantViolation(`match ${matchId}: the books have ${rest.amount} left`);
  return { at: (purpose) => moneyReceived(arrivalAccount(source), purpose, rest) };
}

function refused({ matchId, source: { donationId } }: ReassignDonation, why: Refused): FundEvent {
  return { type: 'ReassignmentRefused', data: { donationId, matchId, ...why } };
}
