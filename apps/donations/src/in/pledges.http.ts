import { IsChoice, IsDay, IsId, IsMoney, IsText, type MoneyBody } from '#platform/http/fields.js';
import { PageQuery } from '#platform/http/paging.http.js';

/** Promises a sum to a campaign. */
export class MakePledgeBody {
  @IsId()
  readonly campaignId!: string;

  @IsId({ description: 'a donor registered in the campaign’s fund' })
  readonly donorId!: string;

  @IsMoney()
  readonly amount!: MoneyBody;

  @IsDay({ description: 'day by which the donor means to give' })
  readonly dueOn!: string;
}

/** Says why, in words that are kept as personal data. */
export class ReasonBody {
  @IsText({ max: 500, multiline: true })
  readonly reason!: string;
}

/** Which pledges to list. */
export class PledgeListQuery extends PageQuery {
  @IsId({ optional: true })
  readonly fundId?: string;

  @IsId({ optional: true })
  readonly campaignId?: string;

  @IsId({ optional: true })
  readonly donorId?: string;

  @IsChoice(['open', 'fulfilled', 'withdrawn'], { optional: true })
  readonly status?: string;
}
