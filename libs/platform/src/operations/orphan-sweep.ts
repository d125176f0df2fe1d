import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { EventStore } from '#event-store/event-store.js';
import type { ReadModels } from '#read-models/read-models.js';
import type { Vault } from '#vault/vault.js';
import { EVENT_STORE, READ_MODELS, VAULT } from '../tokens.js';

/** Those of the vault records that events of one service name, as far as its tables stand. */
export type NamedRecords = (recordIds: readonly string[]) => Promise<ReadonlySet<string>>;

/** Who names records of a kind: where one of them does not run in this process, nothing of that kind is swept here. */
const namers = { donors: ['donations', 'receipts'], staff: ['access'], books: ['ledger'] } as const;

/** A kind of record that orphans are swept of. */
export type SweptKind = keyof typeof namers;

const everyMs = 3_600_000;
const olderThanMs = 24 * 3_600_000;
const levelWithinMs = 10_000;

/**
 * Deletes what commands that were refused have left in the vault: records a day old that no event names. Before it asks,
 * the tables of every service that names such records must have taken in all that is recorded.
 */
@Injectable()
export class OrphanSweep implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #named = new Map<SweptKind, Map<string, NamedRecords>>();
  readonly #logger = new Logger('vault');
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
  ) {}

  /** Tells which records of a kind a service's events name. */
  register(kind: SweptKind, service: string, named: NamedRecords): void {
    this.#named.set(kind, (this.#named.get(kind) ?? new Map<string, NamedRecords>()).set(service, named));
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#sweeping = this.sweep().catch((error: unknown) => {
        this.#logger.warn(
          `orphans are swept later: ${error instanceof Error ? error.name : 'unknown error'}`,
        );
      });
    }, everyMs);
    this.#timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  /** Sweeps every kind whose namers all run here; the number of records deleted. Throws `NotReached` where tables lag. */
  async sweep(olderThan = olderThanMs): Promise<number> {
    let swept = 0;
    for (const kind of ['donors', 'staff', 'books'] as const) swept += await this.#sweepKind(kind, olderThan);
    return swept;
  }

  async #sweepKind(kind: SweptKind, olderThan: number): Promise<number> {
    const registered = this.#named.get(kind) ?? new Map<string, NamedRecords>();
    if (!namers[kind].every((service) => registered.has(service))) return 0;
    const head = await this.store.head();
    if (head)
      for (const service of registered.keys())
        await this.readModels.waitFor(service, head.position, levelWithinMs);
    return this.vault.room(kind).sweep(olderThan, async (recordIds) => {
      const answers = await Promise.all([...registered.values()].map((named) => named(recordIds)));
      return new Set(answers.flatMap((answer) => [...answer]));
    });
  }
}
