import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { accessDoor, type AccessDoor } from '#contracts/access-door.js';
import { inboxDoor, type InboxDoor } from '#contracts/inbox-door.js';
import type { Clock } from '#platform/clock.js';
import { remoteDoor } from '#platform/doors/remote-door.js';
import type { RefusalAnswer } from '#platform/http/refusals.js';
import { ACCESS_DOOR, CLOCK, CONTEXT_KEY, INBOX_DOOR, SERVICES } from '#platform/tokens.js';
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
  readonly contextKey: Uint8Array;
  readonly clock: Clock;
}

/** Stands in for the services that are elsewhere: their doors over HTTP, and what they are asked together. */
@Global()
@Module({})
export class ApartModule {
  /** The module for these services. */
  static with({ upstreams, access, receipts, contextKey: key, clock }: ApartGateway): DynamicModule {
    const asking = { asking: 'gateway', key, clock };
    const providers: Provider[] = [
      { provide: Upstreams, useValue: upstreams },
      { provide: CLOCK, useValue: clock },
      { provide: CONTEXT_KEY, useValue: key },
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
