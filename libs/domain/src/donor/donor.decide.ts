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
}

/** Names another contact record, or none: then no mail is sent any more. */
export interface CorrectContact extends DonorContact {
  readonly type: 'CorrectContact';
}

/** Names another identity record, with the class and place that go with it. */
export interface CorrectDetails extends DonorDetails {
  readonly type: 'CorrectDetails';
}

/** Records that the contact was destroyed, and the identity where no donation keeps it or its date has passed. */
export interface EraseDonor {
  readonly type: 'EraseDonor';
  /** Today's date in the fund's zone. */
  readonly today: LocalDate;
  /** When the last donation came in, where there is one. */
  readonly lastReceivedOn?: LocalDate;
}

/** Everything that can be asked of a donor. */
export type DonorCommand = RegisterDonor | CorrectContact | CorrectDetails | EraseDonor;

/** The rules of a donor, who belongs to one fund. */
export const donor: Decider<DonorState, DonorCommand, DonorEvent> = {
  initialState: noDonor,
  evolve: evolveDonor,
  decide: decideDonor,
};

/** What an erasure today would destroy; the same answer that {@link EraseDonor} records. */
export function erasureOf(command: Omit<EraseDonor, 'type'>): 'contact' | 'everything' {
  const until = identityKeptUntil(command.lastReceivedOn);
  return until !== undefined && command.today <= until ? 'contact' : 'everything';
}

function decideDonor(state: DonorState, command: DonorCommand): readonly DonorEvent[] {
  switch (command.type) {
    case 'RegisterDonor': {
      if (state.status !== 'none') throw new InvariantViolation('a donor is registered once');
      assertName(command);
      const { type: _type, ...data } = command;
      return [{ type: 'DonorRegistered', data }];
    }
    case 'CorrectContact':
      return correctContact(assertRegistered(state), command);
    case 'CorrectDetails': {
      assertRegistered(state);
      assertName(command);
      const { type: _type, ...data } = command;
      return [{ type: 'DonorDetailsCorrected', data }];
    }
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

function erase(state: DonorState, command: EraseDonor): readonly DonorEvent[] {
  if (state.status === 'none') throw new DomainRefusal<DonorRefusal>('donor/unknown');
  const what = erasureOf(command);
  const nothingNew = what === 'contact' || state.identityKeptUntil === undefined;
  if (state.status === 'erased' && nothingNew) return [];
  const until = identityKeptUntil(command.lastReceivedOn);
  const kept = what === 'contact' && until !== undefined ? { identityKeptUntil: until } : {};
  return [{ type: 'PersonalDataErased', data: { what, ...kept } }];
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
