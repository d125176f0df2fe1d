import type { LocalDate } from '#kernel/dates.js';
import type { Decider } from '#kernel/decider.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import type { DonorContact, DonorDetails, DonorEvent } from './donor.events.js';
import { evolveDonor, noDonor, type DonorState, type RegisteredDonor } from './donor.state.js';
import { identityKeptUntil } from './retention.policy.js';

/** Why a donor is not registered, corrected or erased. */
export type DonorRefusal = 'donor/unknown' | 'donor/erased' | 'donor/organisation-missing';

/** Registers a donor in one fund; the records named stand in the vault already. */
export interface RegisterDonor extends DonorDetails, DonorContact {
  readonly type: 'RegisterDonor';
  readonly fundId: string;
  readonly subjectId: string;
  readonly contactSubjectId: string;
  /** When the donation came in that the donor is registered with; absent without one. */
  readonly receivedOn?: LocalDate;
}

/** Says that a donation is about to be recorded: whoever names a registered donor on one asks this first. */
export interface NeedIdentity {
  readonly type: 'NeedIdentity';
  readonly receivedOn: LocalDate;
}

/** Names another contact record, or none: then no mail is sent any more. */
export interface CorrectContact extends DonorContact {
  readonly type: 'CorrectContact';
}

/** Names another identity record, with the class and place that go with it. */
export interface CorrectDetails extends DonorDetails {
  readonly type: 'CorrectDetails';
}

/**
 * Records that the contact was destroyed; asked again, that the identity was, where no donation keeps it or its date has
 * passed. No donation comes in between: an erased donor gives no more.
 */
export interface EraseDonor {
  readonly type: 'EraseDonor';
  /** Today's date in the fund's zone. */
  readonly today: LocalDate;
  /** When the last donation came in as lists have it, for those from before the donor's stream said so. */
  readonly lastReceivedOn?: LocalDate;
}

/** Everything that can be asked of a donor. */
export type DonorCommand = RegisterDonor | CorrectContact | CorrectDetails | NeedIdentity | EraseDonor;

/** The rules of a donor, who belongs to one fund. */
export const donor: Decider<DonorState, DonorCommand, DonorEvent> = {
  initialState: noDonor,
  evolve: evolveDonor,
  decide: decideDonor,
};

/** Whether the identity of an erased donor is to be destroyed: where {@link EraseDonor} then records that it was. */
export function isIdentityOver(
  state: DonorState,
  { today, lastReceivedOn }: Omit<EraseDonor, 'type'>,
): boolean {
  if (state.status !== 'erased') return false;
  const until = neededUntil(state, lastReceivedOn);
  return until === undefined || today > until;
}

/** Whether a donation received on this day keeps the identity longer than the donor's stream says by now. */
export function needsIdentity({ identityNeededUntil }: RegisteredDonor, receivedOn: LocalDate): boolean {
  return identityNeededUntil === undefined || identityNeededUntil < identityKeptUntil(receivedOn);
}

function decideDonor(state: DonorState, command: DonorCommand): readonly DonorEvent[] {
  switch (command.type) {
    case 'RegisterDonor': {
      if (state.status !== 'none') throw new InvariantViolation('a donor is registered once');
      assertName(command);
      const { type: _type, receivedOn, ...data } = command;
      const needed = receivedOn && { identityNeededUntil: identityKeptUntil(receivedOn) };
      return [{ type: 'DonorRegistered', data: { ...data, ...needed } }];
    }
    case 'CorrectContact':
      return correctContact(assertRegistered(state), command);
    case 'CorrectDetails': {
      assertRegistered(state);
      assertName(command);
      const { type: _type, ...data } = command;
      return [{ type: 'DonorDetailsCorrected', data }];
    }
    case 'NeedIdentity':
      return needIdentity(assertRegistered(state), command);
    case 'EraseDonor':
      return erase(state, command);
  }
}

function correctContact(state: RegisteredDonor, { contactRecordId }: CorrectContact): readonly DonorEvent[] {
  if (contactRecordId === state.contactRecordId) return [];
  const { fundId, subjectId } = state;
  const contact = contactRecordId === undefined ? {} : { contactRecordId };
  return [{ type: 'DonorContactCorrected', data: { fundId, subjectId, ...contact } }];
}

function needIdentity(state: RegisteredDonor, { receivedOn }: NeedIdentity): readonly DonorEvent[] {
  if (!needsIdentity(state, receivedOn)) return [];
  return [{ type: 'IdentityNeeded', data: { until: identityKeptUntil(receivedOn) } }];
}

function erase(state: DonorState, command: EraseDonor): readonly DonorEvent[] {
  if (state.status === 'none') throw new DomainRefusal<DonorRefusal>('donor/unknown');
  const over = isIdentityOver(state, command);
  if (state.status === 'erased' && state.identityKeptUntil === undefined) return [];
  if (over) return [{ type: 'PersonalDataErased', data: { what: 'everything' } }];
  const kept = neededUntil(state, command.lastReceivedOn) ?? command.today;
  if (kept === state.identityKeptUntil) return [];
  return [{ type: 'PersonalDataErased', data: { what: 'contact', identityKeptUntil: kept } }];
}

function neededUntil(
  { identityNeededUntil }: RegisteredDonor,
  lastReceivedOn: LocalDate | undefined,
): LocalDate | undefined {
  const listed = lastReceivedOn && identityKeptUntil(lastReceivedOn);
  if (listed === undefined || identityNeededUntil === undefined) return listed ?? identityNeededUntil;
  return listed > identityNeededUntil ? listed : identityNeededUntil;
}

function assertRegistered(state: DonorState): RegisteredDonor {
  if (state.status === 'none') throw new DomainRefusal<DonorRefusal>('donor/unknown');
  if (state.status === 'erased') throw new DomainRefusal<DonorRefusal>('donor/erased');
  return state;
}

/** A person's name never gets into an event, whoever calls: an individual's would, as that of an organisation. */
function assertName(details: DonorDetails): void {
  const organisation = details.organisation?.trim() ?? '';
  if (details.class === 'individual' && details.organisation !== undefined)
    throw new InvariantViolation('an individual has no public name');
  if ((details.class === 'agency' || details.class === 'unit') && organisation === '')
    throw new DomainRefusal<DonorRefusal>('donor/organisation-missing');
}
