import { Global, Module, type INestApplicationContext } from '@nestjs/common';
import { accessDoor } from '#contracts/access-door.js';
import { ledgerContracts, ledgerTopic } from '#contracts/ledger.v1.js';
import type { EventStore } from '#event-store/event-store.js';
import type { SnapshotStore } from '#event-store/snapshots.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import type { Clock } from '#platform/clock.js';
import type { RefusalAnswers } from '#platform/http/refusals.js';
import type { Platform } from '#platform/platform.module.js';
import type { Service } from '#platform/service.js';
import { ACCESS_DOOR, CLOCK, EVENT_STORE, SNAPSHOTS, VAULT } from '#platform/tokens.js';
import type { Vault } from '#vault/vault.js';
import { ACCESS, accessOver, type Access } from './access.js';
import { accessAnswers } from './in/access-answers.http.js';
import { AccountsController } from './in/accounts.controller.js';
import { InProcessAccessDoor } from './in/door.js';
import { DoorsController } from './in/doors.controller.js';
import { FundsSubscription } from './in/funds.subscription.js';
import { GrantsController } from './in/grants.controller.js';
import { Operations } from './in/operations.js';
import { OwnController } from './in/own.controller.js';
import { recoverAccess, type RecoveryLink } from './in/recovery.js';
import { SetUp } from './in/set-up.js';
import { StaffController } from './in/staff.controller.js';
import { TokensController } from './in/tokens.controller.js';
import { accessPublisher } from './out/access.publisher.js';
import { fundProjection } from './read/fund/fund.projection.js';
import { FundTreeQuery } from './read/fund/fund.query.js';
import { namedRecordProjection } from './read/named-record/named-record.projection.js';
import { NamedRecordQuery } from './read/named-record/named-record.query.js';
import { staffProjection } from './read/staff/staff.projection.js';
import { StaffQuery } from './read/staff/staff.query.js';

/** The access service: who may do what. Exports the door for a gateway in the same process, and {@link SetUp}. */
@Global()
@Module({
  controllers: [
    DoorsController,
    OwnController,
    TokensController,
    StaffController,
    GrantsController,
    AccountsController,
    FundsSubscription,
  ],
  providers: [
    {
      provide: ACCESS,
      inject: [EVENT_STORE, VAULT, CLOCK, SNAPSHOTS],
      useFactory: (store: EventStore, vault: Vault, clock: Clock, snapshots: SnapshotStore): Access =>
        accessOver(store, vault.room('staff'), clock, { snapshots }),
    },
    {
      provide: ACCESS_DOOR,
      inject: [ACCESS, FundTreeQuery],
      useFactory: (access: Access, funds: FundTreeQuery) =>
        new InProcessAccessDoor(access.streams, access, funds, access.clock),
    },
    { provide: SetUp, inject: [ACCESS], useFactory: ({ setUp }: Access) => setUp },
    ...[FundTreeQuery, StaffQuery, NamedRecordQuery, Operations],
  ],
  exports: [ACCESS_DOOR, SetUp],
})
export class AccessModule {}

/** Path of the page that makes the first administrator, to be shown on the console; undefined once there is one. */
export function setUpPath(app: INestApplicationContext): Promise<string | undefined> {
  return app.get(SetUp, { strict: false }).linkAtBoot();
}

/** What comes of recovering an administrator's access: the link, or why there is none, in one sentence each language. */
export type Recovery =
  | ({ readonly outcome: 'recovered' } & RecoveryLink)
  | { readonly outcome: 'refused'; readonly code: string; readonly vi: string; readonly en: string };

/** Makes a one-time link for an administrator who has no way in any more, for whoever holds the machine. */
export async function recoverAdministrator(
  { store, vault, clock, snapshots }: Platform,
  login: string,
): Promise<Recovery> {
  const access = accessOver(store, vault.room('staff'), clock, { snapshots });
  try {
    return { outcome: 'recovered', ...(await recoverAccess(access, login)) };
  } catch (error) {
    const answers: RefusalAnswers<string> = accessAnswers;
    const answer = isDomainRefusal(error) ? answers[error.code] : undefined;
    if (!isDomainRefusal(error) || !answer) throw error;
    return { outcome: 'refused', code: error.code, vi: answer.vi, en: answer.en };
  }
}

/** The service as both ways to run know it. */
export const accessService: Service = {
  name: 'access',
  module: AccessModule,
  publishers: [accessPublisher],
  streams: ['staff-', 'login-'],
  knows: { [ledgerTopic]: Object.keys(ledgerContracts) },
  rooms: ['staff'],
  projections: [staffProjection, namedRecordProjection, fundProjection],
  doors: [{ ...accessDoor, token: ACCESS_DOOR, askedBy: ['gateway'] }],
};
