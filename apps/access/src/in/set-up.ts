import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FirstAdministrator, OpenedSession } from '#contracts/access-door.js';
import { normalisedLogin } from '#domain/staff/password.policy.js';
import { newId } from '#event-store/command-id.js';
import { dateInZone } from '#kernel/dates.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Clock } from '#platform/clock.js';
import { findPerson, onceBy, staffStream, type Streams } from '../streams.js';
import type { Accounts } from './accounts.js';
import type { Passwords } from './passwords.js';
import type { Sessions } from './sessions.js';
import { StaffRecords } from './staff-records.js';

/** The first administrator's id in every installation: because the stream has one first event, there is only one. */
export const firstStaffId = '0a7d2f4c-9f63-4f0e-8b55-6d2e1c3b4a59';

/** Makes the first administrator, once, for whoever can read the console of the machine. */
export class SetUp {
  #linkHash: Buffer | undefined;

  constructor(
    private readonly streams: Streams,
    private readonly records: StaffRecords,
    private readonly people: {
      readonly accounts: Accounts;
      readonly passwords: Passwords;
      readonly sessions: Sessions;
    },
    private readonly clock: Clock,
  ) {}

  /**
   * Where there is no staff yet, a one-time path such as `/setup?link=…` to print; undefined later. Only its hash is
   * kept, in memory: it works until it is used, until the next call, or until the process ends.
   */
  async linkAtBoot(): Promise<string | undefined> {
    this.#linkHash = undefined;
    if (await findPerson(this.streams, firstStaffId)) return undefined;
    const secret = randomBytes(32).toString('base64url');
    this.#linkHash = sha256(secret);
    return `/setup?link=${secret}`;
  }

  /** Whether this link works now. */
  isOpen(link: string): boolean {
    return this.#linkHash !== undefined && timingSafeEqual(sha256(link), this.#linkHash);
  }

  /**
   * Registers the first administrator and signs in. Throws `access/set-up-closed`, `access/password-weak`,
   * `access/login-malformed`.
   */
  async complete(link: string, first: FirstAdministrator): Promise<OpenedSession> {
    if (!this.isOpen(link)) throw new DomainRefusal('access/set-up-closed');
    const context = onceBy('system:set-up');
    const { accounts, passwords, sessions } = this.people;
    const login = normalisedLogin(first.login);
    if (login === undefined) throw new DomainRefusal('access/login-malformed');
    const credentialRecordId = await passwords.keep(firstStaffId, login, first.password, context);
    const claimed = await accounts.claim(firstStaffId, login, context);
    const contactRecordId = StaffRecords.idOf(context, 'contact');
    const { name, email } = first;
    await this.records.putContact(firstStaffId, contactRecordId, { name, email });
    const today = dateInZone(this.clock.now().toISOString());
    const ids = { staffId: firstStaffId, accountId: firstStaffId, grantId: newId() };
    await this.streams.staff.command(
      staffStream(firstStaffId),
      {
        kind: 'RegisterFirstAdministrator',
        ...ids,
        ...claimed,
        contactRecordId,
        credentialRecordId,
        today,
      },
      context,
    );
    this.#linkHash = undefined;
    return sessions.signIn(login, first.password);
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
