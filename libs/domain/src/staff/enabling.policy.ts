import { needsSecondFactor } from '#kernel/second-factor.js';
import type { Person } from './staff.state.js';
import type { Credential } from './standing.policy.js';

/**
 * Staff through whose hands what this credential may do went: who opened the account, made the link by which its password
 * was chosen, took the second factor away last, or gave a role that approves or administers; each once, without the
 * person. Whoever is among them could act in the person's name, or made him somebody who may.
 */
export function enablersOf(person: Person, credential: Credential): readonly string[] {
  const { accountId } = credential.kind === 'session' ? credential.session : credential.token;
  const accounts = Object.entries(person.accounts).filter(([id]) => (accountId ?? id) === id);
  const grants = Object.values(person.grants).filter(({ role }) => needsSecondFactor(role));
  const hands = [
    ...accounts.flatMap(([, { openedBy, passwordBy }]) => [openedBy, passwordBy]),
    person.secondFactor.removedBy,
    ...grants.map(({ by }) => by ?? null),
  ];
  return [...new Set(hands)].filter((by) => by !== null && by !== person.staffId) as string[];
}
