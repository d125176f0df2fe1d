import { instantAfter } from '#kernel/instants.js';
import type { IssueToken, RevokeToken } from './commands.js';
import { assertActive, refusal, sessionOf } from './refusals.js';
import type { StaffEvent } from './staff.events.js';
import type { Person } from './staff.state.js';

/** Tokens that one person may have at a time. */
export const tokensMax = 20;

const yearMs = 366 * 24 * 3_600_000;

/**
 * A token, issued from a session and never from another token, for at most a year. It carries the second factor if the
 * session has given it.
 */
export function issueToken(person: Person, command: IssueToken): readonly StaffEvent[] {
  assertActive(person);
  const { kind: _kind, now: issuedAt, sessionId, ...token } = command;
  const session = sessionOf(person, sessionId, issuedAt);
  if (person.secondFactor.confirmed && !session.secondFactor) throw refusal('staff/second-factor-due');
  const latest = instantAfter(issuedAt, yearMs);
  if (token.expiresAt <= issuedAt || token.expiresAt > latest) throw refusal('staff/token-dates', { latest });
  const live = Object.values(person.tokens).filter((other) => other.expiresAt > issuedAt);
  if (live.length >= tokensMax) throw refusal('staff/tokens-too-many', { max: tokensMax });
  const { accountId, secondFactor } = session;
  return [{ type: 'TokenIssued', data: { ...token, accountId, issuedAt, secondFactor } }];
}

/** Ends a token at once. */
export function revokeToken(person: Person, { tokenId }: RevokeToken): readonly StaffEvent[] {
  if (!person.tokens[tokenId]) throw refusal('staff/token-unknown');
  return [{ type: 'TokenRevoked', data: { tokenId } }];
}
