import { donation } from '#domain/donation/donation.decide.js';
import type { DonationDonor, DonationEvent, DonationItem } from '#domain/donation/donation.events.js';
import { standingOf, type RecordedDonation, type SettledUndoing } from '#domain/donation/donation.state.js';
import type { EventStore } from '#event-store/event-store.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { isInboxEvent } from '#kernel/inbox.js';
import { moneyJson, type MoneyJson } from '#kernel/money.js';
import { formatPosition } from '#kernel/position.js';
import { DomainRefusal } from '#kernel/refusal.js';

/** A donation with all of its events, the messages that were parked in its stream included. */
export interface ReadDonation {
  readonly state: RecordedDonation;
  readonly events: readonly RecordedEvent[];
}

/** A donor as a donation shows it to whoever may see donations. */
export interface ShownDonor {
  readonly kind: DonationDonor['kind'];
  readonly donorId?: string;
  readonly class?: string;
  readonly inProvince?: boolean;
  readonly organisation?: string;
}

/** A donation as it stands now; what does not apply is absent. */
export interface DonationView {
  readonly donationId: string;
  readonly fundId: string;
  /** `standing`, `refunded` or `voided`. */
  readonly status: RecordedDonation['status'];
  readonly donor: ShownDonor;
  readonly method: string;
  readonly account?: string;
  readonly amount?: MoneyJson;
  /** What still stands of it, less refunds; nothing once voided. */
  readonly left?: MoneyJson;
  readonly items: readonly DonationItem[];
  readonly purpose: string;
  readonly campaignId?: string;
  readonly pledgeId?: string;
  readonly receivedOn: string;
  readonly recordedAt: string;
  /** Actor who recorded it. */
  readonly recordedBy: string;
  readonly language: string;
  /** A refund or void without an outcome. */
  readonly pending?: {
    readonly kind: string;
    readonly id: string;
    readonly step: string;
    readonly requestedBy: string;
  };
  readonly settled: readonly SettledUndoing[];
  /** A match that waits for the ledger's answer, or the taking back of one (`undoes`). */
  readonly matching?: { readonly matchId: string; readonly undoes?: string };
  /** The matches that stand, oldest first; the last may be taken back. */
  readonly matches: readonly { readonly matchId: string }[];
  /** Revision and position of the last event that this shows. */
  readonly revision: number;
  readonly position: string;
}

/** Reads and folds a donation's stream; throws `donation/unknown`. */
export async function readDonation(store: EventStore, donationId: string): Promise<ReadDonation> {
  const events: RecordedEvent[] = [];
  for await (const page of store.read(`donation-${donationId}`)) events.push(...page);
  const own = events.filter((event) => !isInboxEvent(event)) as RecordedEvent<DonationEvent>[];
  const state = own.reduce((folded, event) => donation.evolve(folded, event), donation.initialState);
  if (state.status === 'none') throw new DomainRefusal('donation/unknown');
  return { state, events };
}

/** What the API shows of a donation. */
export function donationView({ state, events }: ReadDonation): DonationView {
  const [first, last] = [events.at(0), events.at(-1)];
  if (!first || !last) throw new DomainRefusal('donation/unknown');
  const { source, pending } = state;
  const left = standingOf(state);
  const { donor, ...given } = source;
  return {
    ...given,
    ...{ fundId: state.fundId, status: state.status, donor: shownDonor(donor) },
    ...(left === undefined ? {} : { left: moneyJson(left) }),
    ...{ recordedAt: first.recordedAt, recordedBy: first.actor },
    ...(pending === undefined ? {} : { pending: shownPending(pending) }),
    settled: state.settled,
    ...(state.matching === undefined ? {} : { matching: shownMatching(state.matching) }),
    matches: (state.matches ?? []).map(({ matchId }) => ({ matchId })),
    ...{ revision: last.revision, position: formatPosition(last.position) },
  };
}

function shownDonor(donor: DonationDonor): ShownDonor {
  if (donor.kind !== 'named') return donor;
  const { kind, donorId, inProvince, organisation } = donor;
  return {
    ...{ kind, class: donor.class, inProvince },
    ...(donorId === undefined ? {} : { donorId }),
    ...(organisation === undefined ? {} : { organisation }),
  };
}

function shownPending({ kind, id, step, requestedBy }: NonNullable<RecordedDonation['pending']>) {
  return { kind, id, step, requestedBy };
}

function shownMatching({ matchId, undoes }: NonNullable<RecordedDonation['matching']>) {
  return { matchId, ...(undoes === undefined ? {} : { undoes }) };
}
