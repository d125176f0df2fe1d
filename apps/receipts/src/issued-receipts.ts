import { Inject, Injectable } from '@nestjs/common';
import type { ReceiptIssued } from '#domain/receipt-book/receipt-book.events.js';
import type { EventStore } from '#event-store/event-store.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { EVENT_STORE, READ_MODELS } from '#platform/tokens.js';
import { NotReached } from '#read-models/standings.js';
import type { ReadModels } from '#read-models/read-models.js';
import { RegisterQuery, registerTables, type RegisteredReceipt } from './read/register/register.query.js';
import { bookStreamOf } from './streams.js';

/** How long a number that the register does not show may be on its way there, in milliseconds. */
const patienceMs = 2_000;

/** A receipt as the register has it, and the event that gave it its number. */
export interface IssuedReceipt {
  readonly registered: RegisteredReceipt;
  readonly issued: RecordedEvent<ReceiptIssued>;
}

/** Finds receipts by their number. */
@Injectable()
export class IssuedReceipts {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    private readonly register: RegisterQuery,
  ) {}

  /** The receipt as of now at least: a number that was given before the call is found. Undefined for no number of ours. */
  async find(number: string): Promise<IssuedReceipt | undefined> {
    const registered = (await this.register.find(number)) ?? (await this.findLate(number));
    return registered && { registered, issued: await this.issuedAt(registered) };
  }

  /** The register follows the store at a small distance. */
  private async findLate(number: string): Promise<RegisteredReceipt | undefined> {
    const head = await this.store.head();
    if (!head) return undefined;
    try {
      await this.readModels.waitFor('receipts', head.position, patienceMs, registerTables);
    } catch (error) {
      if (!(error instanceof NotReached)) throw error;
    }
    return this.register.find(number);
  }

  private async issuedAt({ row }: RegisteredReceipt): Promise<RecordedEvent<ReceiptIssued>> {
    for await (const [event] of this.store.read(bookStreamOf(row.fund_id), row.book_revision))
      if (event && isOf(event, row.number)) return event;
      else break;
    throw new InvariantViolation(`${row.number} does not stand where the register says`);
  }
}

function isOf(event: RecordedEvent, number: string): event is RecordedEvent<ReceiptIssued> {
  return event.type === 'ReceiptIssued' && (event as RecordedEvent<ReceiptIssued>).data.number === number;
}
