import type { DomainEvent } from '#kernel/domain-event.js';
import type { Role } from '#kernel/roles.js';

// Instants are RFC 3339 in UTC with milliseconds, so that they compare as text. Hashes are SHA-256 of random secrets in
// base64url, or keyed hashes of the vault. Names, addresses, passwords and secrets stand in the vault under record ids.
// `by` is the staff id of who did it; it is absent where the system did, and in events from before it was kept.

/** A person became staff of a fund (`*`: the first administrator). */
export type StaffRegistered = DomainEvent<
  'StaffRegistered',
  { readonly staffId: string; readonly fundId: string; readonly contactRecordId: string }
>;

/** Name, mail address or phone changed; the vault holds them. */
export type ContactChanged = DomainEvent<'ContactChanged', { readonly contactRecordId: string }>;

/**
 * A role on a fund (`*`: every fund) and, if `below`, on those under it; the dates are inclusive, in the fund's zone. Links
 * to choose a password that somebody else made are void.
 */
export type GrantGiven = DomainEvent<
  'GrantGiven',
  {
    readonly grantId: string;
    readonly role: Role;
    readonly fundId: string;
    readonly below: boolean;
    readonly from: string;
    readonly until: string | null;
    readonly by?: string;
  }
>;

/** A grant ended at once. */
export type GrantWithdrawn = DomainEvent<'GrantWithdrawn', { readonly grantId: string }>;

/** A login name to sign in with; it has no password yet. */
export type AccountOpened = DomainEvent<
  'AccountOpened',
  {
    readonly accountId: string;
    readonly loginHash: string;
    readonly loginRecordId: string;
    readonly by?: string;
  }
>;

/** The account can no longer be signed in with; its sessions and tokens ended. */
export type AccountClosed = DomainEvent<'AccountClosed', { readonly accountId: string }>;

/** A one-time link to choose a password was made; an earlier one is void. */
export type PasswordLinkIssued = DomainEvent<
  'PasswordLinkIssued',
  {
    readonly accountId: string;
    readonly linkHash: string;
    readonly expiresAt: string;
    readonly by?: string;
  }
>;

/** Somebody who knows the login name asked for such a link; an administrator makes it. */
export type PasswordLinkRequested = DomainEvent<'PasswordLinkRequested', { readonly accountId: string }>;

/** A password was chosen; its argon2id hash stands in the vault. Every session and token ended. */
export type PasswordSet = DomainEvent<
  'PasswordSet',
  {
    readonly accountId: string;
    readonly credentialRecordId: string;
    /** Present where it was chosen by a link: who made that; null where nobody knows. */
    readonly link?: { readonly by: string | null };
  }
>;

/** A wrong password or one-time code, counted apart by network (its keyed hash) once the account was signed in from it. */
export type SignInFailed = DomainEvent<
  'SignInFailed',
  {
    readonly accountId: string;
    readonly factor: 'password' | 'code';
    readonly source?: string;
    /** Absent in events from before it was kept. */
    readonly at?: string;
  }
>;

/** Too many failures in a row: nothing of this kind is tried from there before `until`. */
export type AccountLocked = DomainEvent<
  'AccountLocked',
  {
    readonly accountId: string;
    readonly until: string;
    /** A password where it is absent. */
    readonly factor?: 'password' | 'code';
    readonly source?: string;
  }
>;

/** An administrator lifted every lock of the account and forgot the failures. */
export type AccountUnlocked = DomainEvent<'AccountUnlocked', { readonly accountId: string }>;

/** The password was right; the second factor has not been given yet. */
export type SessionStarted = DomainEvent<
  'SessionStarted',
  {
    readonly sessionId: string;
    readonly accountId: string;
    readonly tokenHash: string;
    readonly startedAt: string;
    readonly expiresAt: string;
    /** Keyed hash of the network that it came from, where that is known. */
    readonly source?: string;
  }
>;

/** The one-time code of time step `step` was right; the session's secret changed. */
export type SecondFactorGiven = DomainEvent<
  'SecondFactorGiven',
  { readonly sessionId: string; readonly tokenHash: string; readonly step: number }
>;

/** A session ended: signed out, ended by its owner or an administrator, or pushed out by a newer one. */
export type SessionEnded = DomainEvent<'SessionEnded', { readonly sessionId: string }>;

/** A secret for one-time codes was made; it counts once a code proves it. */
export type SecondFactorEnrolled = DomainEvent<'SecondFactorEnrolled', { readonly secretRecordId: string }>;

/** A code of the new secret was right: it is the second factor from now on. */
export type SecondFactorConfirmed = DomainEvent<
  'SecondFactorConfirmed',
  { readonly secretRecordId: string; readonly step: number }
>;

/** The second factor was lost; every session and token ended. */
export type SecondFactorRemoved = DomainEvent<'SecondFactorRemoved', { readonly by?: string }>;

/** An access token for programs, with at most the owner's grants, cut down to these roles and this fund (null: all). */
export type TokenIssued = DomainEvent<
  'TokenIssued',
  {
    readonly tokenId: string;
    readonly tokenHash: string;
    readonly label: string;
    readonly roles: readonly Role[] | null;
    readonly fundId: string | null;
    readonly secondFactor: boolean;
    /** The account of the session that it was issued from; absent in events from before it was kept. */
    readonly accountId?: string;
    readonly issuedAt: string;
    readonly expiresAt: string;
  }
>;

/** A token ended before its date. */
export type TokenRevoked = DomainEvent<'TokenRevoked', { readonly tokenId: string }>;

/** May not do anything for now; every session and token ended. */
export type StaffSuspended = DomainEvent<'StaffSuspended', Readonly<Record<string, never>>>;

/** May sign in again. */
export type StaffReinstated = DomainEvent<'StaffReinstated', Readonly<Record<string, never>>>;

/** Left for good; every grant, session and token ended. */
export type StaffWithdrawn = DomainEvent<'StaffWithdrawn', Readonly<Record<string, never>>>;

/** Name, addresses and login names are gone from the vault for good. */
export type PersonalDataErased = DomainEvent<'PersonalDataErased', Readonly<Record<string, never>>>;

/** Everything on a `staff-<id>` stream. */
export type StaffEvent =
  | StaffRegistered
  | ContactChanged
  | GrantGiven
  | GrantWithdrawn
  | AccountOpened
  | AccountClosed
  | PasswordLinkIssued
  | PasswordLinkRequested
  | PasswordSet
  | SignInFailed
  | AccountLocked
  | AccountUnlocked
  | SessionStarted
  | SecondFactorGiven
  | SessionEnded
  | SecondFactorEnrolled
  | SecondFactorConfirmed
  | SecondFactorRemoved
  | TokenIssued
  | TokenRevoked
  | StaffSuspended
  | StaffReinstated
  | StaffWithdrawn
  | PersonalDataErased;
