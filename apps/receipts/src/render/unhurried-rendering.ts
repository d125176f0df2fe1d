import { setTimeout as delay } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { reasonOf } from '#event-store/handle-errors.js';
import { READ_MODELS, SERVICE_DATABASE } from '#platform/tokens.js';
import { alone } from '#postgres/alone.js';
import type { Database } from '#postgres/pool.js';
import type { ReadModels } from '#read-models/read-models.js';
import { RegisterQuery } from '../read/register/register.query.js';
import { Leisure } from './leisure.js';
import { RenderedReceipts } from './rendered-receipts.js';

/** How many are looked up at a time. */
const pageMax = 50;
/** How often it sees whether the register has moved. */
const pauseMs = 100;
/** It looks again after so long: an engine may be back, and what another process had begun may have ended with it. */
const lookAgainMs = 60_000;
const troubleMs = 1_000;

const logger = new Logger('receipts');

/**
 * Renders the receipts of known payers that no mail waits for, one at a time and only while there is time for it. The
 * register says which they are, so that a restart takes up what is left; any number of processes share them.
 */
@Injectable()
export class UnhurriedRendering implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stopping = new AbortController();
  /** Those tried here that the register does not show as drawn, or not yet: bugs, engines that were away, other processes. */
  #tried = new Set<string>();
  /** Where the register stood when it had nothing more to render. */
  #seen: number | undefined;
  #forgetAt = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(SERVICE_DATABASE) private readonly database: Database,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    private readonly register: RegisterQuery,
    private readonly receipts: RenderedReceipts,
  ) {}

  /** Begins with what an earlier process left. */
  onApplicationBootstrap(): void {
    this.#running = this.run(this.#stopping.signal);
  }

  /** Finishes the receipt in hand. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  private async run(signal: AbortSignal): Promise<void> {
    const leisure = new Leisure(() => this.receipts.isOwing);
    while (!signal.aborted) {
      const pauseMs = await this.look(leisure, signal).catch((error: unknown) => {
        logger.warn(`receipts that no mail waits for are rendered later: ${reasonOf(error)}`);
        return troubleMs;
      });
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Renders some, if the register may have any; how long to wait before the next look, in milliseconds. */
  private async look(leisure: Leisure, signal: AbortSignal): Promise<number> {
    this.forget();
    const position = this.readModels.position('receipts')?.number;
    if (position === this.#seen) return pauseMs;
    const numbers = await this.untried();
    for (const number of numbers) {
      await leisure.found(signal);
      if (signal.aborted) return 0;
      await this.renderAlone(number);
    }
    if (numbers.length === 0) this.#seen = position;
    return numbers.length === 0 ? pauseMs : 0;
  }

  /** Once a minute everything is looked at anew. */
  private forget(): void {
    if (performance.now() < this.#forgetAt) return;
    this.#forgetAt = performance.now() + lookAgainMs;
    this.#tried.clear();
    this.#seen = undefined;
  }

  /** The longest waiting of those that were not tried here yet. */
  private async untried(): Promise<readonly string[]> {
    const numbers = await this.register.unhurried(pageMax + this.#tried.size);
    this.#tried = new Set(numbers.filter((number) => this.#tried.has(number)));
    return numbers.filter((number) => !this.#tried.has(number));
  }

  /** Leaves it to another process that is at it. */
  private async renderAlone(number: string): Promise<void> {
    await alone(this.database, `receipts render ${number}`, async () => {
      this.#tried.add(number);
      await this.receipts.render(number, 'unhurried');
    });
    this.#tried.add(number);
  }
}
