import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { receiptIssuedV1, receiptsTopic } from '#contracts/receipts.v1.js';
import { reasonOf } from '#event-store/handle-errors.js';
import type { Message } from '#kernel/message.js';
import type { Consumer, Messaging } from '#messaging/messaging.js';
import { MESSAGING, READ_MODELS } from '#platform/tokens.js';
import { ConsumerDesk } from '#platform/transport/consumer-desk.js';
import type { ReadModels } from '#read-models/read-models.js';
import { RegisterQuery, registerTables } from '../read/register/register.query.js';
import { RenderedReceipts } from './rendered-receipts.js';

/** How long the register may take to show what was just issued, in milliseconds. */
const patienceMs = 10_000;
const group = 'receipts-render';

const logger = new Logger('receipts');

/**
 * Renders receipts that are to be mailed as they are issued, behind the numbering and at its own pace: a consumer of our
 * own topic in a group of its own. Those that no mail waits for are left to `UnhurriedRendering`. A receipt that fails holds up no other: its failure stands on the receipt, which is
 * tried again when it is due. A consumer that cannot go on at all is shown at the consumer desk.
 */
@Injectable()
export class EagerRendering implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stopping = new AbortController();
  readonly #stops = new Map<string, string>();
  #consumer: Consumer | undefined;

  constructor(
    @Inject(MESSAGING) private readonly messaging: Messaging,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    private readonly register: RegisterQuery,
    private readonly receipts: RenderedReceipts,
    private readonly desk: ConsumerDesk,
  ) {}

  /** Joins its group. */
  async onApplicationBootstrap(): Promise<void> {
    this.desk.register(group, {
      // Nothing is ever held: what fails for good is recorded on its receipt.
      held: () => Promise.resolve([]),
      release: () => Promise.resolve({ released: 0, waiting: 0, failure: undefined }),
      stopped: () => this.#stops,
    });
    this.#consumer = await this.messaging.consume({
      group,
      topic: receiptsTopic,
      handle: (messages) => this.handle(messages),
      onStopped: (cause) => {
        this.#stops.set(receiptsTopic, reasonOf(cause));
        logger.error(`${group} <- ${receiptsTopic} cannot go on: ${reasonOf(cause)}`);
      },
    });
  }

  /** Finishes the receipt in hand; what else was taken comes again. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#consumer?.stop();
  }

  /** Most receipts of a large import go to nobody, so the register is asked for all of them at once. */
  private async handle(messages: readonly Message[]): Promise<void> {
    const issued = messages.filter(({ type }) => type === 'ReceiptIssued.v1');
    const last = issued.at(-1);
    if (!last) return;
    await this.readModels.waitFor('receipts', last.position, patienceMs, registerTables);
    const numbers = issued.map(({ data }) => receiptIssuedV1.parse(data).number);
    const unrendered = await this.register.unrendered(numbers);
    const owed = numbers.filter((one) => unrendered.has(one));
    await this.receipts.renderOwed(owed, this.#stopping.signal);
  }
}
