import { IsId, IsPart, IsPattern, IsText } from '#platform/http/fields.js';
import { NewDonorBody } from './donors.http.js';

/** Whose a donation turns out to be: a registered donor by id, or a new one by details. */
export class MatchedDonorBody {
  @IsId({ optional: true })
  readonly donorId?: string;

  @IsPart(() => NewDonorBody, {
    optional: true,
    description: 'registers the donor together with the match',
  })
  readonly details?: NewDonorBody;
}

/** Says whose a donation is, or what it answers; what is not named stays as it was. */
export class MatchBody {
  @IsPart(() => MatchedDonorBody, { optional: true })
  readonly donor?: MatchedDonorBody;

  @IsPattern(/unrestricted|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, {
    optional: true,
    description: 'what it was given for; with a campaign or pledge its campaign’s, when absent',
  })
  readonly purpose?: string;

  @IsId({ optional: true })
  readonly campaignId?: string;

  @IsId({ optional: true, description: 'the pledge that it fulfils; its campaign is then the donation’s' })
  readonly pledgeId?: string;

  @IsText({ optional: true, max: 500, multiline: true, description: 'why, kept as personal data' })
  readonly note?: string;
}
