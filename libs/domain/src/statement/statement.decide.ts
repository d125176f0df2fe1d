import type { LocalDate } from '#kernel/dates.js';
import type { Decider } from '#kernel/decider.js';
import type { Currency } from '#kernel/money.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import { confirmed, type ConfirmationRefusal, type ConfirmStatement } from './confirmation.decide.js';
import type { ControlTotals } from './control-totals.policy.js';
import type { StatementProfile } from './statement-profile.js';
import type { ForeseenRows, ImportedRows, StatementEvent, StatementFile } from './statement.events.js';
import {
  evolveStatement,
  noStatement,
  type StatementState,
  type UploadedStatement,
} from './statement.state.js';

/** Why a statement is not uploaded, confirmed or discarded. */
export type StatementRefusal =
  | ConfirmationRefusal
  | 'statement/unknown'
  | 'statement/confirmed'
  | 'statement/discarded'
  | 'statement/account-not-of-bank'
  | 'statement/before-fund'
  | 'statement/in-future';

/** Keeps a file that was read to its end and counted; nothing of it goes into the books. */
export interface UploadStatement {
  readonly type: 'UploadStatement';
  readonly statementId: string;
  readonly fund: { readonly fundId: string; readonly openedOn: LocalDate };
  readonly account: string;
  readonly currency: Currency;
  readonly file: StatementFile;
  readonly profile: StatementProfile;
  readonly totals: ControlTotals;
  readonly foreseen: ForeseenRows;
  /** Today's date in the fund's zone. */
  readonly today: LocalDate;
  readonly by: string;
}

/** Puts the statement aside before anything of it is in the books. */
export interface DiscardStatement {
  readonly type: 'DiscardStatement';
  readonly by: string;
}

/** The importer's message that every row is recorded. */
export interface CompleteImport extends ImportedRows {
  readonly type: 'CompleteImport';
}

/** Everything that can be asked of a statement; the last comes from the importer, as often as it starts again. */
export type StatementCommand = UploadStatement | ConfirmStatement | DiscardStatement | CompleteImport;

/** The rules of a statement: nothing is recorded before somebody has confirmed what it adds up to, once. */
export const statement: Decider<StatementState, StatementCommand, StatementEvent> = {
  initialState: noStatement,
  evolve: evolveStatement,
  decide: decideStatement,
};

function decideStatement(state: StatementState, command: StatementCommand): readonly StatementEvent[] {
  switch (command.type) {
    case 'UploadStatement':
      if (state.status !== 'none') throw new InvariantViolation('a statement is uploaded once');
      return [uploaded(command)];
    case 'ConfirmStatement':
      return [confirmed(assertOpen(state), command)];
    case 'DiscardStatement':
      assertOpen(state);
      return [{ type: 'StatementDiscarded', data: { discardedBy: command.by } }];
    case 'CompleteImport': {
      if (state.status === 'imported') return [];
      if (state.status !== 'confirmed')
        throw new InvariantViolation('a statement is imported once confirmed');
      const { donations, debits, unexplained, known } = command;
      return [{ type: 'StatementImported', data: { donations, debits, unexplained, known } }];
    }
  }
}

function uploaded(command: UploadStatement): StatementEvent {
  const { statementId, fund, account, currency, file, profile, totals, foreseen, today, by } = command;
  if (!account.startsWith('bank.')) refuse('statement/account-not-of-bank');
  if (totals.firstOn < fund.openedOn)
    refuse('statement/before-fund', { firstOn: totals.firstOn, openedOn: fund.openedOn });
  if (totals.lastOn > today) refuse('statement/in-future', { lastOn: totals.lastOn, today });
  const read = { account, currency, file, profile, totals, foreseen };
  return { type: 'StatementUploaded', data: { statementId, fundId: fund.fundId, ...read, uploadedBy: by } };
}

function assertOpen(state: StatementState): UploadedStatement {
  switch (state.status) {
    case 'none':
      return refuse('statement/unknown');
    case 'confirmed':
    case 'imported':
      return refuse('statement/confirmed');
    case 'discarded':
      return refuse('statement/discarded');
    case 'uploaded':
      return state;
  }
}

function refuse(code: StatementRefusal, details: Readonly<Record<string, string>> = {}): never {
  throw new DomainRefusal(code, details);
}
