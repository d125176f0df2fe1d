import { IsChoice, IsId, IsPattern, IsText } from '#platform/http/fields.js';
import { PageQuery } from '#platform/http/paging.http.js';

const bankAccount = /bank\.[A-Za-z0-9][A-Za-z0-9._-]{0,63}/;
const purpose = /unrestricted|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
const statuses = ['open', 'proposed', 'asked', 'posted', 'undoing'] as const;
const kinds = ['debit', 'unexplained'] as const;
const languages = ['vi', 'en'] as const;

/** What a bank item may be said to have been. */
export const sayings = ['bank-fee', 'cash-withdrawn', 'own-transfer', 'posted', 'donation', 'other'] as const;

/** Says what a bank item was; which of the members belong to what is said stands at each. */
export class ClassifyBankItemBody {
  @IsChoice(sayings)
  readonly as!: (typeof sayings)[number];

  @IsPattern(purpose, {
    optional: true,
    description:
      'bank-fee and other: the purpose that it is charged to, unrestricted when absent; donation: what it is for, its campaign’s when absent',
  })
  readonly purpose?: string;

  @IsPattern(/[a-z][a-z-]*(\.[A-Za-z0-9][A-Za-z0-9._-]{0,63})?/, {
    optional: true,
    description: 'own-transfer: the other bank account; other: an account of the chart',
  })
  readonly account?: string;

  @IsPattern(/[a-z]+\.[A-Za-z0-9-]{1,80}/, {
    optional: true,
    description: 'posted: the entry that moved this account already, such as a refund',
  })
  readonly entryId?: string;

  @IsId({ optional: true, description: 'donation: a registered donor; unidentified when absent' })
  readonly donorId?: string;

  @IsId({ optional: true, description: 'donation: the campaign that it is for' })
  readonly campaignId?: string;

  @IsChoice(languages, { optional: true, description: 'donation: language of the receipt; vi when absent' })
  readonly language?: (typeof languages)[number];

  @IsText({ optional: true, max: 500, multiline: true, description: 'why, kept as personal data' })
  readonly note?: string;

  @IsPattern(/[a-z]+\.[A-Za-z0-9-]{1,80}( [a-z]+\.[A-Za-z0-9-]{1,80}){0,19}/, {
    optional: true,
    description:
      'entries that may be the same money and are not, separated by spaces; see bank-item/may-be-booked',
  })
  readonly distinctFrom?: string;
}

/** Which bank items to list. */
export class BankItemListQuery extends PageQuery {
  @IsId({ optional: true })
  readonly fundId?: string;

  @IsChoice(statuses, { optional: true })
  readonly status?: string;

  @IsChoice(kinds, { optional: true })
  readonly kind?: string;

  @IsPattern(bankAccount, { optional: true })
  readonly account?: string;

  @IsId({ optional: true })
  readonly statementId?: string;
}
