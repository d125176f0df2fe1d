import { Logger, type OnModuleDestroy } from '@nestjs/common';
import type {
  AccessDoor,
  Enrolment,
  FirstAdministrator,
  OpenedSession,
  Profile,
  Standing,
} from '#contracts/access-door.js';
import {
  findCredential,
  grantsCarried,
  secondFactorStanding,
  type Credential,
  type StandingGrant,
} from '#domain/staff/standing.policy.js';
import { dateInZone } from '#kernel/dates.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller, GrantInForce } from '#kernel/roles.js';
import type { Clock } from '#platform/clock.js';
import type { Person } from '#domain/staff/staff.state.js';
import { findPerson, type Streams } from '../streams.js';
import type { FundTree } from '../read/fund/fund.query.js';
import { LinkRequests } from './link-requests.js';
import { Lineage } from './lineage.js';
import type { Passwords } from './passwords.js';
import { readSecret } from './secrets.js';
import type { SessionPlace, Sessions } from './sessions.js';
import type { SetUp } from './set-up.js';
import type { StaffRecords } from './staff-records.js';

/** What the door leads to. */
export interface Behind {
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly setUp: SetUp;
  readonly records: StaffRecords;
}

/**
 * The access service for a gateway in the same process. Who asks is found in the person's own stream and not in a read
 * model, so that what was revoked a moment ago no longer counts.
 */
export class InProcessAccessDoor implements AccessDoor, OnModuleDestroy {
  readonly #logger = new Logger('access');
  readonly #lineage: Lineage;
  readonly #requests: LinkRequests;

  constructor(
    private readonly streams: Streams,
    private readonly behind: Behind,
    private readonly funds: FundTree,
    private readonly clock: Clock,
  ) {
    this.#lineage = new Lineage(streams, clock);
    this.#requests = new LinkRequests(
      (login) => behind.passwords.requestLink(login),
      (error) => this.#logger.warn(`a request for a link was not recorded: ${String(error)}`),
    );
  }

  async authenticate(secret: string): Promise<Standing | undefined> {
    const found = await this.#find(secret);
    if (!found) return undefined;
    const { person, credential, today } = found;
    const secondFactor = secondFactorStanding(person, credential, today);
    const carried = secondFactor === 'asked' ? [] : grantsCarried(person, credential, today);
    const { id, expiresAt } = described(credential);
    const enabledBy = await this.#lineage.enabledBy(person, credential);
    const caller: Caller = {
      staffId: person.staffId,
      grants: scoped(await this.#filledIn(carried), credential),
      secondFactor: secondFactor === 'given',
      ...(enabledBy.length > 0 && { enabledBy }),
      credential: { kind: credential.kind, id },
    };
    return { caller, secondFactor, expiresAt };
  }

  async profile(secret: string): Promise<Profile | undefined> {
    const found = await this.#find(secret);
    if (!found) return undefined;
    const { contactRecordId, staffId } = found.person;
    const reading = { actor: `staff:${staffId}`, purpose: 'own profile shown' } as const;
    const contacts = await this.behind.records.contacts([contactRecordId], reading);
    const grants = grantsCarried(found.person, found.credential, found.today).map(held);
    return { name: contacts.get(contactRecordId)?.name ?? '', grants };
  }

  async isSetUpOpen(link: string): Promise<boolean> {
    return Promise.resolve(this.behind.setUp.isOpen(link));
  }

  setUp(link: string, first: FirstAdministrator): Promise<OpenedSession> {
    return this.behind.setUp.complete(link, first);
  }

  signIn(login: string, password: string, network?: string): Promise<OpenedSession> {
    return this.behind.sessions.signIn(login, password, network);
  }

  async giveCode(secret: string, code: string): Promise<OpenedSession> {
    return this.behind.sessions.giveCode(await this.#place(secret), code);
  }

  async enrol(secret: string): Promise<Enrolment> {
    return this.behind.sessions.enrol(await this.#place(secret));
  }

  async confirm(secret: string, code: string): Promise<OpenedSession> {
    return this.behind.sessions.confirm(await this.#place(secret), code);
  }

  async signOut(secret: string): Promise<void> {
    const found = await this.#find(secret);
    if (found?.credential.kind !== 'session') return;
    const { sessionId } = found.credential.session;
    await this.behind.sessions.end({ staffId: found.person.staffId, sessionId });
  }

  async isLinkOpen(link: string): Promise<boolean> {
    return (await this.behind.passwords.findByLink(link)) !== undefined;
  }

  setPassword(link: string, password: string): Promise<void> {
    return this.behind.passwords.setByLink(link, password);
  }

  requestLink(login: string): Promise<void> {
    this.#requests.take(login);
    return Promise.resolve();
  }

  /** Does what was asked for before. */
  onModuleDestroy(): Promise<void> {
    return this.#requests.settled();
  }

  async #find(
    secret: string,
  ): Promise<
    { readonly person: Person; readonly credential: Credential; readonly today: string } | undefined
  > {
    const read = readSecret(secret, 'session', 'token');
    const person = read && (await findPerson(this.streams, read.staffId));
    const now = this.clock.now().toISOString();
    const credential = person && findCredential(person, read.hash, now);
    return credential && { person, credential, today: dateInZone(now) };
  }

  async #place(secret: string): Promise<SessionPlace> {
    const found = await this.#find(secret);
    if (found?.credential.kind !== 'session') throw new DomainRefusal('staff/session-ended');
    return { staffId: found.person.staffId, sessionId: found.credential.session.sessionId };
  }

  async #filledIn(grants: readonly StandingGrant[]): Promise<readonly GrantInForce[]> {
    const above = grants.filter(({ below }) => below).map(({ fundId }) => fundId);
    const under = await this.funds.under(above);
    return grants.flatMap((grant) => {
      const covered = grant.below ? (under.get(grant.fundId) ?? []) : [];
      return [held(grant), ...covered.map((fundId) => ({ role: grant.role, fundId }))];
    });
  }
}

function held({ role, fundId, below }: StandingGrant): GrantInForce {
  return { role, fundId, ...(below && { below }) };
}

function described(credential: Credential): { readonly id: string; readonly expiresAt: string } {
  return credential.kind === 'session'
    ? { id: credential.session.sessionId, expiresAt: credential.session.expiresAt }
    : { id: credential.token.tokenId, expiresAt: credential.token.expiresAt };
}

/** A token for one fund carries what holds on that fund, and nothing of the others. */
function scoped(grants: readonly GrantInForce[], credential: Credential): readonly GrantInForce[] {
  const fundId = credential.kind === 'token' ? credential.token.fundId : null;
  if (fundId === null) return grants;
  return grants
    .filter((grant) => grant.fundId === fundId || grant.fundId === '*')
    .map(({ role }) => ({ role, fundId }));
}
