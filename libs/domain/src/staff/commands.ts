import type { GrantGiven, TokenIssued } from './staff.events.js';

interface Kind<K extends string> {
  readonly kind: K;
}
/** A command that must not be turned on oneself, or opens a way in, names who gives it: a staff id, or `system…`. */
interface By {
  readonly by: string;
}
interface OnAccount {
  readonly accountId: string;
}
interface From {
  /** Keyed hash of the network that it comes from, where that is known. */
  readonly source?: string | undefined;
}
interface At {
  /** RFC 3339 instant in UTC with milliseconds. */
  readonly now: string;
}

/** Makes a person staff of a fund, with a first account and a link to choose its password. */
export type RegisterStaff = Kind<'RegisterStaff'> &
  By &
  OnAccount & {
    readonly staffId: string;
    readonly fundId: string;
    readonly contactRecordId: string;
    readonly loginHash: string;
    readonly loginRecordId: string;
    /** Link to choose the password. */
    readonly link: { readonly hash: string; readonly expiresAt: string };
  };

/** The first administrator, who chooses the password at once. */
export type RegisterFirstAdministrator = Kind<'RegisterFirstAdministrator'> &
  OnAccount & {
    readonly staffId: string;
    readonly contactRecordId: string;
    readonly loginHash: string;
    readonly loginRecordId: string;
    readonly credentialRecordId: string;
    readonly grantId: string;
    /** Today in the fund's zone. */
    readonly today: string;
  };

/** Names another vault record of name, mail address and phone. */
export type ChangeContact = Kind<'ChangeContact'> & { readonly contactRecordId: string };
/** Gives a role on a fund from one day to another. */
export type GiveGrant = Kind<'GiveGrant'> & By & Omit<GrantGiven['data'], 'by'>;
/** Ends a grant at once. */
export type WithdrawGrant = Kind<'WithdrawGrant'> & By & { readonly grantId: string };

/** Opens a further login name, claimed before on its own stream. */
export type OpenAccount = Kind<'OpenAccount'> &
  By &
  OnAccount & { readonly loginHash: string; readonly loginRecordId: string };
/** Closes a login name for good. */
export type CloseAccount = Kind<'CloseAccount'> & By & OnAccount;
/** Lifts a lock and forgets the failures. */
export type UnlockAccount = Kind<'UnlockAccount'> & By & OnAccount;
/** Makes a one-time link to choose a password. */
export type IssuePasswordLink = Kind<'IssuePasswordLink'> &
  By &
  OnAccount & { readonly linkHash: string; readonly expiresAt: string };
/** Asks the administrators for such a link. */
export type RequestPasswordLink = Kind<'RequestPasswordLink'> & OnAccount;
/** Chooses a password by a one-time link. */
export type SetPassword = Kind<'SetPassword'> &
  OnAccount &
  At & { readonly linkHash: string; readonly credentialRecordId: string };

/** Chooses another password, knowing the present one. `matches` was found out against the vault record `credentialRecordId`. */
export type ChangePassword = Kind<'ChangePassword'> &
  OnAccount &
  From &
  At & {
    readonly currentRecordId: string;
    readonly matches: boolean;
    readonly credentialRecordId: string;
  };

/** Starts a session with a password. `matches` was found out against the vault record `credentialRecordId`. */
export type SignIn = Kind<'SignIn'> &
  OnAccount &
  From &
  At & {
    readonly credentialRecordId: string;
    readonly matches: boolean;
    readonly sessionId: string;
    readonly tokenHash: string;
    readonly expiresAt: string;
  };

/** Gives the one-time code in a session. `step` is the time step whose code was given; undefined when it was the code of none. */
export type GiveSecondFactor = Kind<'GiveSecondFactor'> &
  At & {
    readonly sessionId: string;
    readonly secretRecordId: string;
    readonly step: number | undefined;
    readonly tokenHash: string;
  };
/** Ends a session. */
export type EndSession = Kind<'EndSession'> & { readonly sessionId: string };

/** Keeps a new secret for one-time codes. */
export type EnrolSecondFactor = Kind<'EnrolSecondFactor'> &
  At & { readonly sessionId: string; readonly secretRecordId: string };
/** Proves the new secret by a code. */
export type ConfirmSecondFactor = Kind<'ConfirmSecondFactor'> & Omit<GiveSecondFactor, 'kind'>;
/** Forgets the secret of somebody who lost it. */
export type RemoveSecondFactor = Kind<'RemoveSecondFactor'> & By;

/**
 * Lets an administrator who has no way in any more choose a password anew and set up another second factor; given by
 * whoever holds the machine.
 */
export type RecoverAccess = Kind<'RecoverAccess'> &
  By &
  OnAccount & {
    readonly linkHash: string;
    readonly expiresAt: string;
    /** Today in the fund's zone. */
    readonly today: string;
  };

/** Makes a token for programs from a session. */
export type IssueToken = Kind<'IssueToken'> &
  At & { readonly sessionId: string } & Omit<TokenIssued['data'], 'secondFactor' | 'issuedAt' | 'accountId'>;
/** Ends a token before its date. */
export type RevokeToken = Kind<'RevokeToken'> & { readonly tokenId: string };

/** Stops a person for now. */
export type SuspendStaff = Kind<'SuspendStaff'> & By;
/** Lets a suspended person act again. */
export type ReinstateStaff = Kind<'ReinstateStaff'> & By;
/** Ends everything for a person who leaves. */
export type WithdrawStaff = Kind<'WithdrawStaff'> & By;

/** Records that the vault holds nothing of a person any more. */
export type RecordErasure = Kind<'RecordErasure'>;

/** Everything that people may ask of a staff stream. */
export type StaffCommand =
  | RegisterStaff
  | RegisterFirstAdministrator
  | ChangeContact
  | GiveGrant
  | WithdrawGrant
  | OpenAccount
  | CloseAccount
  | UnlockAccount
  | IssuePasswordLink
  | RequestPasswordLink
  | SetPassword
  | ChangePassword
  | SignIn
  | GiveSecondFactor
  | EndSession
  | EnrolSecondFactor
  | ConfirmSecondFactor
  | RemoveSecondFactor
  | RecoverAccess
  | IssueToken
  | RevokeToken
  | SuspendStaff
  | ReinstateStaff
  | WithdrawStaff
  | RecordErasure;
