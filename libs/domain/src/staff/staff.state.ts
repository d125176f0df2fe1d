import { needsSecondFactor } from '#kernel/second-factor.js';
import {
  afterPassword,
  failedAgain,
  forgiven,
  noTries,
  nothingTried,
  withTries,
  type Tried,
} from './lockout.policy.js';
import type { GrantGiven, SessionStarted, StaffEvent, TokenIssued } from './staff.events.js';

/** A grant that was not withdrawn; whether it is in force depends on the day. */
export type Grant = GrantGiven['data'];

/** A login name and how it may be signed in with. */
export interface Account extends Tried {
  readonly loginHash: string;
  /** Vault record of the login name. */
  readonly loginRecordId: string;
  /** Vault record of the argon2id hash; null until a password was chosen. */
  readonly credentialRecordId: string | null;
  readonly link: { readonly hash: string; readonly expiresAt: string; readonly by: string | null } | null;
  readonly linkRequested: boolean;
  /** Staff who opened it, and who made the link by which its password was chosen; null where none is known. */
  readonly openedBy: string | null;
  readonly passwordBy: string | null;
}

/** A session that nobody ended; it may have expired. */
export type Session = Omit<SessionStarted['data'], 'startedAt' | 'source'> & {
  readonly secondFactor: boolean;
};

/** A token that nobody revoked; it may have expired. */
export type Token = TokenIssued['data'];

/** The secret for one-time codes. */
export interface SecondFactor {
  /** The proven one, and the highest time step that was used: a code counts once. */
  readonly confirmed: { readonly secretRecordId: string; readonly step: number } | null;
  /** A new one that no code has proven yet. */
  readonly pendingRecordId: string | null;
  /** Staff who took the one before away last; null where none is known. */
  readonly removedBy: string | null;
}

/** A person who is or was staff. */
export interface Person {
  readonly status: 'active' | 'suspended' | 'withdrawn';
  readonly staffId: string;
  /** The fund whose administrators look after this person; `*` is every fund's. */
  readonly fundId: string;
  readonly contactRecordId: string;
  /** Whether the vault holds nothing of the person any more. */
  readonly erased: boolean;
  readonly grants: Readonly<Record<string, Grant>>;
  readonly accounts: Readonly<Record<string, Account>>;
  readonly secondFactor: SecondFactor;
  readonly sessions: Readonly<Record<string, Session>>;
  readonly tokens: Readonly<Record<string, Token>>;
  /** Staff through whose hands this access ever went, each once: see {@link enablersOf} for what still counts. */
  readonly enablers: readonly string[];
}

/** A staff stream folded. */
export type StaffState = { readonly status: 'none' } | Person;

/** Raise it whenever the shape of the state or {@link evolve} changes: older snapshots are then ignored. */
export const staffStateVersion = 3;

/** A stream without events. */
export const noStaff: StaffState = { status: 'none' };

type Evolutions = {
  readonly [T in StaffEvent['type']]: (
    person: Person,
    data: Extract<StaffEvent, { type: T }>['data'],
  ) => Person;
};

const signedOut = { sessions: {}, tokens: {} } as const;
const noSecondFactor: SecondFactor = { confirmed: null, pendingRecordId: null, removedBy: null };

const evolutions: Evolutions = {
  StaffRegistered: (_person, data) => ({
    ...data,
    ...signedOut,
    status: 'active',
    erased: false,
    grants: {},
    accounts: {},
    secondFactor: noSecondFactor,
    enablers: [],
  }),
  ContactChanged: (person, { contactRecordId }) => ({ ...person, contactRecordId }),
  GrantGiven: (person, data) => ({
    ...(needsSecondFactor(data.role) ? enabled(person, data.by) : person),
    grants: { ...person.grants, [data.grantId]: data },
    accounts: withoutLinksOfOthers(person.accounts, data.by),
  }),
  GrantWithdrawn: (person, { grantId }) => ({ ...person, grants: without(person.grants, grantId) }),
  AccountOpened: (person, { accountId, by, ...login }) => ({
    ...enabled(person, by),
    accounts: {
      ...person.accounts,
      [accountId]: {
        ...login,
        ...nothingTried,
        credentialRecordId: null,
        link: null,
        linkRequested: false,
        openedBy: by ?? null,
        passwordBy: null,
      },
    },
  }),
  AccountClosed: (person, { accountId }) => ({
    ...person,
    accounts: without(person.accounts, accountId),
    sessions: kept(person.sessions, (session) => session.accountId !== accountId),
    // A token from before its account was kept may be of this one.
    tokens: kept(person.tokens, (token) => (token.accountId ?? accountId) !== accountId),
  }),
  PasswordLinkIssued: (person, { accountId, linkHash, expiresAt, by }) =>
    account(enabled(person, by), accountId, {
      link: { hash: linkHash, expiresAt, by: by ?? null },
      linkRequested: false,
    }),
  PasswordLinkRequested: (person, { accountId }) => account(person, accountId, { linkRequested: true }),
  PasswordSet: (person, { accountId, credentialRecordId, link }) => ({
    ...account(tried(person, accountId, forgiven), accountId, {
      credentialRecordId,
      // Who knows the present password may choose another, so that choosing one frees it from nobody's hands.
      ...(link && { passwordBy: link.by }),
      link: null,
      linkRequested: false,
    }),
    ...signedOut,
  }),
  SignInFailed: (person, { accountId, at, ...place }) =>
    tried(person, accountId, (before) => withTries(before, place, (tries) => failedAgain(tries, at))),
  AccountLocked: (person, { accountId, until, factor = 'password', source }) =>
    tried(person, accountId, (before) =>
      withTries(before, { factor, source }, (tries) => ({ ...tries, lockedUntil: until })),
    ),
  AccountUnlocked: (person, { accountId }) => tried(person, accountId, forgiven),
  SessionStarted: (person, { startedAt, source, ...session }) => ({
    ...tried(person, session.accountId, (before) => afterPassword(before, source)),
    sessions: {
      ...kept(person.sessions, (other) => other.expiresAt > startedAt),
      [session.sessionId]: { ...session, secondFactor: false },
    },
  }),
  SecondFactorGiven: (person, { sessionId, tokenHash, step }) => {
    const session = person.sessions[sessionId];
    if (!session || !person.secondFactor.confirmed) return person;
    return {
      ...account(person, session.accountId, { codes: noTries }),
      sessions: { ...person.sessions, [sessionId]: { ...session, tokenHash, secondFactor: true } },
      secondFactor: { ...person.secondFactor, confirmed: { ...person.secondFactor.confirmed, step } },
    };
  },
  SessionEnded: (person, { sessionId }) => ({ ...person, sessions: without(person.sessions, sessionId) }),
  SecondFactorEnrolled: (person, { secretRecordId }) => ({
    ...person,
    secondFactor: { ...person.secondFactor, pendingRecordId: secretRecordId },
  }),
  SecondFactorConfirmed: (person, { secretRecordId, step }) => ({
    ...person,
    secondFactor: { ...person.secondFactor, confirmed: { secretRecordId, step }, pendingRecordId: null },
  }),
  SecondFactorRemoved: (person, { by }) => ({
    ...enabled(person, by),
    ...signedOut,
    secondFactor: { ...noSecondFactor, removedBy: by ?? null },
  }),
  TokenIssued: (person, data) => ({
    ...person,
    tokens: { ...kept(person.tokens, (token) => token.expiresAt > data.issuedAt), [data.tokenId]: data },
  }),
  TokenRevoked: (person, { tokenId }) => ({ ...person, tokens: without(person.tokens, tokenId) }),
  StaffSuspended: (person) => ({ ...person, ...signedOut, status: 'suspended' }),
  StaffReinstated: (person) => ({ ...person, status: 'active' }),
  StaffWithdrawn: (person) => ({ ...person, ...signedOut, status: 'withdrawn', grants: {}, accounts: {} }),
  PersonalDataErased: (person) => ({ ...person, erased: true }),
};

/** Folds one event; never mutates. An event before `StaffRegistered` changes nothing. */
export function evolve(state: StaffState, event: StaffEvent): StaffState {
  if (state.status === 'none' && event.type !== 'StaffRegistered') return state;
  const evolution = evolutions[event.type] as (person: Person, data: StaffEvent['data']) => Person;
  return evolution(state as Person, event.data);
}

/** A link made for somebody who may do less must not open what another has given since. */
function withoutLinksOfOthers(accounts: Person['accounts'], by: string | undefined): Person['accounts'] {
  return Object.fromEntries(
    Object.entries(accounts).map(([accountId, { link, ...other }]) => [
      accountId,
      { ...other, link: link?.by === by ? link : null },
    ]),
  );
}

function enabled(person: Person, by: string | undefined): Person {
  if (by === undefined || person.enablers.includes(by)) return person;
  return { ...person, enablers: [...person.enablers, by] };
}

function tried(person: Person, accountId: string, change: (before: Tried) => Tried): Person {
  const before = person.accounts[accountId];
  return before ? account(person, accountId, change(before)) : person;
}

function account(person: Person, accountId: string, change: Partial<Account>): Person {
  const before = person.accounts[accountId];
  if (!before) return person;
  return { ...person, accounts: { ...person.accounts, [accountId]: { ...before, ...change } } };
}

function without<V>(record: Readonly<Record<string, V>>, key: string): Readonly<Record<string, V>> {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== key));
}

function kept<V>(
  record: Readonly<Record<string, V>>,
  keep: (value: V) => boolean,
): Readonly<Record<string, V>> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => keep(value)));
}
