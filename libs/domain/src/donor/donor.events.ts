import type { LocalDate } from '#kernel/dates.js';
import type { DomainEvent } from '#kernel/domain-event.js';

/** Classes that registers of donors are kept by. */
export type DonorClass = 'agency' | 'unit' | 'business' | 'individual';

/** What a register shows of a donor without opening the vault. */
export interface DonorDetails {
  readonly class: DonorClass;
  /** Whether the donor is at home in the fund's province. */
  readonly inProvince: boolean;
  /** Name and address as they stand on vouchers (vault, donors). */
  readonly identityRecordId: string;
  /** A registered organisation's name, which is public; a sole trader's is personal and absent. */
  readonly organisation?: string;
}

/** Where a donor's mail goes (vault, donors); no mail when absent. */
export interface DonorContact {
  readonly contactRecordId?: string;
}

/** `contactSubjectId` is a person of its own in the vault, so that the contact can be erased and the identity kept. */
export type DonorRegistered = DomainEvent<
  'DonorRegistered',
  DonorDetails &
    DonorContact & {
      readonly fundId: string;
      readonly subjectId: string;
      readonly contactSubjectId: string;
      /** Last day on which the vouchers of the donation that the donor is registered with keep the identity. */
      readonly identityNeededUntil?: LocalDate;
    }
>;

/**
 * A donation of the donor is about to be recorded, and its vouchers keep the identity until this day at least. It stands
 * here before the donation does, so that an erasure and a donation in the same instant meet in one stream.
 */
export type IdentityNeeded = DomainEvent<'IdentityNeeded', { readonly until: LocalDate }>;

/** Another contact, or none any longer. */
export type DonorContactCorrected = DomainEvent<
  'DonorContactCorrected',
  DonorContact & { readonly fundId: string; readonly subjectId: string }
>;

/** Another class, place, name or address; donations recorded before keep the old ones. */
export type DonorDetailsCorrected = DomainEvent<'DonorDetailsCorrected', DonorDetails>;

/** The contact is destroyed and no donation taken any more; the identity too, or after the date that it is kept until. */
export type PersonalDataErased = DomainEvent<
  'PersonalDataErased',
  { readonly what: 'contact' | 'everything'; readonly identityKeptUntil?: LocalDate }
>;

/** Everything that can happen to a donor. */
export type DonorEvent =
  DonorRegistered | DonorContactCorrected | DonorDetailsCorrected | IdentityNeeded | PersonalDataErased;
