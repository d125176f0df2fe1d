import { Injectable } from '@nestjs/common';
import type { DueDate } from '#platform/due-dates/due-date.js';
import { itemDonation, statementFileGoes } from '../read/due-dates/due-dates.projection.js';
import { StatementFiles } from '../statement/statement-files.js';
import { ItemDonations } from './item-donations.js';

/** Does what bank statements leave to be done: the donation that a bank item was, a file that is needed no more. */
@Injectable()
export class BankDue {
  constructor(
    private readonly itemDonations: ItemDonations,
    private readonly files: StatementFiles,
  ) {}

  /** Nothing to do for any other rule. */
  async send(due: DueDate): Promise<void> {
    if (due.rule === itemDonation.name) await this.itemDonations.record(due.stream, due.eventId);
    if (due.rule === statementFileGoes.name) await this.files.forget(due.stream.slice('statement-'.length));
  }
}
