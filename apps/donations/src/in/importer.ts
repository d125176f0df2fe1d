import { setTimeout as delay } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { reasonOf } from '#event-store/handle-errors.js';
import { SERVICE_DATABASE } from '#platform/tokens.js';
import { alone } from '#postgres/alone.js';
import type { Database } from '#postgres/pool.js';
import { StatementQuery } from '../read/statement/statement.query.js';
import { StatementImport } from './statement-import.js';

/** How often it looks by itself, in milliseconds; it is told of what is confirmed in this process. */
const pollMs = 1_000;
const retryMsMax = 60_000;

interface Trouble {
  readonly pauseMs: number;
  readonly untilMs: number;
}

/**
 * Has every confirmed statement imported, across restarts and among any number of processes: one that dies half-way lets
 * go of its lock, and whoever looks next goes on. A statement that fails is tried again, and others go on meanwhile.
 */
@Injectable()
export class Importer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('donations');
  readonly #stopping = new AbortController();
  readonly #confirmed = new Set<string>();
  readonly #troubles = new Map<string, Trouble>();
  #running: Promise<void> = Promise.resolve();
  #wake = new AbortController();

  constructor(
    @Inject(SERVICE_DATABASE) private readonly database: Database,
    private readonly statements: StatementQuery,
    private readonly work: StatementImport,
  ) {}

  /** Begins to look for statements. */
  onApplicationBootstrap(): void {
    this.#running = this.#run(this.#stopping.signal);
  }

  /** Finishes the rows in hand; the rest is recorded after the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    this.#wake.abort();
    await this.#running;
  }

  /** Takes a statement up that was confirmed just now, before any table shows it. */
  begin(statementId: string): void {
    this.#confirmed.add(statementId);
    this.#wake.abort();
  }

  async #run(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      this.#wake = new AbortController();
      await this.#round(stopping).catch((error: unknown) => {
        this.#logger.warn(`confirmed statements are not found: ${reasonOf(error)}`);
      });
      await delay(pollMs, undefined, { signal: this.#wake.signal }).catch(() => undefined);
    }
  }

  async #round(stopping: AbortSignal): Promise<void> {
    const told = [...this.#confirmed];
    this.#confirmed.clear();
    const found = await this.statements.confirmed();
    for (const statementId of new Set([...told, ...found.map(({ statement_id }) => statement_id)])) {
      if (stopping.aborted) return;
      if (performance.now() < (this.#troubles.get(statementId)?.untilMs ?? 0)) continue;
      await this.#import(statementId, stopping);
    }
  }

  async #import(statementId: string, stopping: AbortSignal): Promise<void> {
    try {
      await alone(this.database, `donations statement ${statementId}`, () =>
        this.work.run(statementId, stopping),
      );
      this.#troubles.delete(statementId);
    } catch (error) {
      if (stopping.aborted) return;
      const pauseMs = Math.min((this.#troubles.get(statementId)?.pauseMs ?? 500) * 2, retryMsMax);
      this.#troubles.set(statementId, { pauseMs, untilMs: performance.now() + pauseMs });
      this.#logger.warn(`statement ${statementId} is not imported and comes again: ${reasonOf(error)}`);
    }
  }
}
