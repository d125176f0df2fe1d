import type { Enrolment, OpenedSession } from '#contracts/access-door.js';
import { dateInZone } from '#kernel/dates.js';
import { instantAfter } from '#kernel/instants.js';
import { DomainRefusal, isDomainRefusal } from '#kernel/refusal.js';
import type { Clock } from '#platform/clock.js';
import type { SignIn } from '#domain/staff/commands.js';
import type { StaffEvent } from '#domain/staff/staff.events.js';
import type { Person, Session, StaffState } from '#domain/staff/staff.state.js';
import { findCredential, secondFactorStanding } from '#domain/staff/standing.policy.js';
import { newId } from '#event-store/command-id.js';
import type { Handled } from '#event-store/handle.js';
import { findPerson, onceBy, personOf, staffStream, type Streams } from '../streams.js';
import { enrolmentOf, newCodeSecret, stepOfCode } from './one-time-codes.js';
import type { Accounts, FoundAccount } from './accounts.js';
import { passwordMatches } from './argon2.js';
import { failingNoSooner } from './even-failures.js';
import { makeSecret } from './secrets.js';
import type { StaffRecords } from './staff-records.js';

/** How long a session lasts: a working day. */
export const sessionMs = 12 * 3_600_000;

/** Longer than it takes to find out that a password is wrong, of somebody or of nobody. */
const failureMs = 300;

/** Which session of whom. */
export interface SessionPlace {
  readonly staffId: string;
  readonly sessionId: string;
}

/** Begins, raises and ends the sessions of people. */
export class Sessions {
  constructor(
    private readonly streams: Streams,
    private readonly records: StaffRecords,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly failsAfterMs = failureMs,
  ) {}

  /**
   * Begins a session; `network` is where it comes from. Throws `access/sign-in-failed` for an unknown name, a wrong
   * password, a locked or suspended account alike, after the same time.
   */
  signIn(login: string, password: string, network?: string): Promise<OpenedSession> {
    return failingNoSooner(this.failsAfterMs, () => this.#signIn(login, password, network));
  }

  async #signIn(login: string, password: string, network: string | undefined): Promise<OpenedSession> {
    const found = await this.accounts.find(login);
    const credentialRecordId = found?.account.credentialRecordId ?? undefined;
    const hashed =
      credentialRecordId === undefined
        ? undefined
        : await this.records.findText(credentialRecordId, { actor: 'system:sign-in', purpose: 'sign-in' });
    const matches = await passwordMatches(password, hashed);
    if (!found || credentialRecordId === undefined) throw new DomainRefusal('access/sign-in-failed');
    const source = network === undefined ? {} : { source: this.records.sourceHash(network) };
    return this.#start(found, { credentialRecordId, matches, ...source });
  }

  /** Raises the session by a one-time code; its secret changes. Throws `access/code-wrong` and what the domain refuses. */
  async giveCode(place: SessionPlace, code: string): Promise<OpenedSession> {
    const { person, session } = await this.#at(place);
    const { confirmed } = person.secondFactor;
    if (!confirmed) throw new DomainRefusal('staff/second-factor-unknown');
    return this.#raise('GiveSecondFactor', person, session, confirmed.secretRecordId, code);
  }

  /** Makes a new secret for codes; it counts once {@link confirm} proved it. */
  async enrol(place: SessionPlace): Promise<Enrolment> {
    const { person, session } = await this.#at(place);
    const codeSecret = newCodeSecret();
    const secretRecordId = newId();
    await this.records.putText(person.staffId, secretRecordId, codeSecret);
    await this.streams.staff.command(
      staffStream(person.staffId),
      { kind: 'EnrolSecondFactor', sessionId: session.sessionId, secretRecordId, now: this.#now() },
      onceBy(`staff:${person.staffId}`),
    );
    const contacts = await this.records.contacts([person.contactRecordId], {
      actor: `staff:${person.staffId}`,
      purpose: 'second factor enrolled',
    });
    return enrolmentOf(codeSecret, contacts.get(person.contactRecordId)?.email ?? person.staffId);
  }

  /** Proves the new secret by a first code. */
  async confirm(place: SessionPlace, code: string): Promise<OpenedSession> {
    const { person, session } = await this.#at(place);
    const { pendingRecordId } = person.secondFactor;
    if (pendingRecordId === null) throw new DomainRefusal('staff/second-factor-unknown');
    return this.#raise('ConfirmSecondFactor', person, session, pendingRecordId, code);
  }

  /** Ends one of a person's sessions; one that has ended is a no-op. */
  async end({ staffId, sessionId }: SessionPlace): Promise<void> {
    await this.streams.staff.command(
      staffStream(staffId),
      { kind: 'EndSession', sessionId },
      onceBy(`staff:${staffId}`),
    );
  }

  async #start(
    { person, accountId }: FoundAccount,
    tried: Pick<SignIn, 'credentialRecordId' | 'matches' | 'source'>,
  ): Promise<OpenedSession> {
    const { staffId } = person;
    const now = this.#now();
    const { secret, hash: tokenHash } = makeSecret('session', staffId);
    const sessionId = newId();
    const expiresAt = instantAfter(now, sessionMs);
    const session = { sessionId, tokenHash, now, expiresAt };
    const handled = await this.streams.staff
      .command(
        staffStream(staffId),
        { kind: 'SignIn', accountId, ...tried, ...session },
        onceBy(tried.matches ? `staff:${staffId}` : 'system:sign-in'),
      )
      .catch((error: unknown) => {
        throw isDomainRefusal(error) ? new DomainRefusal('access/sign-in-failed') : error;
      });
    if (hasFailed(handled)) throw new DomainRefusal('access/sign-in-failed');
    return this.#opened(personOf(handled), secret, tokenHash, expiresAt);
  }

  async #raise(
    kind: 'GiveSecondFactor' | 'ConfirmSecondFactor',
    person: Person,
    session: Session,
    secretRecordId: string,
    code: string,
  ): Promise<OpenedSession> {
    const { staffId } = person;
    const reading = { actor: `staff:${staffId}`, purpose: 'one-time code checked' } as const;
    const codeSecret = await this.records.findText(secretRecordId, reading);
    const step = codeSecret === undefined ? undefined : stepOfCode(codeSecret, code, this.clock.now());
    const { secret, hash: tokenHash } = makeSecret('session', staffId);
    const handled = await this.streams.staff.command(
      staffStream(staffId),
      { kind, sessionId: session.sessionId, secretRecordId, step, tokenHash, now: this.#now() },
      onceBy(`staff:${staffId}`),
    );
    if (hasFailed(handled)) throw new DomainRefusal('access/code-wrong');
    return this.#opened(personOf(handled), secret, tokenHash, session.expiresAt);
  }

  #opened(person: Person, secret: string, tokenHash: string, expiresAt: string): OpenedSession {
    const now = this.#now();
    const credential = findCredential(person, tokenHash, now);
    if (!credential) throw new DomainRefusal('staff/session-ended');
    return { secret, expiresAt, secondFactor: secondFactorStanding(person, credential, dateInZone(now)) };
  }

  async #at({ staffId, sessionId }: SessionPlace): Promise<{ person: Person; session: Session }> {
    const person = await findPerson(this.streams, staffId);
    const session = person?.sessions[sessionId];
    if (!person || !session) throw new DomainRefusal('staff/session-ended');
    return { person, session };
  }

  #now(): string {
    return this.clock.now().toISOString();
  }
}

function hasFailed(handled: Handled<StaffState, StaffEvent>): boolean {
  return handled.events.some((event) => event.type === 'SignInFailed');
}
