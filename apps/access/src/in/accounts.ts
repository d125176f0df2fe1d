import { normalisedLogin } from '#domain/staff/password.policy.js';
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
    const contactRecordId = StaffRecords.idOf(context, 'contact');
    await this.records.putContact(staffId, contactRecordId, who.contact);
    const claimed = await this.claim(staffId, who.login, context);
    const person = { staffId, fundId: who.fundId, contactRecordId, accountId: staffId, by: who.by };
    return this.streams.staff.command(
      staffStream(staffId),
      {
        kind: 'RegisterStaff',
        ...person,
        ...claimed,
        link: { hash: link.hash, expiresAt: link.expiresAt },
      },
      context,
    );
  }

  /** A further login name for a person, under the command's id. Throws like {@link register}, and what the domain refuses. */
  async open(staffId: string, login: string, by: string, context: CommandContext): Promise<void> {
    const accountId = context.commandId;
    const claimed = await this.claim(staffId, login, context);
    await this.streams.staff.command(
      staffStream(staffId),
      { kind: 'OpenAccount', by, accountId, ...claimed },
      context,
    );
  }

  /** Claims a login name for a person and keeps it in the vault. Throws `login/taken`, `access/login-malformed`. */
  async claim(staffId: string, login: string, context: CommandContext): Promise<ClaimedLogin> {
    const normalised = normalisedLogin(login);
    if (normalised === undefined) throw new DomainRefusal('access/login-malformed');
    const loginHash = this.records.loginHash(normalised);
    const loginRecordId = StaffRecords.idOf(context, 'login');
    await this.records.putText(staffId, loginRecordId, normalised);
    await this.streams.logins.command(loginStream(loginHash), { kind: 'ClaimLogin', staffId }, context);
    return { loginHash, loginRecordId };
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
