import { IsChoice, IsFlag, IsId, IsPattern, IsText } from '#platform/http/fields.js';
import { PageQuery } from '#platform/http/paging.http.js';
import { minorUnitDigits, type Currency } from '#kernel/money.js';

const bankAccount = /bank\.[A-Za-z0-9][A-Za-z0-9._-]{0,63}/;
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
  @IsFlag({
    optional: true,
    description: 'whether what the statement opens with beyond the books is posted as an opening entry',
  })
  readonly openingEntry?: boolean;
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
