import type { LocalDate } from '#kernel/dates.js';
import { InvariantViolation } from '#kernel/refusal.js';
import type { DonorContact, DonorDetails, DonorEvent } from './donor.events.js';

/** A registered donor; `erased` has no contact any more and gives no further donation under this id. */
export interface RegisteredDonor extends DonorDetails, DonorContact {
  readonly status: 'registered' | 'erased';
  readonly fundId: string;
  readonly subjectId: string;
  readonly contactSubjectId: string;
  /** Last day on which vouchers need the identity; absent while nothing was given. */
  readonly identityNeededUntil?: LocalDate;
  /** Last day of the identity record; absent while registered and where it is gone. */
  readonly identityKeptUntil?: LocalDate;
}

/** A donor's state. */
export type DonorState = { readonly status: 'none' } | RegisteredDonor;

/** Nobody registered yet. */
export const noDonor: DonorState = { status: 'none' };

/** Folds one event; throws `InvariantViolation` for anything before the registration. */
export function evolveDonor(state: DonorState, event: DonorEvent): DonorState {
  if (event.type === 'DonorRegistered') return { status: 'registered', ...event.data };
  if (state.status === 'none') throw new InvariantViolation(`${event.type} before DonorRegistered`);
  switch (event.type) {
    case 'DonorContactCorrected': {
      const { contactRecordId: _former, ...rest } = state;
      return { ...rest, ...event.data };
    }
    case 'DonorDetailsCorrected': {
      const { organisation: _former, ...rest } = state;
      return { ...rest, ...event.data };
    }
    case 'IdentityNeeded':
      return { ...state, identityNeededUntil: event.data.until };
    case 'PersonalDataErased': {
      const { contactRecordId: _contact, identityKeptUntil: _until, ...rest } = state;
      const { identityKeptUntil } = event.data;
      return { ...rest, status: 'erased', ...(identityKeptUntil === undefined ? {} : { identityKeptUntil }) };
    }
  }
}
