import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { accessDoor, type AccessDoor } from '#contracts/access-door.js';
import { inboxDoor, type InboxDoor } from '#contracts/inbox-door.js';
import type { Clock } from '#platform/clock.js';
import { remoteDoor } from '#platform/doors/remote-door.js';
import type { KnownKeys, Signer } from '#platform/keys/key-pairs.js';
import type { RefusalAnswer } from '#platform/http/refusals.js';
import { ACCESS_DOOR, CLOCK, INBOX_DOOR, KNOWN_KEYS, SERVICES, SIGNER } from '#platform/tokens.js';
import { gatewayService } from '../gateway.module.js';
import { OTHER_PROBLEMS } from '../pages/problems.controller.js';
import { GatewayHealthController } from './health.controller.js';
import { GatheredOperationsController } from './operations.controller.js';
import { Upstreams, type Upstream } from './upstreams.js';

/** What a gateway that runs by itself works with. */
export interface ApartGateway {
  readonly upstreams: Upstreams;
  /** The access service. */
  readonly access: Upstream;
  /** The receipts service, in which the local mailbox is. */
  readonly receipts: Upstream;
  readonly signer: Signer;
  /** By which the gateway knows its own word again. */
  readonly known: KnownKeys;
  readonly clock: Clock;
}

/** Stands in for the services that are elsewhere: their doors over HTTP, and what they are asked together. */
@Global()
@Module({})
export class ApartModule {
  /** The module for these services. */
  static with({ upstreams, access, receipts, known, signer, clock }: ApartGateway): DynamicModule {
    const asking = { signer, clock };
    const providers: Provider[] = [
      { provide: Upstreams, useValue: upstreams },
      { provide: CLOCK, useValue: clock },
      { provide: SIGNER, useValue: signer },
      { provide: KNOWN_KEYS, useValue: known },
      { provide: SERVICES, useValue: [gatewayService] },
      { provide: ACCESS_DOOR, useValue: remoteDoor<AccessDoor>(accessDoor, { ...asking, url: access.url }) },
      { provide: INBOX_DOOR, useValue: remoteDoor<InboxDoor>(inboxDoor, { ...asking, url: receipts.url }) },
      {
        provide: OTHER_PROBLEMS,
        useValue: (code: string): RefusalAnswer | undefined => upstreams.problem(code),
      },
    ];
    return {
      module: ApartModule,
      controllers: [GatewayHealthController, GatheredOperationsController],
      providers,
      exports: providers,
    };
  }
}
