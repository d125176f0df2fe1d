import {
  IsChoice,
  IsDay,
  IsId,
  IsMoney,
  IsPart,
  IsPattern,
  IsText,
  type MoneyBody,
} from '#platform/http/fields.js';
import { PageQuery } from '#platform/http/paging.http.js';

/** Number and date of a paper. */
export class DocumentBody {
  @IsText({ max: 60 })
  readonly number!: string;

  @IsDay()
  readonly date!: string;
}

/** A text in both languages. */
export class BilingualBody {
  @IsText({ max: 300 })
  readonly vi!: string;

  @IsText({ max: 300 })
  readonly en!: string;
}

/** Opens a campaign; its papers may be left out here so that the refusal can name the one that is absent. */
export class OpenCampaignBody {
  @IsId()
  readonly fundId!: string;

  @IsPattern(/[A-Z0-9][A-Z0-9-]{1,19}/)
  readonly code!: string;

  @IsPart(() => BilingualBody)
  readonly name!: BilingualBody;

  @IsPart(() => DocumentBody, { optional: true, description: 'the signed appeal letter' })
  readonly appeal?: DocumentBody;

  @IsPart(() => DocumentBody, {
    optional: true,
    description: 'the decision that named the reception committee',
  })
  readonly committeeDecision?: DocumentBody;

  @IsPattern(/cash|bank\.[A-Za-z0-9][A-Za-z0-9._-]{0,63}/, { optional: true })
  readonly receivingAccount?: string;

  @IsDay({ optional: true })
  readonly opensOn?: string;

  @IsDay({ optional: true, description: 'last day on which it receives' })
  readonly closesOn?: string;

  @IsId({ optional: true, description: 'a purpose of the fund; a new one of the campaign’s own when absent' })
  readonly purpose?: string;

  @IsPart(() => BilingualBody, {
    optional: true,
    description: 'what the money is for, as the appeal says it',
  })
  readonly purposeStatement?: BilingualBody;

  @IsMoney({ optional: true })
  readonly target?: MoneyBody;
}

/** Lets a campaign receive longer. */
export class ExtendCampaignBody {
  @IsDay()
  readonly closesOn!: string;

  @IsPart(() => DocumentBody)
  readonly decision!: DocumentBody;
}

/** Which campaigns to list. */
export class CampaignListQuery extends PageQuery {
  @IsId({ optional: true })
  readonly fundId?: string;

  @IsChoice(['open', 'closed'], { optional: true })
  readonly status?: string;
}
