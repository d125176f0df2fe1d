import {
  IsChoice,
  IsDay,
  IsFlag,
  IsId,
  IsInstant,
  IsListOf,
  IsMoney,
  IsPart,
  IsPattern,
  IsText,
  type MoneyBody,
} from '#platform/http/fields.js';
import { PageQuery } from '#platform/http/paging.http.js';
import { donorClasses, FlagOfQuery, NewDonorBody } from './donors.http.js';

const methods = ['cash', 'bank', 'in-kind'] as const;
const donorKinds = ['named', 'anonymous', 'unidentified'] as const;
const bases = ['invoice', 'council', 'market', 'donor'] as const;
const languages = ['vi', 'en'] as const;

/** Who gave: `named` is a registered donor by id or a new one by details; the others are named by neither. */
export class DonorBody {
  @IsChoice(donorKinds)
  readonly kind!: (typeof donorKinds)[number];

  @IsId({ optional: true })
  readonly donorId?: string;

  @IsPart(() => NewDonorBody, {
    optional: true,
    description: 'registers the donor together with the donation',
  })
  readonly details?: NewDonorBody;
}

/** What a thing is worth and who says so. */
export class ValuationBody {
  @IsMoney()
  readonly value!: MoneyBody;

  @IsChoice(bases)
  readonly basis!: (typeof bases)[number];
}

/** One kind of thing given. */
export class ItemBody {
  @IsPattern(/[a-z0-9][a-z0-9-]{0,39}/, { description: 'key of the stock account, such as rice' })
  readonly item!: string;

  @IsText({ max: 100 })
  readonly name!: string;

  @IsPattern(/(0|[1-9][0-9]{0,14})(\.[0-9]{1,3})?/)
  readonly quantity!: string;

  @IsText({ max: 20 })
  readonly unit!: string;

  @IsPart(() => ValuationBody, { optional: true, description: 'not valued when absent' })
  readonly valuation?: ValuationBody;
}

/** Records a donation. */
export class RecordDonationBody {
  @IsId()
  readonly fundId!: string;

  @IsPart(() => DonorBody)
  readonly donor!: DonorBody;

  @IsChoice(methods)
  readonly method!: (typeof methods)[number];

  @IsMoney({ optional: true, description: 'what came in; absent in kind' })
  readonly amount?: MoneyBody;

  @IsPattern(/cash|bank\.[A-Za-z0-9][A-Za-z0-9._-]{0,63}/, { optional: true })
  readonly account?: string;

  @IsListOf(() => ItemBody, { optional: true, max: 100 })
  readonly items?: readonly ItemBody[];

  @IsPattern(/unrestricted|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, {
    optional: true,
    description: 'the campaign’s purpose, or unrestricted, when absent',
  })
  readonly purpose?: string;

  @IsId({ optional: true })
  readonly campaignId?: string;

  @IsId({ optional: true, description: 'the pledge that it fulfils; its campaign is then the donation’s' })
  readonly pledgeId?: string;

  @IsDay({ description: 'when it came in, in the zone of the fund; never after today' })
  readonly receivedOn!: string;

  @IsChoice(languages, { optional: true, description: 'language of the receipt; vi when absent' })
  readonly language?: (typeof languages)[number];

  @IsText({
    optional: true,
    max: 500,
    multiline: true,
    description: 'the bank memo or a note, kept as personal data',
  })
  readonly memo?: string;
}

/** Asks to pay a donation back. */
export class RequestRefundBody {
  @IsMoney({ optional: true, description: 'all that is left when absent' })
  readonly amount?: MoneyBody;

  @IsPattern(/cash|bank\.[A-Za-z0-9][A-Za-z0-9._-]{0,63}/, {
    optional: true,
    description: 'where it is paid from; the account that it came in by when absent',
  })
  readonly paidFrom?: string;

  @IsText({ max: 500, multiline: true })
  readonly reason!: string;
}

/** Which donations to list. */
export class DonationListQuery extends PageQuery {
  @IsId({ optional: true })
  readonly fundId?: string;

  @IsId({ optional: true })
  readonly campaignId?: string;

  @IsText({ optional: true, max: 36 })
  readonly purpose?: string;

  @IsId({ optional: true })
  readonly donorId?: string;

  @IsChoice(donorClasses, { optional: true, description: 'class of the donor, as it was when recorded' })
  readonly donorClass?: string;

  @FlagOfQuery()
  @IsFlag({ optional: true, description: 'whether the donor was at home in the province when recorded' })
  readonly inProvince?: boolean;

  @IsChoice(methods, { optional: true })
  readonly method?: string;

  @IsChoice(['standing', 'refunded', 'voided'], { optional: true })
  readonly status?: string;

  @IsChoice(['refund', 'void', 'match'], {
    optional: true,
    description: 'what is asked for or approved without an outcome',
  })
  readonly pending?: string;

  @IsDay({ optional: true })
  readonly receivedFrom?: string;

  @IsDay({ optional: true })
  readonly receivedTo?: string;

  @IsInstant({ optional: true })
  readonly recordedFrom?: string;

  @IsInstant({ optional: true })
  readonly recordedTo?: string;

  @IsId({ optional: true, description: 'read from this bank statement' })
  readonly statementId?: string;
}
