import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Clock } from '#platform/clock.js';
import type { DueDate } from '#platform/due-dates/due-date.js';
import { DueDates } from '#platform/due-dates/due-dates.js';
import { CLOCK, SERVICE_DATABASE } from '#platform/tokens.js';
import type { Database } from '#postgres/pool.js';
import { IssuedReceipts } from './issued-receipts.js';
import { mailDue } from './mail/due-mails.js';
import { Postman } from './mail/postman.js';
import { DrawingFailed } from './render/pdf-press.js';
import { Renderer } from './render/renderer.js';

/** Has mails sent and drawings tried again when they are due, across restarts and among any number of processes. */
@Injectable()
export class DueRounds implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #dueDates: DueDates | undefined;

  constructor(
    @Inject(SERVICE_DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly postman: Postman,
    private readonly issuedReceipts: IssuedReceipts,
    private readonly renderer: Renderer,
  ) {}

  /** Begins; the read models keep the list of what is due. */
  async onApplicationBootstrap(): Promise<void> {
    const { database, clock } = this;
    this.#dueDates = await DueDates.open({
      ...{ service: 'receipts', database, clock },
      pollMs: 250,
      send: (due) => (due.rule === mailDue.name ? this.postman.send(due) : this.redraw(due)),
      onError: ({ key }, error) => logger.warn(`${key} is tried again: ${nameOf(error)}`),
    });
    this.#dueDates.start();
  }

  /** Finishes the one in hand. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#dueDates?.stop();
  }

  /** A further failure is recorded and sets the next date. */
  private async redraw({ key: number }: DueDate): Promise<void> {
    const receipt = await this.issuedReceipts.find(number);
    if (!receipt) return;
    try {
      await this.renderer.render(receipt);
    } catch (error) {
      if (!(error instanceof DrawingFailed)) throw error;
    }
  }
}

const logger = new Logger('receipts');

/** Messages of errors may quote an address. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
