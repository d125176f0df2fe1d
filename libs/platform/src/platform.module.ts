import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { EventStore } from '#event-store/event-store.js';
import type { SnapshotStore } from '#event-store/snapshots.js';
import type { Messaging } from '#messaging/messaging.js';
import type { Database } from '#postgres/pool.js';
import type { ReadModels } from '#read-models/read-models.js';
import type { Vault } from '#vault/vault.js';
import type { Clock } from './clock.js';
import type { KnownKeys, Signer } from './keys/key-pairs.js';
import type { Service } from './service.js';
import type { Admission } from './transport/admission.js';
import type { Lags } from './transport/lags.js';
import {
  ADMISSION,
  CLOCK,
  DIGEST_KEY,
  EVENT_STORE,
  KNOWN_KEYS,
  LAGS,
  MESSAGING,
  READ_DATABASE,
  READ_MODELS,
  SERVICES,
  SERVICE_DATABASE,
  SIGNER,
  SNAPSHOTS,
  STORE_TIME,
  VAULT,
} from './tokens.js';

/** The adapters that a process has picked, opened and ready. */
export interface Platform {
  readonly services: readonly Service[];
  readonly store: EventStore;
  readonly snapshots: SnapshotStore;
  readonly messaging: Messaging;
  /** How far behind those are who consume and publish here. */
  readonly lags: Lags;
  /** Keeps out what would add to topics whose followers are too far behind. */
  readonly admission: Admission;
  readonly clock: Clock;
  readonly vault: Vault;
  /** Pool on the services' database, for tables of their own beside the projections. */
  readonly database: Database;
  /** What the clock that events are stamped by shows; rejects where the store does not answer. */
  readonly storeTime: () => Promise<Date>;
  readonly readDatabase: DataSource;
  readonly readModels: ReadModels;
  /** Keys the digests of command bodies; the same after a restart. */
  readonly digestKey: Uint8Array;
  /** By what the process knows the gateway, and services that ask its doors. */
  readonly known: KnownKeys;
  /** Signs who is asking, where the gateway is in this process. */
  readonly signer?: Signer;
}

/** Gives every service of the process the adapters by their tokens. */
@Module({})
export class PlatformModule {
  /** The module around opened adapters; it closes none of them. */
  static with(platform: Platform): DynamicModule {
    const providers: Provider[] = [
      { provide: SERVICES, useValue: platform.services },
      { provide: EVENT_STORE, useValue: platform.store },
      { provide: SNAPSHOTS, useValue: platform.snapshots },
      { provide: MESSAGING, useValue: platform.messaging },
      { provide: LAGS, useValue: platform.lags },
      { provide: ADMISSION, useValue: platform.admission },
      { provide: CLOCK, useValue: platform.clock },
      { provide: VAULT, useValue: platform.vault },
      { provide: SERVICE_DATABASE, useValue: platform.database },
      { provide: STORE_TIME, useValue: platform.storeTime },
      { provide: READ_DATABASE, useValue: platform.readDatabase },
      { provide: READ_MODELS, useValue: platform.readModels },
      { provide: DIGEST_KEY, useValue: platform.digestKey },
      { provide: KNOWN_KEYS, useValue: platform.known },
      { provide: SIGNER, useValue: platform.signer },
    ];
    return { module: PlatformModule, global: true, providers, exports: providers };
  }
}
