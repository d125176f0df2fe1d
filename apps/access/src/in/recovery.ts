import { dateInZone } from '#kernel/dates.js';
import { instantAfter } from '#kernel/instants.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Access } from '../access.js';
import { onceBy, staffStream } from '../streams.js';

/** A way in, for whoever opens it first. */
export interface RecoveryLink {
  /** Path of the page that chooses the password, with its secret: shown once. */
  readonly path: string;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
  /** Whether the person was suspended until now. */
  readonly reinstated: boolean;
}

/** Whoever holds the machine, its data and its keys; no member of staff. */
const operator = 'system:operator';

/** Somebody stands before the machine and waits for it. */
const linkMs = 3_600_000;

/**
 * Gives an administrator who has no way in any more a new one: a link to choose a password, no second factor, no lock,
 * no suspension. Throws `staff/account-unknown` for a name that nobody has, and what the domain refuses.
 */
export async function recoverAccess(access: Access, login: string): Promise<RecoveryLink> {
  const { accounts, passwords, streams, clock } = access;
  const found = await accounts.find(login);
  if (!found) throw new DomainRefusal('staff/account-unknown');
  const { person, accountId } = found;
  const { secret, hash: linkHash } = passwords.makeLink(person.staffId);
  const now = clock.now().toISOString();
  const expiresAt = instantAfter(now, linkMs);
  const link = { accountId, linkHash, expiresAt, today: dateInZone(now) };
  const command = { kind: 'RecoverAccess', by: operator, ...link } as const;
  const { events } = await streams.staff.command(staffStream(person.staffId), command, onceBy(operator));
  const reinstated = events.some(({ type }) => type === 'StaffReinstated');
  return { path: `/password?link=${secret}`, expiresAt, reinstated };
}
