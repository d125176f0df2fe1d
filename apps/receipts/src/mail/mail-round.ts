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
import { MAIL_SERVER, type MailServer } from './mail-server.js';
import { Postman } from './postman.js';

/** Has the postman carry out every mail when it is due, across restarts and among any number of processes. */
@Injectable()
export class MailRound implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #dueDates: DueDates | undefined;

  constructor(
    @Inject(SERVICE_DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(MAIL_SERVER) private readonly server: MailServer,
    private readonly postman: Postman,
  ) {}

  /** Begins; the read models keep the list of what is due. */
  async onApplicationBootstrap(): Promise<void> {
    const { database, clock } = this;
    this.#dueDates = await DueDates.open({
      ...{ service: 'receipts', database, clock },
      pollMs: 250,
      send: (due) => this.postman.send(due),
      onError: ({ key }, error) => logger.warn(`${key} is tried again: ${nameOf(error)}`),
    });
    this.#dueDates.start();
  }

  /** Finishes the mail in hand. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#dueDates?.stop();
    this.server.close();
  }
}

const logger = new Logger('Mail');

/** Messages of errors may quote an address. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
