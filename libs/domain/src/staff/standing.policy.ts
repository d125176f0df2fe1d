import type { Role } from '#kernel/roles.js';
import { needsSecondFactor } from '#kernel/second-factor.js';
import { inForce } from './grants.policy.js';
import type { Person, Session, StaffState, Token } from './staff.state.js';

/** A live session or token, found by the hash of its secret. */
export type Credential =
  { readonly kind: 'session'; readonly session: Session } | { readonly kind: 'token'; readonly token: Token };

/** A grant in force, before the funds under it are filled in. */
export interface StandingGrant {
  readonly role: Role;
  readonly fundId: string;
  readonly below: boolean;
}

/** The live credential of an active person; undefined when it expired, ended or never was. */
export function findCredential(state: StaffState, tokenHash: string, now: string): Credential | undefined {
  if (state.status !== 'active') return undefined;
  const session = Object.values(state.sessions).find((other) => other.tokenHash === tokenHash);
  if (session) return session.expiresAt > now ? { kind: 'session', session } : undefined;
  const token = Object.values(state.tokens).find((other) => other.tokenHash === tokenHash);
  return token && token.expiresAt > now ? { kind: 'token', token } : undefined;
}

/** The grants in force on this day that the credential carries; a token's roles cut them down. */
export function grantsCarried(
  person: Person,
  credential: Credential,
  today: string,
): readonly StandingGrant[] {
  const roles = credential.kind === 'token' ? credential.token.roles : null;
  return Object.values(person.grants)
    .filter((grant) => inForce(grant, today) && (roles === null || roles.includes(grant.role)))
    .map(({ role, fundId, below }) => ({ role, fundId, below }));
}

/**
 * How a credential stands with the second factor: `asked` until the code of a proven one is given, `to-enrol` while a
 * role in force needs one and there is none, `not-needed` otherwise.
 */
export function secondFactorStanding(
  person: Person,
  credential: Credential,
  today: string,
): 'given' | 'asked' | 'to-enrol' | 'not-needed' {
  const given =
    credential.kind === 'session' ? credential.session.secondFactor : credential.token.secondFactor;
  if (given) return 'given';
  if (credential.kind === 'session' && person.secondFactor.confirmed) return 'asked';
  const due = grantsCarried(person, credential, today).some(({ role }) => needsSecondFactor(role));
  return due ? 'to-enrol' : 'not-needed';
}
