import { passwordFault } from '#domain/staff/password.policy.js';
import type { Person } from '#domain/staff/staff.state.js';
import type { CommandContext } from '#event-store/handle.js';
import { instantAfter } from '#kernel/instants.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Clock } from '#platform/clock.js';
import { findPerson, onceBy, staffStream, type Streams } from '../streams.js';
import type { Accounts, FoundAccount } from './accounts.js';
import { hashPassword, passwordMatches } from './argon2.js';
import { makeSecret, readSecret, type MadeLink } from './secrets.js';
import { StaffRecords } from './staff-records.js';

/** How long a link to choose a password works: three days. */
export const linkMs = 72 * 3_600_000;

/** A person's present password and the next one, and the network that they come from. */
export interface ChosenPassword {
  readonly present: string;
  readonly next: string;
  readonly network: string;
}

/**
 * Passwords, and the one-time links to choose them. What holds a password is never repeated by an Idempotency-Key: a
 * digest of it would be easier to guess than its argon2id hash.
 */
export class Passwords {
  constructor(
    private readonly streams: Streams,
    private readonly records: StaffRecords,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  /** A new link for a person; it works once its hash stands in an event. */
  makeLink(staffId: string): MadeLink {
    return { ...makeSecret('link', staffId), expiresAt: instantAfter(this.#now(), linkMs) };
  }

  /** Asks the administrators for a link; the same for a name that nobody has. */
  async requestLink(login: string): Promise<void> {
    const found = await this.accounts.find(login);
    if (!found) return;
    await this.streams.staff.command(
      staffStream(found.person.staffId),
      { kind: 'RequestPasswordLink', accountId: found.accountId },
      onceBy('system:sign-in'),
    );
  }

  /** The account whose password may be chosen by this link now, or undefined. */
  async findByLink(link: string): Promise<(FoundAccount & { readonly linkHash: string }) | undefined> {
    const read = readSecret(link, 'link');
    const person = read && (await findPerson(this.streams, read.staffId));
    if (!person) return undefined;
    const now = this.#now();
    const entry = Object.entries(person.accounts).find(
      ([, { link: open }]) => open?.hash === read.hash && open.expiresAt > now,
    );
    return entry && { person, accountId: entry[0], account: entry[1], linkHash: read.hash };
  }

  /** Chooses the password by a link. Throws `staff/link-invalid`, `access/password-weak`. */
  async setByLink(link: string, password: string): Promise<void> {
    const found = await this.findByLink(link);
    if (!found) throw new DomainRefusal('staff/link-invalid');
    const { person, accountId, linkHash } = found;
    const context = onceBy(`staff:${person.staffId}`);
    const login = await this.#loginOf(found, context);
    const credentialRecordId = await this.keep(person.staffId, login, password, context);
    await this.streams.staff.command(
      staffStream(person.staffId),
      { kind: 'SetPassword', accountId, linkHash, credentialRecordId, now: this.#now() },
      context,
    );
  }

  /**
   * Changes one's own password. Throws `access/sign-in-failed` when the present one is
   * wrong, `access/password-weak`.
   */
  async change(person: Person, accountId: string, chosen: ChosenPassword): Promise<void> {
    const { present, next, network } = chosen;
    const context = onceBy(`staff:${person.staffId}`);
    const account = person.accounts[accountId];
    const currentRecordId = account?.credentialRecordId ?? undefined;
    if (!account || currentRecordId === undefined) throw new DomainRefusal('staff/no-password');
    const reading = { actor: context.actor, purpose: 'password changed' };
    const matches = await passwordMatches(present, await this.records.findText(currentRecordId, reading));
    const login = await this.#loginOf({ person, accountId, account }, context);
    const credentialRecordId = await this.keep(person.staffId, login, next, context);
    const now = this.#now();
    const source = this.records.sourceHash(network);
    const { events } = await this.streams.staff.command(
      staffStream(person.staffId),
      { kind: 'ChangePassword', accountId, currentRecordId, matches, credentialRecordId, source, now },
      context,
    );
    if (events.some((event) => event.type === 'SignInFailed'))
      throw new DomainRefusal('access/sign-in-failed');
  }

  /** Seals the hash of a password that is good enough and returns its record. Throws `access/password-weak`. */
  async keep(staffId: string, login: string, password: string, context: CommandContext): Promise<string> {
    const fault = passwordFault(password, login);
    if (fault) throw new DomainRefusal('access/password-weak', { fault });
    const recordId = StaffRecords.idOf(context, 'password');
    await this.records.putText(staffId, recordId, await hashPassword(password));
    return recordId;
  }

  async #loginOf({ account }: FoundAccount, { actor }: CommandContext): Promise<string> {
    const reading = { actor, purpose: 'password compared with login name' };
    // An erased name is like no password.
    return (await this.records.findText(account.loginRecordId, reading)) ?? '\0';
  }

  #now(): string {
    return this.clock.now().toISOString();
  }
}
