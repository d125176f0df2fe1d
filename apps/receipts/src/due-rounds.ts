import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Clock } from '#platform/clock.js';
import { DueDates } from '#platform/due-dates/due-dates.js';
import { CLOCK, SERVICE_DATABASE } from '#platform/tokens.js';
import type { Database } from '#postgres/pool.js';
import { mailDue } from './mail/due-mails.js';
import { Postman } from './mail/postman.js';
import { RenderedReceipts } from './render/rendered-receipts.js';

/** Has mails sent and drawings tried again when they are due, across restarts and among any number of processes. */
@Injectable()
export class DueRounds implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #dueDates: DueDates | undefined;

  constructor(
    @Inject(SERVICE_DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly postman: Postman,
    private readonly receipts: RenderedReceipts,
  ) {}

  /** Begins; the read models keep the list of what is due. */
  async onApplicationBootstrap(): Promise<void> {
    const { database, clock } = this;
    this.#dueDates = await DueDates.open({
      ...{ service: 'receipts', database, clock },
      pollMs: 250,
      // A drawing that fails again is recorded and sets the next date.
      send: (due) =>
        due.rule === mailDue.name ? this.postman.send(due) : this.receipts.render(due.key, 'owed'),
      onError: ({ key }, error) => logger.warn(`${key} is tried again: ${nameOf(error)}`),
    });
    this.#dueDates.start();
  }

  /** Finishes the one in hand. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#dueDates?.stop();
  }
}

const logger = new Logger('receipts');

/** Messages of errors may quote an address. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
