import {
  IsChoice,
  IsChoices,
  IsId,
  IsMoney,
  IsPattern,
  IsText,
  type MoneyBody,
} from '#platform/http/fields.js';
import type { StatementDoubt } from '#domain/statement/statement.events.js';
import { PageQuery } from '#platform/http/paging.http.js';
import { minorUnitDigits, type Currency } from '#kernel/money.js';

const bankAccount = /bank\.[A-Za-z0-9][A-Za-z0-9._-]{0,63}/;
const doubts = ['account-new', 'same-file', 'entered-by-hand'] as const satisfies readonly StatementDoubt[];
const statuses = ['uploaded', 'confirmed', 'imported', 'discarded'] as const;

/** Whose statement is sent, and how it reads; the file itself is the body. */
export class UploadStatementQuery {
  @IsId()
  readonly fundId!: string;

  @IsPattern(bankAccount, { description: 'the account whose statement it is' })
  readonly account!: string;

  @IsChoice(Object.keys(minorUnitDigits), { optional: true, description: 'VND when absent' })
  readonly currency?: Currency;

  @IsText({
    optional: true,
    max: 4_000,
    multiline: true,
    description: 'a profile as JSON, for a file whose header no built-in profile has',
  })
  readonly profile?: string;
}

/** How a statement is confirmed. */
export class ConfirmStatementBody {
  @IsMoney({
    optional: true,
    description: 'the openingDifference of the preview, where it is to be posted as an opening entry',
  })
  readonly openingEntry?: MoneyBody;

  @IsMoney({
    optional: true,
    signed: true,
    description: 'the closingDifference of the preview, where there is one',
  })
  readonly closingDifference?: MoneyBody;

  @IsChoices(doubts, { optional: true, description: 'the doubts of the preview, each looked into' })
  readonly doubts?: readonly (typeof doubts)[number][];
}

/** Which statements to list. */
export class StatementListQuery extends PageQuery {
  @IsId({ optional: true })
  readonly fundId?: string;

  @IsPattern(bankAccount, { optional: true })
  readonly account?: string;

  @IsChoice(statuses, { optional: true })
  readonly status?: string;
}
