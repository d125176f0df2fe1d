import { normalisedLogin } from '#domain/staff/password.policy.js';
import { staff } from '#domain/staff/staff.decide.js';
import type { Account, Person } from '#domain/staff/staff.state.js';
import type { CommandContext } from '#event-store/handle.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { findPerson, loginStream, staffStream, type Streams } from '../streams.js';
import type { MadeLink } from './secrets.js';
import { StaffRecords, type Contact } from './staff-records.js';

/** An account of a person. */
export interface FoundAccount {
  readonly person: Person;
  readonly accountId: string;
  readonly account: Account;
}

/** A login name that belongs to the person now. */
export interface ClaimedLogin {
  readonly loginHash: string;
  readonly loginRecordId: string;
}

/** Opens the accounts of people, each under a login name of its own. */
export class Accounts {
  constructor(
    private readonly streams: Streams,
    private readonly records: StaffRecords,
  ) {}

  /**
   * Registers a person of a fund under the command's id, with an account of the same id; whether it was a repeat. Throws
   * `login/taken`, `access/login-malformed`, `idempotency/body-differs`.
   */
  async register(
    who: {
      readonly fundId: string;
      readonly contact: Contact;
      readonly login: string;
      readonly by: string;
    },
    link: MadeLink,
    context: CommandContext,
  ): Promise<{ readonly repeated: boolean }> {
    const staffId = context.commandId;
    const stream = staffStream(staffId);
    const before = await this.streams.staff.repeated(stream, context);
    if (before) return before;
    const { login, loginRecordId, loginHash } = this.#named(who.login, context);
    const contactRecordId = StaffRecords.idOf(context, 'contact');
    await this.records.putContact(staffId, contactRecordId, who.contact);
    await this.claim(staffId, login, context);
    const person = { staffId, fundId: who.fundId, contactRecordId, accountId: staffId, by: who.by };
    const given = { hash: link.hash, expiresAt: link.expiresAt };
    const command = { kind: 'RegisterStaff', ...person, loginHash, loginRecordId, link: given } as const;
    return this.streams.staff.command(stream, command, context);
  }

  /**
   * A further login name for a person, under the command's id. Throws like {@link register}, and what the domain refuses:
   * that is asked before the name is claimed, because a name is claimed for ever.
   */
  async open(staffId: string, login: string, by: string, context: CommandContext): Promise<void> {
    const stream = staffStream(staffId);
    if (await this.streams.staff.repeated(stream, context)) return;
    const { loginHash, loginRecordId } = this.#named(login, context);
    const command = {
      kind: 'OpenAccount',
      by,
      accountId: context.commandId,
      loginHash,
      loginRecordId,
    } as const;
    staff.decide((await this.streams.staff.load(stream)).state, command);
    await this.claim(staffId, login, context);
    await this.streams.staff.command(stream, command, context);
  }

  /** Claims a login name for a person and keeps it in the vault. Throws `login/taken`, `access/login-malformed`. */
  async claim(staffId: string, login: string, context: CommandContext): Promise<ClaimedLogin> {
    const { login: normalised, ...claimed } = this.#named(login, context);
    await this.records.putText(staffId, claimed.loginRecordId, normalised);
    const command = { kind: 'ClaimLogin', staffId } as const;
    await this.streams.logins.command(loginStream(claimed.loginHash), command, context);
    return claimed;
  }

  #named(login: string, context: CommandContext): ClaimedLogin & { readonly login: string } {
    const normalised = normalisedLogin(login);
    if (normalised === undefined) throw new DomainRefusal('access/login-malformed');
    const loginRecordId = StaffRecords.idOf(context, 'login');
    return { login: normalised, loginHash: this.records.loginHash(normalised), loginRecordId };
  }

  /** The account of a login name, or undefined. Reads streams only, so that what was just recorded counts. */
  async find(login: string): Promise<FoundAccount | undefined> {
    const normalised = normalisedLogin(login);
    if (normalised === undefined) return undefined;
    const loginHash = this.records.loginHash(normalised);
    const { ownerId } = (await this.streams.logins.load(loginStream(loginHash))).state;
    const person = ownerId === null ? undefined : await findPerson(this.streams, ownerId);
    const entry = Object.entries(person?.accounts ?? {}).find(([, other]) => other.loginHash === loginHash);
    return person && entry && { person, accountId: entry[0], account: entry[1] };
  }
}
