import type { BankItemCommand } from '#domain/bank-item/bank-item.decide.js';
import type { DonationCommand } from '#domain/donation/donation.decide.js';
import type { FundCommand } from '#domain/fund/fund.decide.js';
import type { JournalCommand } from '#domain/journal/journal.decide.js';
import type { StatementCommand } from '#domain/statement/statement.decide.js';
import { newId } from '#event-store/command-id.js';
import type { CommandContext } from '#event-store/handle.js';
import { localDate } from '#kernel/dates.js';
import type { ServiceName } from './scheduled-steps.js';

/** What each handler can be asked. */
interface Commands {
  readonly donations: DonationCommand;
  readonly statements: StatementCommand;
  readonly bankItems: BankItemCommand;
  readonly funds: FundCommand;
  readonly journals: JournalCommand;
}

/** A person's request as it was sent, to be sent again under the same key. */
export type Request = {
  [To in keyof Commands]: {
    readonly to: To;
    readonly stream: string;
    readonly command: Commands[To];
    readonly context: CommandContext;
  };
}[keyof Commands];

/** Whose process each handler is in. */
export const serviceOf: Readonly<Record<Request['to'], ServiceName>> = {
  donations: 'donations',
  statements: 'donations',
  bankItems: 'donations',
  funds: 'ledger',
  journals: 'ledger',
};

/** The two funds of the schedules. */
export const fundIds = [
  '5f0d2c1e-7a57-5c0e-9d53-0a6f5b1c2d3e',
  '6a1e3d2f-8b68-5d1f-8e64-1b7a6c2d3e4f',
] as const;

/** When the books of both begin. */
export const openedOn = localDate('2024-01-01');

/** Who enters, and the second person. */
export const maker = { by: 'lan', enabledBy: [] };
export const checker = { by: 'minh', enabledBy: [] };

/** What a person's request comes with. */
export function contextOf(actor: string, commandId = newId()): CommandContext {
  return { actor: `staff:${actor}`, commandId, digest: 'digest', correlationId: commandId };
}

export function fundOf(index: number): string {
  return fundIds[index] ?? fundIds[0];
}
