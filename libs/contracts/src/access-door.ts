import { z } from 'zod';
import type { Caller } from '#kernel/roles.js';

/** How somebody stands who showed the secret of a session or token. */
export interface Standing {
  /** Grants are those in force now, funds under a fund filled in; none while `secondFactor` is `asked`. */
  readonly caller: Caller;
  /** `asked`: nothing may be done before the code is given; `to-enrol`: some roles do not count before it is set up. */
  readonly secondFactor: 'given' | 'asked' | 'to-enrol' | 'not-needed';
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
}

/** A session that has just begun or risen; its secret is shown once and replaces the one before. */
export interface OpenedSession {
  readonly secret: string;
  readonly expiresAt: string;
  readonly secondFactor: Standing['secondFactor'];
}

/** What an authenticator app is set up with. */
export interface Enrolment {
  /** `otpauth://totp/…`, for a QR code. */
  readonly uri: string;
  /** The same secret to type in, base32. */
  readonly secret: string;
}

/** Who becomes the first administrator. */
export interface FirstAdministrator {
  readonly login: string;
  readonly password: string;
  readonly name: string;
  readonly email: string;
}

/** What a person sees of himself. */
export interface Profile {
  readonly name: string;
  readonly grants: Caller['grants'];
}

/**
 * The access service as the gateway sees it: in the same process, or over HTTP. Everything that is refused throws
 * `DomainRefusal`; who asks is never told whether a login name exists.
 */
export interface AccessDoor {
  /** Who holds this secret now; undefined when it is nobody's, expired or revoked. Takes revocations in at once. */
  authenticate(secret: string): Promise<Standing | undefined>;
  /** Whether the one-time set-up link still works. */
  isSetUpOpen(link: string): Promise<boolean>;
  /** Makes the first administrator and signs in; throws `access/set-up-closed`, `access/password-weak`, `access/login-malformed`. */
  setUp(link: string, first: FirstAdministrator): Promise<OpenedSession>;
  /**
   * Begins a session; throws `access/sign-in-failed`, also while the account is locked. Failures count apart by `network`
   * (where it comes from) once the account was signed in from it; without one they count with all others.
   */
  signIn(login: string, password: string, network?: string): Promise<OpenedSession>;
  /** Raises the session with a one-time code; throws `access/code-wrong`, `staff/locked`, `staff/session-ended`. */
  giveCode(secret: string, code: string): Promise<OpenedSession>;
  /** Begins to set up an authenticator app; throws `staff/second-factor-due`, `staff/session-ended`. */
  enrol(secret: string): Promise<Enrolment>;
  /** Ends setting it up with a first code; throws like {@link giveCode}. */
  confirm(secret: string, code: string): Promise<OpenedSession>;
  /** Ends the session; an ended one is a no-op. */
  signOut(secret: string): Promise<void>;
  /** Whether a link to choose a password still works. */
  isLinkOpen(link: string): Promise<boolean>;
  /** Chooses a password by a link; throws `staff/link-invalid`, `access/password-weak`. */
  setPassword(link: string, password: string): Promise<void>;
  /** Asks the administrators for a new link; answers before it is known whether the login name exists. */
  requestLink(login: string): Promise<void>;
  /** The person's name and grants; the read of the name is logged. */
  profile(secret: string): Promise<Profile | undefined>;
}

const text = z.string().max(2_000);

/** The access door between processes: its name, and what each call takes. */
export const accessDoor = {
  name: 'access',
  calls: {
    authenticate: z.tuple([text]),
    isSetUpOpen: z.tuple([text]),
    setUp: z.tuple([text, z.strictObject({ login: text, password: text, name: text, email: text })]),
    signIn: z.union([z.tuple([text, text]), z.tuple([text, text, text])]),
    giveCode: z.tuple([text, text]),
    enrol: z.tuple([text]),
    confirm: z.tuple([text, text]),
    signOut: z.tuple([text]),
    isLinkOpen: z.tuple([text]),
    setPassword: z.tuple([text, text]),
    requestLink: z.tuple([text]),
    profile: z.tuple([text]),
  },
} as const;
