import { Injectable } from '@nestjs/common';
import { uuidV5 } from '#event-store/command-id.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import type { DueDate } from '#platform/due-dates/due-date.js';
import { itemDonation, statementFileGoes, statementLapses } from '../read/due-dates/due-dates.projection.js';
import { StatementFiles } from '../statement/statement-files.js';
import { ItemDonations } from './item-donations.js';
import { StatementDesk } from './statement-desk.js';

/** Does what bank statements leave to be done: the donation that a bank item was, a file that is needed no more or was never confirmed. */
@Injectable()
export class BankDue {
  constructor(
    private readonly itemDonations: ItemDonations,
    private readonly files: StatementFiles,
    private readonly statements: StatementDesk,
  ) {}

  /** Nothing to do for any other rule. */
  async send(due: DueDate): Promise<void> {
    if (due.rule === itemDonation.name) await this.itemDonations.record(due.stream, due.eventId);
    if (due.rule === statementLapses.name) await this.#discard(due);
    if (due.rule === statementFileGoes.name) await this.files.forget(due.stream.slice('statement-'.length));
  }

  /** Nothing to do where somebody confirmed or discarded it meanwhile. */
  async #discard({ stream, rule, eventId }: DueDate): Promise<void> {
    const commandId = uuidV5(eventId, rule);
    const asked = { commandId, correlationId: commandId, afterEventId: eventId };
    const context = { actor: 'service:donations', ...asked } as const;
    try {
      await this.statements.discard(stream.slice('statement-'.length), 'service:donations', context);
    } catch (error) {
      if (!isDomainRefusal(error)) throw error;
    }
  }
}
