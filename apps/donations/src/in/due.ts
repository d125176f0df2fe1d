import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { uuidV5 } from '#event-store/command-id.js';
import type { CommandContext } from '#event-store/handle.js';
import { localDate } from '#kernel/dates.js';
import type { Clock } from '#platform/clock.js';
import type { DueDate } from '#platform/due-dates/due-date.js';
import { DueDates } from '#platform/due-dates/due-dates.js';
import { CLOCK, SERVICE_DATABASE } from '#platform/tokens.js';
import type { Database } from '#postgres/pool.js';
import { campaignCloses, identityExpires } from '../read/due-dates/due-dates.projection.js';
import { BankDue } from './bank-due.js';
import { Erasures } from './erasures.js';
import { STREAMS, type Streams } from './streams.js';

/**
 * Does what is due: closes campaigns whose window has passed, destroys identities that nothing keeps any more, records
 * donations that bank items turned out to be.
 */
@Injectable()
export class Due implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('donations');
  #dates: DueDates | undefined;

  constructor(
    @Inject(SERVICE_DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(STREAMS) private readonly streams: Streams,
    private readonly erasures: Erasures,
    private readonly bank: BankDue,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.#dates = await DueDates.open({
      service: 'donations',
      database: this.database,
      clock: this.clock,
      send: (due) => this.#send(due),
      onError: ({ rule, stream }) => {
        this.#logger.warn(`${rule} of ${stream} failed and comes again`);
      },
    });
    this.#dates.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#dates?.stop();
  }

  async #send(due: DueDate): Promise<void> {
    if (due.rule === campaignCloses.name) await this.#closeCampaign(due);
    if (due.rule === identityExpires.name) await this.#destroyIdentity(due);
    await this.bank.send(due);
  }

  async #closeCampaign(due: DueDate): Promise<void> {
    const { closesOn: day } = due.payload as { readonly closesOn: string };
    const closesOn = localDate(day);
    await this.streams.campaigns.command(due.stream, { type: 'CloseAfterWindow', closesOn }, contextOf(due));
  }

  async #destroyIdentity(due: DueDate): Promise<void> {
    const { state } = await this.streams.donors.load(due.stream);
    if (state.status === 'none') return;
    await this.erasures.erase(due.stream.slice('donor-'.length), state, contextOf(due));
  }
}

/** The same command however often the due date is sent. */
function contextOf({ rule, eventId }: DueDate): CommandContext {
  const commandId = uuidV5(eventId, rule);
  return { actor: 'service:donations', commandId, correlationId: commandId, afterEventId: eventId };
}
